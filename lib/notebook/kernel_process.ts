/**
 * The kernel as an operating-system process: start, ports, what it printed, end.
 *
 * @module
 */
import { join } from "@std/path";
import { writeAtomic } from "lib/core/files.ts";
import { scratchFolder, scratchVariables } from "lib/core/scratch.ts";
import { familyVariable, killFamily } from "./processes.ts";

/** Where and with what a kernel starts. */
export interface KernelOptions {
  /** The kernel's working folder: import-map names resolve from the `deno.json` above it. */
  readonly cwd: string;
  /** Variables added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A started kernel process. */
export interface KernelProcess {
  /** Process id, which is also the process group. */
  readonly pid: number;
  /** The file that told the process its ports and the secret. */
  readonly connection: string;
  /** The secret that signs messages. */
  readonly key: string;
  readonly ports: Readonly<Record<"shell" | "iopub" | "control", number>>;
  /** Resolves, when the process has ended, to a description of how. */
  readonly ended: Promise<string>;
  /** Kills the process and everything started under it, at once. */
  kill(): void;
  /** Waits for the end and removes what was made for the process. */
  end(): Promise<void>;
}

/**
 * A runner that is killed cannot end its kernel, which may not have begun to listen yet, or may be busy.
 * So the kernel's group has a watcher, whose input ends when the runner does, however that ends.
 */
const watched = `exec 3<&0 </dev/null
{ cat; rm -f "$0"; kill -s KILL -- -$$; } <&3 >/dev/null 2>&1 &
exec 3<&-
exec "$@"`;

/** Starts the kernel of this very Deno as the leader of a process group of its own. */
export async function spawnKernel({ cwd, env = {} }: KernelOptions): Promise<KernelProcess> {
  const key = crypto.randomUUID(), family = crypto.randomUUID();
  const { connection, ports } = await writeConnectionFile(key);
  const command = [Deno.execPath(), "jupyter", "--kernel", "--conn", connection];
  const child = new Deno.Command("sh", {
    args: ["-c", watched, connection, ...command],
    cwd,
    env: { ...env, ...scratchVariables(), NO_COLOR: "1", [familyVariable]: family },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
    // Ctrl-C then goes to the runner alone, and the whole group can be killed.
    detached: true,
  }).spawn();
  const printed = keepTail([child.stdout, child.stderr]);
  const kill = () => killFamily(child.pid, family);
  globalThis.addEventListener("unload", kill);
  const ended = child.status.then((status) => describeEnd(status, printed.text()));
  return {
    pid: child.pid,
    connection,
    key,
    ports,
    ended,
    kill,
    async end() {
      await ended;
      globalThis.removeEventListener("unload", kill);
      await printed.close();
      await child.stdin.close().catch(() => {});
      await Deno.remove(connection).catch(() => {});
    },
  };
}

async function writeConnectionFile(key: string) {
  const [shell, iopub, control, stdin, hb] = freePorts(5);
  const connection = join(scratchFolder(), `kernel-${crypto.randomUUID()}.json`);
  await writeAtomic(
    connection,
    JSON.stringify({
      shell_port: shell,
      iopub_port: iopub,
      control_port: control,
      stdin_port: stdin,
      hb_port: hb,
      ip: "127.0.0.1",
      transport: "tcp",
      signature_scheme: "hmac-sha256",
      key,
    }),
  );
  // Readable by its owner alone, as the folder is: it holds the secret.
  await Deno.chmod(connection, 0o600);
  return { connection, ports: { shell: shell!, iopub: iopub!, control: control! } };
}

function freePorts(count: number): number[] {
  const listeners = Array.from(
    { length: count },
    () => Deno.listen({ hostname: "127.0.0.1", port: 0 }),
  );
  const ports = listeners.map((listener) => listener.addr.port);
  for (const listener of listeners) listener.close();
  return ports;
}

/** Reads streams to their end, keeping only the last characters: a crash's message comes last. */
function keepTail(streams: readonly ReadableStream<Uint8Array<ArrayBuffer>>[]) {
  let tail = "";
  const readers = streams.map((stream) => stream.pipeThrough(new TextDecoderStream()).getReader());
  const done = readers.map(async (reader) => {
    for (;;) {
      const { value } = await reader.read();
      if (value === undefined) return;
      tail = (tail + value).slice(-4000);
    }
  });
  return {
    text: () => tail,
    async close() {
      await Promise.all(readers.map((reader) => reader.cancel().catch(() => {})));
      await Promise.all(done);
    },
  };
}

function describeEnd(status: Deno.CommandStatus, printed: string): string {
  if (/out of memory/i.test(printed)) {
    return "The kernel ended (out of memory). DENO_V8_FLAGS=--max-old-space-size=MEGABYTES in the " +
      "environment raises its limit";
  }
  const how = status.signal
    ? `killed by ${status.signal}; the machine may be out of memory`
    : `exit code ${status.code}; something called Deno.exit`;
  const lines = printed.trim().split("\n").filter((line) => !line.includes("is unstable"));
  const said = lines.slice(-10).join("\n").trim();
  return `The kernel ended (${how})${said ? `. It last printed:\n${said}` : ""}`;
}
