/**
 * What a worker process does with its input and output: one job as JSON a line in, progress and the
 * end of each job as JSON lines out. With names of files as arguments it runs the jobs in these files, one
 * after the other, and exits: the form a scheduler calls. How a job in `JOB.json` ended is written to
 * `JOB.json.end`.
 *
 * @module
 */
import { exitCode, UserError } from "lib/core/errors.ts";
import { writeAtomic } from "lib/core/files.ts";
import { useScratch } from "lib/core/scratch.ts";

/** What a worker says: the share of the running job, its end, or its failure. */
export type WorkerMessage =
  | { readonly kind: "progress"; readonly share: number }
  /** With what the process holds in memory now. */
  | { readonly kind: "done"; readonly megabytes?: number }
  | { readonly kind: "failed"; readonly message: string; readonly user: boolean };

/** Runs one job. */
export type RunJob<Job> = (job: Job, onProgress?: (share: number) => void) => Promise<void>;

/** How a job in a file ended. */
export type JobEnd =
  | { readonly kind: "done"; readonly seconds: number }
  | { readonly kind: "failed"; readonly message: string; readonly user: boolean };

/** Serves jobs until the input ends, or the jobs in the files that are named as arguments. */
export async function serve<Job>(runJob: RunJob<Job>): Promise<void> {
  if (Deno.args.length > 0) return await runFiles(Deno.args, runJob);
  let rest = "";
  let work = Promise.resolve();
  for await (const text of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) work = work.then(() => answer(line, runJob));
  }
  Deno.exit(0);
}

async function answer<Job>(line: string, runJob: RunJob<Job>): Promise<void> {
  try {
    let last = 0;
    await inScratch(runJob)(JSON.parse(line), (share) => {
      if (share - last < 0.02) return;
      last = share;
      say({ kind: "progress", share });
    });
    say({ kind: "done", megabytes: Math.round(Deno.memoryUsage().rss / 2 ** 20) });
  } catch (error) {
    say(failureOf(error));
  }
}

/** Native libraries leave temporary files when they are killed: they get a folder that goes. */
function inScratch<Job>(runJob: RunJob<Job>): RunJob<Job> {
  return async (job, onProgress) => {
    useScratch();
    await runJob(job, onProgress);
  };
}

function failureOf(error: unknown): Extract<JobEnd, { kind: "failed" }> {
  const { message, stack } = error as Error;
  const user = error instanceof UserError;
  return { kind: "failed", message: user ? message : stack ?? String(error), user };
}

function say(message: WorkerMessage): void {
  const bytes = new TextEncoder().encode(JSON.stringify(message) + "\n");
  for (let sent = 0; sent < bytes.length;) sent += Deno.stdout.writeSync(bytes.subarray(sent));
}

/** Runs the jobs in files; an error that the user can mend is one line and exit code 2. */
async function runFiles<Job>(files: readonly string[], runJob: RunJob<Job>): Promise<void> {
  let code: number = exitCode.ok;
  for (const file of files) {
    const end = await runFile(file, runJob);
    if (end.kind === "failed") {
      console.error(end.user ? `error: ${end.message}` : end.message);
      code ||= end.user ? exitCode.usage : exitCode.failed;
    }
  }
  Deno.exit(code);
}

async function runFile<Job>(file: string, runJob: RunJob<Job>): Promise<JobEnd> {
  try {
    const text = await Deno.readTextFile(file);
    // What an earlier try left must not be taken for what this one comes to.
    await Deno.remove(`${file}.end`).catch(() => {});
    const end = await runText(text, file, runJob);
    await writeAtomic(`${file}.end`, JSON.stringify(end) + "\n");
    return end;
  } catch (error) {
    if (error instanceof UserError) return failureOf(error);
    return failureOf(new UserError(`Cannot read this job (${(error as Error).message})`, { file }));
  }
}

async function runText<Job>(text: string, file: string, runJob: RunJob<Job>): Promise<JobEnd> {
  const started = performance.now();
  let job: Job;
  try {
    job = JSON.parse(text);
  } catch (error) {
    const message = `This job is not JSON (${(error as Error).message})`;
    return failureOf(new UserError(message, { file, fix: "Write it again" }));
  }
  return await inScratch(runJob)(job).then(
    () => ({ kind: "done", seconds: (performance.now() - started) / 1000 }),
    failureOf,
  );
}

/** How the job in a file ended; undefined when it has not, or died. */
export async function endOf(file: string): Promise<JobEnd | undefined> {
  try {
    return JSON.parse(await Deno.readTextFile(`${file}.end`));
  } catch {
    return undefined;
  }
}
