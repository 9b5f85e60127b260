/**
 * Places and processes for tests of whole runs.
 *
 * @module
 */
import { join } from "@std/path";
import { optionVariables } from "./options.ts";

/** Folders of a run that nothing else uses. */
export interface RunPlace {
  readonly folder: string;
  readonly cache: string;
  readonly results: string;
}

/** Gives a test folders of its own and removes them. */
export async function withRunPlace(test: (place: RunPlace) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "fleeting-run-" });
  try {
    await test({ folder, cache: join(folder, "folds"), results: join(folder, "results") });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The files below a folder, sorted, with their bytes; none when it is not there. */
export async function bytesBelow(folder: string): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  for (const path of filesBelow(folder)) files.set(path, await Deno.readFile(join(folder, path)));
  return files;
}

/** The paths of the files below a folder, sorted. */
export function filesBelow(folder: string, below = ""): string[] {
  try {
    return [...Deno.readDirSync(join(folder, below))].flatMap((entry) => {
      const path = join(below, entry.name);
      return entry.isDirectory ? filesBelow(folder, path) : [path];
    }).sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

/** The environment of a process whose run is to use a place; it marks all processes under it. */
export function environmentFor({ cache, results }: RunPlace): Record<string, string> {
  return { [optionVariables.cache]: cache, [optionVariables.results]: results, NO_COLOR: "1" };
}

/** A living process. */
export interface ProcessInfo {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

/** Every living process that {@linkcode environmentFor} marked, whoever its parent is now. */
export function processesIn({ cache }: RunPlace): ProcessInfo[] {
  const mark = `${optionVariables.cache}=${cache}`;
  return processes((id) => Deno.readTextFileSync(`/proc/${id}/environ`).split("\0").includes(mark));
}

/** The worker processes that this process has started and that live. */
export function ownWorkers(): ProcessInfo[] {
  return processes(() => true).filter(({ parent, command }) =>
    parent === Deno.pid && command.includes("worker")
  );
}

function processes(matches: (id: string) => boolean): ProcessInfo[] {
  return [...Deno.readDirSync("/proc")].flatMap(({ name }) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      if (!matches(name)) return [];
      // After the name in brackets: state, parent. A zombie has ended.
      const stat = Deno.readTextFileSync(`/proc/${name}/stat`);
      const [state, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      if (state === "Z") return [];
      const command = Deno.readTextFileSync(`/proc/${name}/cmdline`).replaceAll("\0", " ");
      return [{ pid: Number(name), parent: Number(parent), command }];
    } catch {
      // It has just ended.
      return [];
    }
  });
}

/**
 * Waits until something holds.
 *
 * @param what names it in the error
 * @throws Error when it does not hold within `seconds`
 */
export async function until(
  what: string,
  holds: () => boolean,
  seconds = 60,
): Promise<void> {
  const end = performance.now() + 1000 * seconds;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`Waited ${seconds} s in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
