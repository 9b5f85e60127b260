/**
 * Running other programs.
 *
 * @module
 */

/** How a program ended and what it said. */
export interface ChildResult {
  readonly ok: boolean;
  /** Standard output and standard error, in the order they came. */
  readonly output: string;
}

/** How to run a program. */
export interface ChildOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Called with each line as it comes. */
  readonly onLine?: (line: string) => void;
  /** Ends the program. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs a program to its end.
 *
 * @param command the program and its arguments
 * @returns its output; `ok` is false when it failed or does not exist
 * @throws the signal's reason when it was stopped by the signal
 */
export async function runChild(
  command: readonly string[],
  { env = {}, cwd, onLine, signal }: ChildOptions = {},
): Promise<ChildResult> {
  const [program = "", ...args] = command;
  let child: Deno.ChildProcess;
  try {
    child = new Deno.Command(program, {
      args,
      env: { LC_ALL: "C", ...env },
      ...(cwd === undefined ? {} : { cwd }),
      ...(signal ? { signal } : {}),
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  } catch (error) {
    return { ok: false, output: (error as Error).message };
  }
  const lines: string[] = [];
  const collect = async (stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<void> => {
    let rest = "";
    for await (const text of stream.pipeThrough(new TextDecoderStream())) {
      const parts = (rest + text).split("\n");
      rest = parts.pop() ?? "";
      for (const line of parts) {
        lines.push(line);
        onLine?.(line);
      }
    }
    if (rest) lines.push(rest);
  };
  const [status] = await Promise.all([
    child.status,
    collect(child.stdout),
    collect(child.stderr),
  ]);
  signal?.throwIfAborted();
  return { ok: status.success, output: lines.join("\n") };
}

/**
 * A file in which the system tells about itself, such as `/proc/cpuinfo`; empty where there is none. Deno opens
 * these under all permissions only, and `cat` always.
 */
export async function systemText(path: string): Promise<string> {
  const { ok, output } = await runChild(["cat", path]);
  return ok ? output : "";
}

/** The last lines of a program's output that say something, for an error message. */
export function lastLines(output: string, count = 3): string {
  return output.split("\n").map((line) => line.trim()).filter(Boolean).slice(-count).join("; ");
}
