/**
 * What a worker process does with its input and output: one job as JSON a line in, progress and the
 * end of each job as JSON lines out. With a file name as argument it runs the one job in that file and
 * exits: the form a scheduler calls.
 *
 * @module
 */
import { exitCode, UserError } from "lib/core/errors.ts";

/** What a worker says: the share of the running job, its end, or its failure. */
export type WorkerMessage =
  | { readonly kind: "progress"; readonly share: number }
  | { readonly kind: "done" }
  | { readonly kind: "failed"; readonly message: string; readonly user: boolean };

/** Runs one job. */
export type RunJob<Job> = (job: Job, onProgress?: (share: number) => void) => Promise<void>;

/** Serves jobs until the input ends, or the one job in the file that is named as argument. */
export async function serve<Job>(runJob: RunJob<Job>): Promise<void> {
  const [file] = Deno.args;
  if (file !== undefined) return await runFile(file, runJob);
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

function say(message: WorkerMessage): void {
  const bytes = new TextEncoder().encode(JSON.stringify(message) + "\n");
  for (let sent = 0; sent < bytes.length;) sent += Deno.stdout.writeSync(bytes.subarray(sent));
}

/** Runs the job in a file; an error that the user can mend is one line and exit code 2. */
async function runFile<Job>(file: string, runJob: RunJob<Job>): Promise<void> {
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
