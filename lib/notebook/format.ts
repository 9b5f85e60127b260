/**
 * The format of notebooks, as `deno fmt` writes it.
 *
 * `deno fmt --check` is of no use for notebooks: it calls every cell without a line end at its end
 * unformatted, although that is how `deno fmt` itself writes it. So the formatter's output is
 * compared with the file.
 *
 * @module
 */
import { dirname, resolve } from "@std/path";
import { writeAtomic } from "lib/core/files.ts";

/** Whether a notebook is formatted; undefined when it cannot be read or parsed. */
export async function isFormatted(path: string): Promise<boolean | undefined> {
  const { text, formatted } = await format(path);
  return formatted === undefined ? undefined : formatted === text;
}

/** Formats the cells of notebooks; returns the paths of those that changed. */
export async function formatNotebooks(paths: readonly string[]): Promise<string[]> {
  const changed: string[] = [];
  for (const path of paths) {
    const { text, formatted } = await format(path);
    if (formatted === undefined || formatted === text) continue;
    await writeAtomic(path, formatted);
    changed.push(path);
  }
  return changed;
}

async function format(
  path: string,
): Promise<{ text: string | undefined; formatted: string | undefined }> {
  const text = await Deno.readTextFile(path).catch(() => undefined);
  // What is wrong with the file is for the check to tell.
  if (text === undefined) return { text, formatted: undefined };
  const child = new Deno.Command(Deno.execPath(), {
    args: ["fmt", "--ext", "ipynb", "-"],
    cwd: dirname(resolve(path)),
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const writer = child.stdin.getWriter();
  const written = writer.write(new TextEncoder().encode(text)).then(() => writer.close());
  const { success, stdout } = await child.output();
  // Fails when the formatter gives up before it has read everything; its exit status tells more.
  await written.catch(() => {});
  return { text, formatted: success ? new TextDecoder().decode(stdout) : undefined };
}
