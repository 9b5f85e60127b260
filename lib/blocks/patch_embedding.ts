/**
 * Images as sequences of patches.
 *
 * @module
 */
import { sizeOf, volume } from "lib/core/volume.ts";
import { tf } from "lib/train/backend.ts";
import type { Block } from "./block.ts";
import { conv2d } from "./conv.ts";
import { each } from "./each.ts";
import { graph, type Wired } from "./graph.ts";
import { filled } from "./initialise.ts";
import { leafOf } from "./tree.ts";

/** How images are cut up. */
export interface PatchEmbeddingOptions {
  /** Side of a patch in pixels. */
  readonly patch: number;
  /** Features of a token. */
  readonly width: number;
}

/**
 * Each image of `[frames, height, width, channels]` as `[frames, 1 + patches, width]`: its patches, row
 * by row, each by a linear map, after a class token; what is learned of each place is added (Dosovitskiy
 * et al. 2021, equation 1).
 *
 * @throws RangeError on init when the image is not made of whole patches
 */
export function patchEmbedding({ patch, width }: PatchEmbeddingOptions): Block & Wired {
  const whole = graph({
    patches: each(conv2d({ filters: width, kernel: patch, strides: patch })),
    tokens: tokens(),
  });
  return {
    ...whole,
    init(rng, inputShape) {
      const [, height = 0, across = 0] = inputShape;
      if (inputShape.length !== 4 || height % patch !== 0 || across % patch !== 0) {
        throw new RangeError(
          `Patches of ${patch}×${patch} pixels need [frames, height, width, channels], its sides ` +
            `multiples of ${patch}, not [${inputShape.join(", ")}]`,
        );
      }
      return whole.init(rng, inputShape);
    },
  };
}

/**
 * `[frames, rows, columns, features]` as `[frames, 1 + rows columns, features]`: a class token, the same
 * for all, goes before the places, and each gets something of its own added. The class token begins as
 * 0, places normal with a standard deviation of 0.02.
 */
function tokens(): Block {
  return {
    init(rng, inputShape) {
      const [frames = 0, rows = 0, columns = 0, features = 0] = inputShape;
      const shape = [1 + rows * columns, features];
      const draw = rng.fork("position");
      const position = Float32Array.from({ length: sizeOf(shape) }, () => 0.02 * draw.normal());
      return {
        params: { class: filled([features], 0), position: volume(position, shape) },
        state: {},
        outputShape: [frames, ...shape],
      };
    },
    apply(params, state, x) {
      const [batch, frames, rows, columns, features] = x.shape as unknown as FiveSides;
      const count = rows * columns;
      const sequences = tf.reshape(x, [batch * frames, count, features]);
      const first = tf.reshape(leafOf(params, "class"), [1, features]);
      // A sum costs one pass; the gradient of laying the token out for each frame would take many.
      const added = tf.add(leafOf(params, "position"), tf.pad(first, [[0, count], [0, 0]]));
      const y = tf.add(tf.pad(sequences, [[0, 0], [1, 0], [0, 0]]), added);
      return [tf.reshape(y, [batch, frames, 1 + count, features]), state];
    },
  };
}

type FiveSides = readonly [number, number, number, number, number];
