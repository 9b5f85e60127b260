/**
 * Files as they were at a revision.
 *
 * @module
 */
import { isAbsolute, relative, resolve } from "@std/path";
import { UserError } from "lib/core/errors.ts";

/** Files by their path from the working folder; the bytes are read on demand. */
export type Snapshot = ReadonlyMap<string, () => Promise<Uint8Array>>;

interface GitOutput {
  readonly ok: boolean;
  readonly stdout: Uint8Array;
  readonly stderr: string;
}

async function git(cwd: string, ...args: string[]): Promise<GitOutput> {
  try {
    const { success, stdout, stderr } = await new Deno.Command("git", { args, cwd }).output();
    return { ok: success, stdout, stderr: new TextDecoder().decode(stderr).trim() };
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new UserError("git was not found", { fix: "Install git and put it into PATH" });
  }
}

/**
 * The `.arrow` files below a folder at a revision.
 *
 * @param folder a folder inside `cwd`
 * @throws UserError when `cwd` is not in a git repository, the folder is not below it, or there is no
 * such revision
 */
export async function filesAtRevision(
  revision: string,
  folder: string,
  cwd: string = Deno.cwd(),
): Promise<Snapshot> {
  const inside = relative(cwd, resolve(cwd, folder)) || ".";
  if (inside.startsWith("..") || isAbsolute(inside)) {
    throw new UserError("This folder is not below the working folder", { file: folder });
  }
  const found = await git(cwd, "rev-parse", "--is-inside-work-tree");
  if (!found.ok) {
    const [why = ""] = found.stderr.split("\n");
    throw new UserError(`This is not a git repository (${why})`, {
      file: cwd,
      fix: "Results are compared with what git holds; run this in a clone",
    });
  }
  const commit = await git(cwd, "rev-parse", "--verify", "--quiet", `${revision}^{commit}`);
  if (!commit.ok || revision.startsWith("-")) {
    throw new UserError(`There is no revision '${revision}'`, {
      fix: "Give a commit, tag or branch: see git log --oneline and git branch --all",
    });
  }
  const name = new TextDecoder().decode(commit.stdout).trim();
  const list = await git(cwd, "ls-tree", "-r", "-z", "--name-only", name, "--", inside);
  const paths = new TextDecoder().decode(list.stdout).split("\0")
    // Measurements of speed are no results.
    .filter((path) => path.endsWith(".arrow") && !/(^|\/)bench\//.test(path));
  return new Map(paths.map((path) => [path, () => blob(cwd, name, path)]));
}

async function blob(cwd: string, commit: string, path: string): Promise<Uint8Array> {
  const { ok, stdout, stderr } = await git(cwd, "cat-file", "blob", `${commit}:./${path}`);
  if (!ok) throw new UserError(`Cannot read it from git (${stderr})`, { file: path });
  return stdout;
}
