/**
 * A Deno kernel and the Jupyter client that runs code in it.
 *
 * The kernel sends some outputs after it has said that it is idle. So each run is followed by a
 * flush: markers over every output channel; whatever arrives before them belongs to the run.
 *
 * @module
 */
import { type KernelOptions, type KernelProcess, spawnKernel } from "./kernel_process.ts";
import { flushCode, flushType, type LateError, preambleCode } from "./preamble.ts";
import {
  type Ask,
  connectWhenUp,
  listenForOutputs,
  type OutputListener,
  type Outputs,
  requester,
  within,
} from "./channels.ts";
import type { SocketType } from "./zmtp.ts";

/** How a run of code ended. */
export interface RunResult {
  /** What the code threw; absent when it ran to its end. */
  readonly thrown?: { readonly name: string; readonly message: string };
  /** Errors that surfaced outside the code's own course: rejections nobody handled, timers. */
  readonly late: readonly LateError[];
}

/** A running kernel. */
export interface Kernel {
  /** The kernel's process id, which is also its process group. */
  readonly pid: number;
  /** Runs code to its end. Rejects with {@linkcode KernelDeath} when the kernel ends meanwhile. */
  run(code: string, onOutput: OutputListener): Promise<RunResult>;
  /** Waits `ms`, hands over outputs that came since the last run, and returns the late errors. */
  settle(ms: number, onOutput: OutputListener): Promise<readonly LateError[]>;
  /** Kills the kernel and every process started under it, at once. */
  kill(): void;
  /** Ends the kernel and every process started under it, and removes its connection file. */
  stop(): Promise<void>;
}

/** The kernel process ended although nobody asked for it; the message says how. */
export class KernelDeath extends Error {
  override readonly name = "KernelDeath";
}

/**
 * Starts the kernel of this very Deno and waits until its outputs can be heard.
 *
 * @throws KernelDeath when it does not start, with the last lines it printed
 */
export async function startKernel(options: KernelOptions): Promise<Kernel> {
  for (let attempt = 1;; attempt++) {
    const process = await spawnKernel(options);
    try {
      const kernel = await connectKernel(process);
      await kernel.run(preambleCode(), () => {});
      return kernel;
    } catch (error) {
      process.kill();
      await process.end();
      // Another program may have taken a port between its choice and its use.
      if (!(error instanceof KernelDeath) || attempt === 3) throw error;
    }
  }
}

async function connectKernel(process: KernelProcess): Promise<Kernel> {
  let alive = true;
  const died = process.ended.then((how): never => {
    alive = false;
    throw new KernelDeath(how);
  });
  const connect = (port: number, type: SocketType) =>
    Promise.race([connectWhenUp(port, type, () => alive), died]);
  const iopub = await connect(process.ports.iopub, "SUB");
  const outputs = listenForOutputs(iopub, process.key);
  // Outputs sent before the end may still be on their way when the process is gone.
  const dead = Promise.race([
    died.catch(async (error): Promise<never> => {
      await within(outputs.ended, 500);
      throw error;
    }),
    // An output that cannot be read, or a listener that throws, would otherwise be waited for.
    outputs.ended.then(() => new Promise<never>(() => {})),
  ]);
  dead.catch(() => {});
  const shell = await connect(process.ports.shell, "DEALER");
  const control = await connect(process.ports.control, "DEALER");
  const ask = requester(shell, process.key, dead);
  await outputs.untilHeard(() => ask("kernel_info_request", {}));
  return {
    pid: process.pid,
    kill: process.kill,
    ...runner(ask, outputs, dead),
    async stop() {
      if (alive) {
        const asked = requester(control, process.key, dead)("shutdown_request", { restart: false });
        await within(asked.then(() => process.ended, () => {}), 1000);
      }
      process.kill();
      await process.end();
      for (const socket of [iopub, shell, control]) socket.close();
    },
  };
}

function runner(ask: Ask, outputs: Outputs, dead: Promise<never>): Pick<Kernel, "run" | "settle"> {
  const execute = (code: string, silent: boolean) =>
    ask("execute_request", {
      code,
      silent,
      store_history: !silent,
      user_expressions: {},
      allow_stdin: false,
      stop_on_error: false,
    });
  const settle = async (ms: number, onOutput: OutputListener) => {
    const marker = `\u0001${crypto.randomUUID()}`;
    const flushed = Promise.withResolvers<readonly LateError[]>();
    outputs.hand(untilMarker(marker, onOutput, flushed.resolve));
    await execute(flushCode(marker, ms), true);
    return await Promise.race([flushed.promise, dead]);
  };
  return {
    settle,
    async run(code, onOutput) {
      outputs.hand(onOutput);
      const reply = await execute(code, false);
      const late = await settle(0, onOutput);
      if (reply.status !== "error") return { late };
      return { late, thrown: { name: String(reply.ename), message: String(reply.evalue) } };
    },
  };
}

/** Passes messages on until the marker has come over all three channels, then calls `done`. */
function untilMarker(
  marker: string,
  onOutput: OutputListener,
  done: (late: readonly LateError[]) => void,
): OutputListener {
  const seen = new Set<string>();
  let late: readonly LateError[] = [];
  return (message) => {
    const { name, text, data } = message.content as {
      name?: string;
      text?: string;
      data?: Record<string, { marker: string; late: LateError[] }>;
    };
    if (message.type === "stream" && name && text?.includes(marker)) {
      seen.add(name);
      const rest = text.replace(`${marker}\n`, "");
      if (rest) onOutput({ ...message, content: { name, text: rest } });
    } else if (data?.[flushType]?.marker === marker) {
      seen.add("display");
      late = data[flushType].late;
    } else onOutput(message);
    if (seen.size === 3) done(late);
  };
}
