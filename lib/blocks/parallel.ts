/**
 * Blocks side by side.
 *
 * @module
 */
import { tf } from "lib/train/backend.ts";
import type { Block, Initialised, Tensors } from "./block.ts";
import { gather, type NamedBlocks, namedEntries } from "./serial.ts";
import { subtreeOf } from "./tree.ts";

/**
 * Feeds the same input to all branches and concatenates their outputs along the channels, in order.
 *
 * @throws RangeError on init when the outputs differ in another axis than channels
 */
export function parallel(branches: NamedBlocks): Block {
  const entries = namedEntries(branches);
  return {
    init(rng, inputShape) {
      const parts = entries.map(([name, block]): [string, Initialised] => [
        name,
        block.init(rng.fork(name), inputShape),
      ]);
      return { ...gather(parts), outputShape: concatenated(parts) };
    },
    apply(params, state, x, mode) {
      const next: Record<string, Tensors> = {};
      const outputs = entries.map(([name, block]) => {
        const [output, after] = block.apply(
          subtreeOf(params, name),
          subtreeOf(state, name),
          x,
          mode,
        );
        if (name in state) next[name] = after;
        return output;
      });
      return [tf.concat(outputs, -1), next];
    },
  };
}

function concatenated(parts: readonly [string, Initialised][]): number[] {
  const shapes = parts.map(([, { outputShape }]) => outputShape);
  const space = shapes[0]?.slice(0, -1) ?? [];
  const odd = parts.find(([, { outputShape }]) => outputShape.slice(0, -1).join() !== space.join());
  if (odd) {
    throw new RangeError(
      `Branch '${odd[0]}' gives [${odd[1].outputShape.join(", ")}], ` +
        `which cannot be concatenated to [${shapes[0]?.join(", ")}]`,
    );
  }
  return [...space, shapes.reduce((sum, shape) => sum + (shape.at(-1) as number), 0)];
}
