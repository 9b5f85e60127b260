/**
 * The end of LGCcon's network: class scores of a whole face and of its parts, and what joins them.
 *
 * @module
 */
import type { Block, Initialised } from "lib/blocks/block.ts";
import { dense } from "lib/blocks/dense.ts";
import { each } from "lib/blocks/each.ts";
import { filled } from "lib/blocks/initialise.ts";
import { maximumOver } from "lib/blocks/maximum.ts";
import { gather } from "lib/blocks/serial.ts";
import { leafOf, subtreeOf } from "lib/blocks/tree.ts";
import { tf } from "lib/train/backend.ts";

/** The rows of what {@linkcode localGlobalScores} gives. */
export const outputRows = { joint: 0, global: 1, local: 2, distances: 3 } as const;

const heads = ["global", "local", "globalAlone", "localAlone"] as const;

/**
 * `[1 + strips, features]`, of which the first are those of the whole face, to `[4, classes]`:
 * 1. the joint scores: those of the face and, class by class, the largest of the strips', each multiplied
 *    by the branch's confidence, its largest probability, and added;
 * 2. and 3. the scores of either branch by layers of their own, which only the losses look at;
 * 4. half the squared distance of the joint scores to a learned centre of each class (Wen, Zhang, Li,
 *    Qiao: A discriminative feature learning approach for deep face recognition, ECCV 2016, equation 2).
 *
 * DEVIATION: in the authors' model a branch's scores are multiplied by an element-wise maximum of its
 * probabilities alone, an operation that their published framework does not define for one input. Here
 * it is the largest probability: how sure the branch is.
 *
 * DEVIATION: centres begin at 0 and follow the gradient by the network's own optimiser, instead of by
 * an update rule with a rate of its own.
 */
export function localGlobalScores({ classes }: { readonly classes: number }): Block {
  const parts = Object.fromEntries(heads.map((name) => [name, headOf(classes)]));
  return {
    init(rng, inputShape) {
      const features = inputShape.slice(1);
      const made = heads.map((name): [string, Initialised] => [
        name,
        parts[name]!.init(rng.fork(name), features),
      ]);
      const { params, state } = gather(made);
      const centres = filled([classes, classes], 0);
      return { params: { ...params, centres }, state, outputShape: [4, classes] };
    },
    apply(params, state, x, mode) {
      const [face, strips] = tf.split(x, [1, (x.shape[1] as number) - 1], 1) as [
        tf.Tensor,
        tf.Tensor,
      ];
      const scoresOf = (name: typeof heads[number], of: tf.Tensor): tf.Tensor => {
        const [scores] = each(parts[name]!).apply(subtreeOf(params, name), {}, of, mode);
        return tf.squeeze(maximumOver(scores, [1]), [1]);
      };
      const joint = tf.add(
        sure(scoresOf("global", face)),
        sure(scoresOf("local", strips)),
      );
      const rows = [
        joint,
        scoresOf("globalAlone", face),
        scoresOf("localAlone", strips),
        distances(joint, leafOf(params, "centres")),
      ];
      return [tf.stack(rows, 1), state];
    },
  };
}

/** The scores of each strip before the largest is taken; takes the parameters of {@linkcode localGlobalScores}. */
export function localScores({ classes }: { readonly classes: number }): Block {
  const head = each(headOf(classes));
  return {
    init(rng, [parts = 0, ...features]) {
      const { params, ...rest } = headOf(classes).init(rng.fork("local"), features);
      return { ...rest, params: { local: params }, outputShape: [parts - 1, classes] };
    },
    apply(params, state, x, mode) {
      const strips = tf.slice(x, [0, 1], [-1, -1]);
      return [head.apply(subtreeOf(params, "local"), {}, strips, mode)[0], state];
    },
  };
}

function headOf(classes: number): Block {
  return dense({ units: classes });
}

/** Scores times the largest probability among them. */
function sure(scores: tf.Tensor): tf.Tensor {
  return tf.mul(scores, maximumOver(tf.softmax(scores), [1]));
}

/** Half the squared distances of `[batch, n]` to `[centres, n]`: `[batch, centres]`. */
function distances(points: tf.Tensor, centres: tf.Tensor): tf.Tensor {
  const difference = tf.sub(tf.expandDims(points, 1), tf.expandDims(centres, 0));
  return tf.mul(tf.sum(tf.square(difference), 2), 0.5);
}
