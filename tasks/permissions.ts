/**
 * Prints what a task may write or run, as a list for Deno's flags: the commands in `deno.json` ask for it
 * before they start a task. It depends on the machine (where the cache and the temporary folder are) and on
 * the environment; it does not see the task's arguments.
 *
 *     permissions.ts write results .cache    folders of the project, the user's cache, the temporary folder
 *     permissions.ts run git                 Deno itself, esbuild, and programs by name
 *
 * @module
 */
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "@std/path";
import { cacheFolder } from "lib/setup/paths.ts";

const root = join(import.meta.dirname!, "..");

/** Variables that say where a run puts things, and further folders that a user allows. */
const variables = ["FLEETING_RESULTS", "FLEETING_FOLDS", "FLEETING_WRITE"] as const;

/** The folders that a task may write to. */
export function writable(folders: readonly string[]): string[] {
  const named = variables.flatMap((name) => (Deno.env.get(name) ?? "").split(","));
  // Folds lie in a folder beside others of the same run, and a file is written by another name beside it.
  const beside = ["FLEETING_FOLDS", "FLEETING_LOCK"].flatMap((name) => Deno.env.get(name) || []);
  const places = [
    ...folders.map((folder) => join(root, folder)),
    tmpdir(),
    ...named,
    ...beside.map(dirname),
  ];
  try {
    places.push(cacheFolder());
  } catch {
    // There is no home folder: who needs the cache says so.
  }
  return places.filter((place) => place !== "");
}

/** Deno itself, esbuild, and the programs of some names that are on the search path. */
function runnable(names: readonly string[]): string[] {
  return [Deno.execPath(), ...esbuild(), ...names.filter(isThere)];
}

/** The program that esbuild's package brings, under each name of its platform's package. */
function esbuild(): string[] {
  try {
    const inside = createRequire(import.meta.url).resolve("esbuild/package.json");
    const arch = Deno.build.arch === "aarch64" ? "arm64" : "x64";
    const os = Deno.build.os === "windows" ? "win32" : Deno.build.os;
    const folder = createRequire(inside).resolve(`@esbuild/${os}-${arch}/package.json`);
    return [join(dirname(folder), os === "win32" ? "esbuild.exe" : join("bin", "esbuild"))];
  } catch {
    return [];
  }
}

function isThere(name: string): boolean {
  const separator = Deno.build.os === "windows" ? ";" : ":";
  return (Deno.env.get("PATH") ?? "").split(separator).some((folder) => {
    try {
      return Deno.statSync(join(folder, name)).isFile;
    } catch {
      return false;
    }
  });
}

if (import.meta.main) {
  const [what, ...names] = Deno.args;
  console.log((what === "write" ? writable(names) : runnable(names)).join(","));
}
