/**
 * LGCcon's network: one convolutional trunk on a face, and two branches that share their fully connected
 * layers, one on the whole face and one on strips of it.
 *
 * Y. Li, X. Huang, G. Zhao, "Joint local and global information learning with single apex frame detection
 * for micro-expression recognition", IEEE TIP 30 (2021), and the layers of the authors' published model.
 *
 * @module
 */
import type { Block } from "lib/blocks/block.ts";
import { conv2d } from "lib/blocks/conv.ts";
import { dense } from "lib/blocks/dense.ts";
import { dropout } from "lib/blocks/dropout.ts";
import { each } from "lib/blocks/each.ts";
import { flatten } from "lib/blocks/flatten.ts";
import { graph, type NodeSpecs, type Wired } from "lib/blocks/graph.ts";
import { maxPool2d } from "lib/blocks/pool.ts";
import { relu } from "lib/blocks/relu.ts";
import { serial } from "lib/blocks/serial.ts";
import { type Strip, stripPool } from "lib/blocks/strip_pool.ts";
import { localGlobalScores, localScores } from "./local_global_scores.ts";

/** The network. */
export interface LgcconOptions {
  readonly classes: number;
  /** Channels of the first stage; the next have 2, 4, 8 and 8 times as many. Default 64, as VGG-16. */
  readonly width?: number;
  /** Stages of convolutions, 1 to 5; all but the last end with a pooling. Default 5, as VGG-16. */
  readonly stages?: number;
  /** Units of the two fully connected layers; default 512. */
  readonly hidden?: number;
  /** Cells a side that each region is pooled to; default 7. */
  readonly cells?: number;
  /** Dropout's share after each fully connected layer; default 0.8. */
  readonly drop?: number;
}

/**
 * The local regions as the authors' data have them: of a face of 225 pixels nine strips of full height,
 * 76 pixels wide, that begin 20 pixels apart; the last one ends with the face.
 */
export const localStrips: readonly Strip[] = Array.from({ length: 9 }, (_, i) => {
  const from = Math.min(20 * i, 225 - 76);
  return [from / 225, (from + 76) / 225];
});

/** Convolutions of each stage of VGG-16, and their channels as multiples of the first stage's. */
const vgg = [[2, 1], [2, 2], [3, 4], [3, 8], [3, 8]] as const;

/**
 * `[side, side, 1]` to `[4, classes]`, the rows of which {@linkcode localGlobalScores} names; the first
 * are the class scores before the softmax.
 *
 * DEVIATION: the authors start from weights that were trained on faces (VGG-Face) and leave the first two
 * stages as they are. Those weights are not at hand; all stages are drawn (He) and trained. With grey
 * frames the input has one channel, not three.
 *
 * DEVIATION: the authors' fully connected layers have 4096 units, 119.5 million parameters; 512 are the
 * default here. And they enlarge a face of 225 pixels to 600 first, which adds nothing but places.
 */
export function lgccon(options: LgcconOptions): Block & Wired {
  return graph({ ...features(options), scores: localGlobalScores(options) });
}

/**
 * The same network up to what each strip says, `[side, side, 1]` to `[strips, classes]`: it takes
 * {@linkcode lgccon}'s trained parameters.
 */
export function lgcconRegions(options: LgcconOptions): Block & Wired {
  return graph({ ...features(options), scores: localScores(options) });
}

function features(options: LgcconOptions): NodeSpecs {
  const { width = 64, stages = 5, hidden = 512, cells = 7, drop = 0.8 } = options;
  if (!Number.isInteger(stages) || stages < 1 || stages > vgg.length) {
    throw new RangeError(`The network has 1 to ${vgg.length} stages, not ${stages}`);
  }
  const nodes: Record<string, Block> = {};
  vgg.slice(0, stages).forEach(([convolutions, times], stage) => {
    for (let i = 1; i <= convolutions; i++) {
      const name = `${stage + 1}_${i}`;
      nodes[`conv${name}`] = conv2d({
        filters: width * times,
        kernel: 3,
        padding: "same",
        init: "he",
      });
      nodes[`relu${name}`] = relu();
    }
    if (stage < stages - 1) nodes[`pool${stage + 1}`] = maxPool2d({ window: 2 });
  });
  return {
    ...nodes,
    regions: stripPool({ strips: [[0, 1], ...localStrips], size: cells }),
    connected: each(serial({
      flatten: flatten(),
      fc6: dense({ units: hidden, init: "he" }),
      relu6: relu(),
      drop6: dropout(drop),
      fc7: dense({ units: hidden, init: "he" }),
      relu7: relu(),
      drop7: dropout(drop),
    })),
  };
}
