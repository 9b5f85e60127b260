/**
 * A process that does tasks one after the other: how it is started, spoken with and ended.
 *
 * @module
 */
import { root } from "lib/experiment/find.ts";
import { backendEnvironment } from "lib/train/backend_environment.ts";
import type { WorkerMessage } from "./serve.ts";

/** What tasks have in common: those of equal kinds are best done by one process after the other. */
export interface Kind {
  /** Such as the name of a row. */
  readonly name: string;
  readonly isa: "avx2" | "native";
  /** What computes in the process; only kinds that agree in this share one. */
  readonly backend?: string;
  /** The file of the module that workers run; it calls `serve`. */
  readonly worker: string;
}

/** A worker process. */
export interface Worker {
  /** The kind of its last task. */
  kind: string;
  /** How it was started. */
  readonly made: string;
  /** What it held after its last task. */
  megabytes: number;
  readonly process: Deno.ChildProcess;
  readonly input: WritableStreamDefaultWriter<Uint8Array>;
  readonly messages: AsyncIterator<WorkerMessage>;
  readonly complaints: Promise<string>;
}

/** How the kind of a task has its process started: equal for kinds that can share one. */
export function makeOf({ isa, worker, backend }: Kind): string {
  return JSON.stringify({ isa, worker, backend });
}

/** How a task ended. */
export type End = Exclude<WorkerMessage, { kind: "progress" }> | {
  kind: "died";
  complaints: string;
};

/**
 * Has a worker do a task; one that says no more is killed.
 *
 * @param job what it gets, as JSON
 * @param onShare called with the share that is done
 */
export async function runOn(
  worker: Worker,
  job: unknown,
  onShare?: (share: number) => void,
): Promise<End> {
  try {
    await worker.input.write(new TextEncoder().encode(JSON.stringify(job) + "\n"));
    for (;;) {
      const { value, done } = await worker.messages.next();
      if (done) break;
      if (value.kind === "done") worker.megabytes = value.megabytes ?? 0;
      if (value.kind !== "progress") return value;
      onShare?.(value.share);
    }
  } catch { /* the pipe broke: the worker is gone */ }
  // It may have closed its output and hang: its complaints end only with it.
  kill(worker);
  return { kind: "died", complaints: (await worker.complaints).slice(-2000) };
}

/**
 * Lets the C library ask for large pages, on which a step of a network with many weights takes a tenth less
 * time to the same digits; where there are none (glibc before 2.35, other systems) it changes nothing.
 */
const largePages = "glibc.malloc.hugetlb=1";

/** The command that starts a worker; a job file as last argument makes it do that job and end. */
export function workerCommand(
  { isa, worker }: Kind,
): { readonly args: readonly string[]; readonly env: Readonly<Record<string, string>> } {
  return {
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
    env: {
      ...backendEnvironment({ isa, threads: 1 }),
      GLIBC_TUNABLES: Deno.env.get("GLIBC_TUNABLES") ?? largePages,
      NO_COLOR: "1",
    },
  };
}

/** Starts a worker. */
export function startWorker(kind: Kind): Worker {
  const { args, env } = workerCommand(kind);
  const process = new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd: root,
    env: { ...env },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  return {
    kind: JSON.stringify(kind),
    made: makeOf(kind),
    megabytes: 0,
    process,
    input: process.stdin.getWriter(),
    messages: readMessages(process.stdout),
    complaints: new Response(process.stderr).text(),
  };
}

/** Ends a worker, in two seconds at most. */
export async function endWorker(worker: Worker): Promise<void> {
  await worker.input.close().catch(() => {});
  const timer = setTimeout(() => kill(worker), 2000);
  await worker.process.status;
  clearTimeout(timer);
  await worker.messages.return?.();
}

/** Kills a worker at once. */
export function kill({ process }: Worker): void {
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
