/**
 * What set-up installed into a clone, and a quick check that it is still so.
 *
 * @module
 */
import { join } from "@std/path";
import { sha256 } from "lib/core/json.ts";
import { writeAtomic } from "lib/core/files.ts";
import type { BindingPlace } from "./paths.ts";

/** The record of one set-up, beside the binding. */
export interface Stamp {
  /** Digest of everything that decides about the install: versions, wheels, sources, flags. */
  readonly recipe: string;
  /** The build's id. */
  readonly build: string;
  /** The version that the library says it has. */
  readonly tensorflow: string;
  readonly gpu: boolean;
  readonly compiler: string;
  /** SHA-256 of the binding. */
  readonly binding: string;
  /** Bytes of each library by its file name. */
  readonly libraries: Readonly<Record<string, number>>;
}

/** The stamp of a clone; nothing when set-up has not run or was stopped. */
export async function readStamp(place: BindingPlace): Promise<Stamp | undefined> {
  try {
    const stamp = JSON.parse(await Deno.readTextFile(place.stamp));
    const { recipe, build, tensorflow, compiler, binding, gpu, libraries } = stamp;
    const texts = [recipe, build, tensorflow, compiler, binding];
    // A library is a file beside the others, not any file.
    const sound = texts.every((text) => typeof text === "string") && typeof gpu === "boolean" &&
      Object.entries(libraries).every(([name, size]) =>
        !/[/\\]/.test(name) && Number.isSafeInteger(size)
      );
    return sound ? stamp as Stamp : undefined;
  } catch {
    return undefined;
  }
}

/** Writes the stamp; the last act of a set-up. */
export async function writeStamp(place: BindingPlace, stamp: Stamp): Promise<void> {
  await writeAtomic(place.stamp, `${JSON.stringify(stamp, null, 2)}\n`);
}

/**
 * Says what is wrong with an install: sizes of the libraries and the digest of the binding are
 * compared, in milliseconds.
 *
 * @returns nothing when all is well
 */
export async function findDamage(place: BindingPlace, stamp: Stamp): Promise<string | undefined> {
  const binding = await Deno.readFile(place.binding).catch(() => undefined);
  if (!binding) return "the binding is missing";
  if (sha256(binding) !== stamp.binding) return "the binding is damaged";
  return findLibraryDamage(place.libraries, stamp.libraries);
}

/** The same for the libraries alone, in the folder that holds them. */
export async function findLibraryDamage(
  folder: string,
  sizes: Stamp["libraries"],
): Promise<string | undefined> {
  for (const [name, size] of Object.entries(sizes)) {
    const found = await Deno.stat(join(folder, name)).then((info) => info.size, () => undefined);
    if (found === undefined) return `${name} is missing`;
    if (found !== size) return `${name} has ${found} bytes instead of ${size}`;
  }
  return undefined;
}
