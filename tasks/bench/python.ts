/**
 * The Python programs to compare with: in an environment of the project's own, or the user's.
 *
 * @module
 */
import { join } from "@std/path";
import { SetupError } from "lib/core/errors.ts";
import { ensureVenv, venvProgram } from "lib/notebook/venv.ts";
import { runChild } from "lib/setup/child.ts";
import { cacheFolder } from "lib/setup/paths.ts";

/** The packages of a bench, with their versions. */
export interface Packages {
  /** The environment's name, a folder in the user's cache. */
  readonly name: string;
  /** As pip takes them: `torch==2.9.1`. */
  readonly packages: readonly string[];
  /** How much is downloaded, for people. */
  readonly size: string;
}

/**
 * A Python with the packages: the one given, which is only checked to run, or one that is set up in the
 * user's cache when it is not there yet.
 *
 * @param given the flag `--python`
 * @throws SetupError when the given one does not run, or when setting up fails
 */
export async function findPython(given: string | undefined, wanted: Packages): Promise<string> {
  if (given !== undefined) {
    if ((await runChild([given, "-c", "import sys; assert sys.version_info >= (3, 9)"])).ok) {
      return given;
    }
    throw new SetupError(`'${given}' is no Python 3.9 or newer that runs`, {
      field: "--python",
      fix: `Name another one, or leave the flag out to have one set up (${wanted.size})`,
    });
  }
  const folder = join(cacheFolder(), wanted.name);
  let announced = false;
  await ensureVenv({
    folder,
    lock: `${folder}-lock`,
    packages: wanted.packages,
    report(line) {
      if (!announced) console.error(`Setting up the programs to compare with (${wanted.size})`);
      announced = true;
      console.error(`  ${line}`);
    },
  });
  return venvProgram(folder, "python");
}
