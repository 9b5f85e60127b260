/**
 * Readable diffs of result files in this clone.
 *
 * @module
 */
import { join } from "@std/path";
import { exists } from "lib/core/files.ts";
import { runChild } from "./child.ts";

/** The git settings that make `git diff` show result files as text. */
export function diffSettings(deno: string): Record<string, string> {
  return {
    // git runs it in the clone's top folder, through a shell, with a file's name added.
    "diff.arrow.textconv": `'${
      deno.replaceAll("'", `'\\''`)
    }' run --quiet --allow-read --allow-env tasks/arrow_text.ts`,
    "diff.arrow.cachetextconv": "true",
  };
}

/**
 * Writes {@linkcode diffSettings} into the clone's own git configuration where they differ.
 *
 * @param root the repository's top folder
 * @returns whether the clone has them now; false outside a clone or without git
 */
export async function configureDiff(
  root: string,
  deno: string = Deno.execPath(),
): Promise<boolean> {
  if (!await exists(join(root, ".git"))) return false;
  const git = (...args: string[]) => runChild(["git", "-C", root, "config", "--local", ...args]);
  const { output } = await git("--get-regexp", "^diff\\.arrow\\.");
  const present = new Map(
    output.split("\n").map((line) => [line.split(" ", 1)[0] ?? "", line.replace(/^\S+ /, "")]),
  );
  for (const [key, value] of Object.entries(diffSettings(deno))) {
    if (present.get(key) !== value && !(await git(key, value)).ok) return false;
  }
  return true;
}
