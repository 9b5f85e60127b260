/**
 * Worker processes that run jobs side by side, one TensorFlow thread each, so that results do not
 * depend on how many there are. Workers stay alive from job to job.
 *
 * @module
 */
import { UserError } from "lib/core/errors.ts";
import { root } from "lib/experiment/find.ts";
import { backendEnvironment } from "lib/train/backend_environment.ts";
import type { WorkerMessage } from "./serve.ts";

/** How a list of jobs is run. */
export interface PoolOptions<Job> {
  readonly workers: number;
  readonly isa: "avx2" | "native";
  /** The file of the module that workers run; it calls `serve`. */
  readonly worker: string;
  /** What a job is called in messages, such as `fold s01, seed 1`. */
  readonly nameOf: (job: Job) => string;
  /** Called after each change, with the number of finished jobs and the shares of the running ones. */
  readonly onProgress?: (done: number, running: readonly number[]) => void;
}

/** A worker that dies is replaced and its job tried again, this many times in all. */
const attempts = 3;

/** Failures that are told in full: a defect of a method would otherwise fill the screen. */
const told = 5;

interface Worker {
  readonly process: Deno.ChildProcess;
  readonly input: WritableStreamDefaultWriter<Uint8Array>;
  readonly messages: AsyncIterator<WorkerMessage>;
  readonly complaints: Promise<string>;
}

/**
 * Runs every job; returns when all of them have written their files.
 *
 * @throws UserError at once when a job fails for a reason the user can mend
 * @throws Error after the other jobs when jobs failed, with their names and messages
 */
export async function runJobs<Job>(
  jobs: readonly Job[],
  options: PoolOptions<Job>,
): Promise<void> {
  const queue = [...jobs];
  const shares = new Map<number, number>();
  const failures: string[] = [];
  let done = 0;
  let stop: UserError | undefined;
  const report = () => options.onProgress?.(done, [...shares.values()]);

  const lane = async (index: number): Promise<void> => {
    let worker: Worker | undefined;
    try {
      for (let job = queue.shift(); job !== undefined && !stop; job = queue.shift()) {
        for (let attempt = 1;; attempt++) {
          worker ??= startWorker(options);
          shares.set(index, 0);
          report();
          const end = await runOn(worker, job, (share) => {
            shares.set(index, share);
            report();
          });
          if (end.kind === "done") break;
          if (end.kind === "failed") {
            if (end.user) stop ??= new UserError(end.message);
            failures.push(`${options.nameOf(job)}: ${end.message}`);
            break;
          }
          await endWorker(worker);
          worker = undefined;
          if (attempt === attempts) {
            failures.push(
              `${options.nameOf(job)}: the worker died ${attempts} times ` +
                `(out of memory?) ${end.complaints}`,
            );
            break;
          }
        }
        done++;
        shares.delete(index);
        report();
      }
    } finally {
      if (worker) await endWorker(worker);
    }
  };

  const lanes = Math.max(1, Math.min(options.workers, jobs.length));
  await Promise.all(Array.from({ length: lanes }, (_, i) => lane(i)));
  if (stop) throw stop;
  if (failures.length > 0) {
    const shown = failures.slice(0, told).join("\n");
    const more = failures.length > told ? `\nand ${failures.length - told} more` : "";
    throw new Error(`${failures.length} of ${jobs.length} jobs failed:\n${shown}${more}`);
  }
}

type End = Exclude<WorkerMessage, { kind: "progress" }> | { kind: "died"; complaints: string };

async function runOn(worker: Worker, job: unknown, onShare: (n: number) => void): Promise<End> {
  try {
    await worker.input.write(new TextEncoder().encode(JSON.stringify(job) + "\n"));
    for (;;) {
      const { value, done } = await worker.messages.next();
      if (done) break;
      if (value.kind !== "progress") return value;
      onShare(value.share);
    }
  } catch { /* the pipe broke: the worker is gone */ }
  // It may have closed its output and hang: its complaints end only with it.
  kill(worker);
  return { kind: "died", complaints: (await worker.complaints).slice(-2000) };
}

function startWorker({ isa, worker }: Pick<PoolOptions<never>, "isa" | "worker">): Worker {
  const process = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--allow-read",
      "--allow-write",
      "--allow-env",
      "--allow-sys",
      "--allow-ffi",
      worker,
    ],
    cwd: root,
    env: { ...backendEnvironment({ isa, threads: 1 }), NO_COLOR: "1" },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  return {
    process,
    input: process.stdin.getWriter(),
    messages: readMessages(process.stdout),
    complaints: new Response(process.stderr).text(),
  };
}

async function endWorker(worker: Worker): Promise<void> {
  await worker.input.close().catch(() => {});
  const timer = setTimeout(() => kill(worker), 2000);
  await worker.process.status;
  clearTimeout(timer);
  await worker.messages.return?.();
}

function kill({ process }: Worker): void {
  try {
    process.kill("SIGKILL");
  } catch { /* it ended by itself */ }
}

async function* readMessages(
  stream: ReadableStream<Uint8Array>,
): AsyncGenerator<WorkerMessage, void> {
  let rest = "";
  for await (const bytes of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + bytes).split("\n");
    rest = lines.pop() ?? "";
    // A native library may print something of its own.
    for (const line of lines) if (line.startsWith('{"kind":')) yield JSON.parse(line);
  }
}
