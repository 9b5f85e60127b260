/**
 * A block with a way around it.
 *
 * @module
 */
import { tf } from "lib/train/backend.ts";
import type { Block } from "./block.ts";
import { gather } from "./serial.ts";
import { subtreeOf } from "./tree.ts";

/**
 * body(x) + shortcut(x), where no shortcut means x itself (He et al. 2016, equations 1 and 2).
 *
 * @throws RangeError on init when the two shapes differ
 */
export function residual(body: Block, shortcut?: Block): Block {
  return {
    init(rng, inputShape) {
      const main = body.init(rng.fork("body"), inputShape);
      const side = shortcut?.init(rng.fork("shortcut"), inputShape);
      const sum = side?.outputShape ?? inputShape;
      if (sum.join() !== main.outputShape.join()) {
        throw new RangeError(
          `Cannot add a shortcut of [${sum.join(", ")}] to [${main.outputShape.join(", ")}]`,
        );
      }
      return {
        ...gather([["body", main], ...(side ? [["shortcut", side] as const] : [])]
          .map(([name, part]) => [name as string, part as typeof main])),
        outputShape: sum,
      };
    },
    apply(params, state, x, mode) {
      const run = (name: string, block: Block) =>
        block.apply(subtreeOf(params, name), subtreeOf(state, name), x, mode);
      const [y, bodyState] = run("body", body);
      const [way, shortcutState] = shortcut ? run("shortcut", shortcut) : [x, {}];
      const next = { body: bodyState, shortcut: shortcutState };
      return [
        tf.add(y, way),
        Object.fromEntries(Object.entries(next).filter(([name]) => name in state)),
      ];
    },
  };
}
