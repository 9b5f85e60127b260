/**
 * A fold in this process, watched epoch by epoch: for looking at, not for results.
 *
 * @module
 */
import { UserError } from "lib/core/errors.ts";
import type { Dataset } from "lib/data/types.ts";
import type { Parameters } from "lib/experiment/types.ts";
import { withCopies } from "lib/pipeline/copies.ts";
import type { Prediction } from "lib/results/types.ts";
import { tf } from "lib/train/backend.ts";
import { scoresByEpoch } from "lib/train/by_epoch.ts";
import { crossEntropy } from "lib/train/losses.ts";
import type { Method } from "lib/train/method.ts";
import type { NetworkMethod, NetworkSpec } from "lib/train/network.ts";
import { type FoldName, runFold } from "./fold.ts";

/** Where a training stands after an epoch. */
export interface Watched {
  /** From 1. */
  readonly epoch: number;
  readonly epochs: number;
  /** Mean loss of the training batches of the epoch, in what the network is trained for. */
  readonly loss: number;
  /** Mean cross-entropy of the held-out clips, in nats. */
  readonly heldOutLoss: number;
  /** How many of the held-out clips would be right if training ended here. */
  readonly hits: number;
  readonly heldOut: number;
}

/** What {@linkcode watchFold} needs. */
export interface WatchCall {
  readonly method: Method;
  /** With the inputs of its clips. */
  readonly dataset: Dataset;
  readonly parameters: Parameters;
  readonly onEpoch: (state: Watched) => void;
}

/**
 * Trains one fold under the strict protocol, in this process, and says after each epoch where it stands.
 * Looking changes nothing: the predictions are those of the last epoch, as in a run. Of a network with
 * several heads it is their mean that is told, and inner folds, which only choose one of them, are left out.
 *
 * @returns the predictions for the held-out clips
 * @throws UserError when the method is not a network
 */
export async function watchFold(name: FoldName, call: WatchCall): Promise<Prediction[]> {
  const { method, dataset, parameters, onEpoch } = call;
  const network: Method & Partial<NetworkMethod> = method;
  if (network.build === undefined) {
    throw new UserError(`${method.id} has no epochs to watch`, {
      field: "experiment",
      fix: "Choose the row of a network, such as stst-net",
    });
  }
  const spec = "headSelection" in parameters
    ? meanOfHeads(network as NetworkMethod)
    : network as NetworkMethod;
  const labels = new Map(dataset.samples.map(({ clip, label }) => [clip, label]));
  const watched: Method = {
    ...method,
    runFold: async (task) => {
      const truths = task.test.map(({ clip }) => labels.get(clip) as number);
      const all = await scoresByEpoch(spec, task, (view) => {
        const logs = view.scores.map((row, i) => -Math.log(Math.max(row[truths[i]!]!, 1e-30)));
        onEpoch({
          epoch: view.epoch,
          epochs: Number(parameters.epochs),
          loss: view.loss,
          heldOutLoss: logs.reduce((sum, one) => sum + one, 0) / logs.length,
          hits: view.scores.filter((row, i) => row.indexOf(Math.max(...row)) === truths[i]).length,
          heldOut: truths.length,
        });
      });
      return all.at(-1)!;
    },
  };
  return await runFold(name, {
    method: parameters.augment === "training" ? withCopies(watched) : watched,
    dataset,
    parameters,
  });
}

/** A network that answers with the mean of its heads' probabilities, and learns as it does in a run. */
function meanOfHeads(spec: NetworkSpec): NetworkSpec {
  const scores = (outputs: tf.Tensor) => tf.log(tf.mean(tf.softmax(outputs), 1));
  return { ...spec, objective: () => ({ loss: crossEntropy, scores }) };
}
