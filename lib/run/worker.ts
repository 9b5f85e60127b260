/**
 * The worker process: reads fold jobs as JSON lines on standard input, writes fold files, and answers
 * with JSON lines on standard output. It ends when its input ends, even in the middle of a fold, so
 * that no worker outlives whoever started it.
 *
 * With a file name it runs the one job in that file and exits: the form a scheduler calls.
 *
 * @module
 */
import { DataError, exitCode, UserError } from "lib/core/errors.ts";
import { loadDataset } from "lib/data/mod.ts";
import type { Dataset } from "lib/data/types.ts";
import { openBackend } from "lib/train/backend.ts";
import { runFold } from "./fold.ts";
import { type FoldJob, writeFold } from "./jobs.ts";
import { findMethod } from "./methods.ts";

/** What a worker says: the share of the running job, its end, or its failure. */
export type WorkerMessage =
  | { readonly kind: "progress"; readonly share: number }
  | { readonly kind: "done" }
  | { readonly kind: "failed"; readonly message: string; readonly user: boolean };

const datasets = new Map<string, Promise<Dataset>>();

/** Loads a data set once a process. */
function datasetOf(job: FoldJob): Promise<Dataset> {
  const name = job.inputs.data.name;
  const key = JSON.stringify([name, job.dataRoot]);
  const loaded = datasets.get(key) ??
    loadDataset(name, job.dataRoot === undefined ? {} : { root: job.dataRoot });
  datasets.set(key, loaded);
  return loaded;
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
  }
  const dataset = await datasetOf(job);
  if (dataset.digest !== inputs.data.digest) {
    throw new DataError("The files changed since the run began", {
      file: dataset.name,
      fix: "Run the same command again",
    });
  }
  const predictions = await runFold(inputs, {
    method,
    dataset,
    parameters: inputs.parameters,
    ...(onProgress ? { onProgress } : {}),
  });
  await writeFold(job, predictions);
}

function say(message: WorkerMessage): void {
  const bytes = new TextEncoder().encode(JSON.stringify(message) + "\n");
  for (let sent = 0; sent < bytes.length;) sent += Deno.stdout.writeSync(bytes.subarray(sent));
}

async function answer(line: string): Promise<void> {
  try {
    let last = 0;
    await runJob(JSON.parse(line), (share) => {
      if (share - last < 0.02) return;
      last = share;
      say({ kind: "progress", share });
    });
    say({ kind: "done" });
  } catch (error) {
    const { message, stack } = error as Error;
    const user = error instanceof UserError;
    say({ kind: "failed", message: user ? message : stack ?? String(error), user });
  }
}

async function serve(): Promise<void> {
  let rest = "";
  let work = Promise.resolve();
  for await (const text of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) work = work.then(() => answer(line));
  }
  Deno.exit(0);
}

/** Runs the job in a file; an error that the user can mend is one line and exit code 2. */
async function runFile(file: string): Promise<void> {
  try {
    const text = await Deno.readTextFile(file).catch((error: Error) => {
      throw new UserError(`Cannot read this job (${error.message})`, { file });
    });
    await runJob(JSON.parse(text));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    console.error(`error: ${error.message}`);
    Deno.exit(exitCode.usage);
  }
}

if (import.meta.main) {
  const [file] = Deno.args;
  if (file === undefined) await serve();
  else await runFile(file);
}
