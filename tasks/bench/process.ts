/**
 * Processes that are measured: they get ready once, say what they are, and then answer one job a line,
 * so that what is timed is warm and several of them can be started at the same moment.
 *
 * @module
 */
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";
import { SetupError } from "lib/core/errors.ts";
import { root } from "lib/experiment/find.ts";
import { lastLines } from "lib/setup/child.ts";

/** An answer: JSON with the fields that the job asked for, or why there is none. */
type Answer = Readonly<Record<string, unknown>> & {
  readonly error?: string;
  /** Whether the user can mend it. */
  readonly user?: boolean;
};

/** A process that is ready. */
export interface BenchProcess {
  /** Its first line: versions, and what it can do. */
  readonly facts: Readonly<Record<string, unknown>>;
  /**
   * Hands over one job and waits for its answer.
   *
   * @throws SetupError when it says that the user can mend what went wrong
   * @throws Error when it failed or ended
   */
  ask(job: unknown): Promise<Readonly<Record<string, unknown>>>;
  /** Lets it end and waits for that. */
  end(): Promise<void>;
}

/**
 * Starts a process and waits until it is ready.
 *
 * @param command the program and its arguments
 * @param env added to this process's environment
 * @throws SetupError when the program does not exist, or says that the user can mend what is wrong
 * @throws Error when it ends instead
 */
export async function startProcess(
  command: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<BenchProcess> {
  const child = spawn(command, env);
  // Read from the start, or a talkative program would wait for somebody to do so.
  const complaints = new Response(child.stderr).text();
  const lines = linesOf(child.stdout)[Symbol.asyncIterator]();
  const writer = child.stdin.getWriter();
  const answer = async (): Promise<Answer> => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`${command.join(" ")} ended: ${lastLines(await complaints)}`);
    const said: Answer = JSON.parse(value);
    if (said.error === undefined) return said;
    throw said.user ? new SetupError(said.error) : new Error(said.error);
  };
  const end = async (): Promise<void> => {
    await writer.close().catch(() => {});
    await Promise.all([child.status, complaints]);
  };
  try {
    const facts = await answer();
    const ask = async (job: unknown): Promise<Answer> => {
      await writer.write(new TextEncoder().encode(`${JSON.stringify(job)}\n`));
      return await answer();
    };
    return { facts, ask, end };
  } catch (error) {
    await end();
    throw error;
  }
}

function spawn([program = "", ...args]: readonly string[], env: Record<string, string>) {
  try {
    return new Deno.Command(program, {
      args,
      env,
      cwd: root,
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound || error instanceof Deno.errors.PermissionDenied)) {
      throw error;
    }
    throw new SetupError(`'${program}' does not run`);
  }
}

/** The lines of a stream of text. */
function linesOf(stream: ReadableStream<Uint8Array>): AsyncIterable<string> {
  return createInterface({ input: Readable.fromWeb(stream as NodeReadableStream) });
}

/**
 * The other side, for a measured process of our own: gets ready, says so, and answers jobs until the
 * input ends.
 *
 * @param open gets ready; returns what it is and the function that answers a job
 */
export async function serveJobs<Job>(
  open: () => Promise<{
    readonly facts: Readonly<Record<string, unknown>>;
    readonly answer: (job: Job) => Readonly<Record<string, unknown>>;
  }>,
): Promise<void> {
  const say = (answer: Answer): void => console.log(JSON.stringify(answer));
  try {
    const { facts, answer } = await open();
    say(facts);
    for await (const line of linesOf(Deno.stdin.readable)) say(answer(JSON.parse(line)));
  } catch (error) {
    say({ error: (error as Error).message, user: error instanceof SetupError });
  }
  Deno.exit();
}
