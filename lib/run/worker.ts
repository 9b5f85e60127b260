/**
 * The worker process: reads fold jobs as JSON lines on standard input, writes fold files, and answers
 * with JSON lines on standard output. It ends when its input ends, even in the middle of a fold, so
 * that no worker outlives whoever started it.
 *
 * With a file name it runs the one job in that file and exits: the form a scheduler calls.
 *
 * @module
 */
import { canRememberMaxima } from "lib/blocks/max_pool_onednn.ts";
import { DataError } from "lib/core/errors.ts";
import { loadDataset } from "lib/data/mod.ts";
import type { Dataset } from "lib/data/types.ts";
import { openBackend } from "lib/train/backend.ts";
import { withCopies } from "lib/pipeline/copies.ts";
import { loadPrepared } from "./clip_jobs.ts";
import { asInput } from "./data.ts";
import { processorOf } from "./environment.ts";
import { runFold } from "./fold.ts";
import { checkpointsOf, type FoldJob, writeFold } from "./jobs.ts";
import { findMethod } from "./methods.ts";
import { underOriginal } from "./original.ts";
import { serve } from "./serve.ts";
import { hastenTurns } from "./turns.ts";

const datasets = new Map<string, Promise<Dataset>>();

/** Loads a data set once a process and input. */
function datasetOf(job: FoldJob): Promise<Dataset> {
  const { inputs: { data, input, parameters }, dataRoot, prepared } = job;
  const key = JSON.stringify([data.name, dataRoot, prepared, input, parameters.keyFrames ?? null]);
  const loaded = datasets.get(key) ?? load(job);
  datasets.set(key, loaded);
  return loaded;
}

async function load({ inputs, dataRoot, prepared }: FoldJob): Promise<Dataset> {
  if (prepared !== undefined) return await loadPrepared(prepared);
  const root = dataRoot === undefined ? {} : { root: dataRoot };
  return asInput(await loadDataset(inputs.data.name, root), inputs.input, inputs.parameters);
}

/** Runs one job from its inputs to its file. */
export async function runJob(job: FoldJob, onProgress?: (share: number) => void): Promise<void> {
  const { inputs } = job;
  const method = await findMethod(inputs.method);
  if (method.backend === "tensorflow") {
    await openBackend({
      backend: inputs.parameters.backend as "tensorflow" | "wasm",
      isa: inputs.parameters.isa as "avx2" | "native",
      threads: 1,
    });
    // It tries a kernel at its first call. Within the first training it would be recorded with its step, whose
    // graph then were no other fold's, and planned again.
    canRememberMaxima();
  }
  const dataset = await datasetOf(job);
  if (dataset.digest !== inputs.data.digest) {
    throw new DataError("The files changed since the run began", {
      file: dataset.name,
      fix: "Run the same command again",
    });
  }
  const protocolled = underOriginal(method, dataset, inputs.parameters);
  const predictions = await runFold(inputs, {
    method: inputs.parameters.augment === "training" ? withCopies(protocolled) : protocolled,
    dataset,
    parameters: inputs.parameters,
    checkpoints: checkpointsOf(job),
    ...(onProgress ? { onProgress } : {}),
  });
  const processor = processorOf(method, inputs.parameters);
  await writeFold(job, { predictions, ...(processor === undefined ? {} : { processor }) });
}

if (import.meta.main) {
  hastenTurns();
  await serve(runJob);
}
