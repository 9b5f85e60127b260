/**
 * The discriminative network: class scores from each of several features.
 *
 * @module
 */
import { tf } from "lib/train/backend.ts";
import type { Block } from "./block.ts";
import { dense } from "./dense.ts";
import { dropout } from "./dropout.ts";
import { flatten } from "./flatten.ts";
import { globalAverage } from "./global_pool.ts";
import { commonShape, type Merge, statelessMerge } from "./merge.ts";
import { relu } from "./relu.ts";
import { serial } from "./serial.ts";

/** One head. */
export interface HeadOptions {
  readonly classes: number;
  /** Outputs of the first of the two fully connected layers; default 128. */
  readonly hidden?: number;
  /** Dropout's share before the second one; default 0.5. */
  readonly drop?: number;
}

/**
 * `[frames, height, width, channels]` to `[classes]`, the scores before the softmax: "two fully
 * connected layers to obtain probability distribution vectors" (section 3.5).
 *
 * DEVIATION: the paper does not say how the features become a vector, nor how wide the first layer is.
 * Here it is the mean over frames and pixels (flattened, the fourth features would be 591,872 numbers),
 * then 128 rectified units with dropout.
 */
export function head({ classes, hidden = 128, drop = 0.5 }: HeadOptions): Block {
  return serial({
    average: globalAverage(),
    flatten: flatten(),
    hidden: dense({ units: hidden }),
    relu: relu(),
    drop: dropout(drop),
    scores: dense({ units: classes }),
  });
}

/**
 * Puts the scores of n heads under each other: n times `[classes]` to `[heads, classes]`.
 *
 * @throws RangeError on init when the heads differ in their classes
 */
export function stackHeads(): Merge {
  return statelessMerge(
    (shapes) => [shapes.length, ...commonShape(shapes, "A stack of heads")],
    (inputs) => tf.stack([...inputs], 1),
  );
}
