/**
 * Blocks one after the other.
 *
 * @module
 */
import type { Block, Initialised, Tensors } from "./block.ts";
import { subtreeOf } from "./tree.ts";

/** Blocks by name, in order. */
export type NamedBlocks = Readonly<Record<string, Block>>;

/**
 * Feeds each block's output to the next one. Names become parts of the parameters' names, such as
 * `conv1.kernel`, and each block draws from a stream of its own name.
 *
 * @throws RangeError when a name is a number: JavaScript would change the order
 */
export function serial(blocks: NamedBlocks): Block {
  const entries = namedEntries(blocks);
  return {
    init(rng, inputShape) {
      let outputShape = inputShape;
      const parts = entries.map(([name, block]): [string, Initialised] => {
        const part = block.init(rng.fork(name), outputShape);
        outputShape = part.outputShape;
        return [name, part];
      });
      return { ...gather(parts), outputShape };
    },
    apply(params, state, x, mode) {
      const next: Record<string, Tensors> = {};
      let y = x;
      for (const [name, block] of entries) {
        const [output, after] = block.apply(
          subtreeOf(params, name),
          subtreeOf(state, name),
          y,
          mode,
        );
        y = output;
        if (name in state) next[name] = after;
      }
      return [y, next];
    },
  };
}

/** The blocks of a record with their names. */
export function namedEntries(blocks: NamedBlocks): [string, Block][] {
  const entries = Object.entries(blocks);
  const numeric = entries.find(([name]) => /^\d+$/.test(name));
  if (numeric) throw new RangeError(`A block needs a name, not the number ${numeric[0]}`);
  return entries;
}

/** The parameters and the state of several blocks, without those that have none. */
export function gather(
  parts: readonly [string, Initialised][],
): Pick<Initialised, "params" | "state"> {
  const pick = (key: "params" | "state") =>
    Object.fromEntries(
      parts.filter(([, part]) => Object.keys(part[key]).length > 0)
        .map(([name, part]) => [name, part[key]]),
    );
  return { params: pick("params"), state: pick("state") };
}
