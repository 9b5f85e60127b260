/**
 * Augmentation inside a fold.
 *
 * @module
 */
import type { Sample } from "lib/data/types.ts";
import type { Method } from "lib/train/method.ts";

/**
 * A method that trains on the shifted and mirrored copies of its training clips too. Held-out clips are
 * scored as they are, and a copy keeps its clip's subject, so that inner folds stay apart by subject.
 */
export function withCopies(method: Method): Method {
  return {
    ...method,
    runFold: (task) => method.runFold({ ...task, train: task.train.flatMap(sampleAndCopies) }),
  };
}

function sampleAndCopies({ copies = [], ...sample }: Sample): Sample[] {
  return [sample, ...copies.map((input, i) => ({ ...sample, clip: `${sample.clip}#${i}`, input }))];
}
