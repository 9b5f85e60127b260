/**
 * A Python virtual environment that the project manages: made once, repaired when its making was
 * interrupted, made anew when the wanted packages change.
 *
 * @module
 */
import { join } from "@std/path";
import { SetupError } from "lib/core/errors.ts";
import { exists, writeAtomic } from "lib/core/files.ts";
import { lastLines, runChild } from "lib/setup/child.ts";
import { withLock } from "lib/setup/lock.ts";
import { installHint } from "lib/setup/prerequisites.ts";

/** What an environment holds. */
export interface VenvOptions {
  readonly folder: string;
  /** A folder outside the environment for its lock. */
  readonly lock: string;
  /** Packages with their versions, as pip takes them: `jupyterlab==4.6.6`. */
  readonly packages: readonly string[];
  /** Hears what is being done, a line at a time. */
  readonly report?: (line: string) => void;
}

/**
 * Makes the environment unless it is there already. Two callers at once wait for each other.
 *
 * @throws SetupError naming what is missing (Python, its venv module, the network) and its remedy
 */
export async function ensureVenv(options: VenvOptions): Promise<void> {
  const { report = () => {} } = options;
  await withLock(options.lock, () => report("another command is installing it: waiting"), () => {
    return makeVenv(options, report);
  });
}

/** The path of a program in an environment. */
export function venvProgram(folder: string, name: string): string {
  return Deno.build.os === "windows"
    ? join(folder, "Scripts", `${name}.exe`)
    : join(folder, "bin", name);
}

async function makeVenv(options: VenvOptions, report: (line: string) => void): Promise<void> {
  const { folder, packages } = options;
  // Written last: without it the environment is incomplete.
  const stamp = join(folder, "fleeting.json");
  const wanted = JSON.stringify({ packages });
  const complete = await Deno.readTextFile(stamp).catch(() => "") === wanted;
  // The stat fails when the environment's Python was removed from the system.
  if (complete && await Deno.stat(venvProgram(folder, "python")).catch(() => false)) return;
  report(`${await exists(folder) ? "repairing" : "making"} the Python environment ${folder}`);
  const made = await runChild([await findPython(), "-m", "venv", "--clear", folder]);
  if (!made.ok) {
    throw new SetupError(`Python cannot make an environment: ${lastLines(made.output)}`);
  }
  await installPackages(options, report);
  await writeAtomic(stamp, wanted);
}

async function findPython(): Promise<string> {
  const python = Deno.env.get("PYTHON") || "python3";
  const version = await runChild([python, "-c", "import sys; assert sys.version_info >= (3, 9)"]);
  if (!version.ok) {
    throw new SetupError(`Python 3.9 or newer is missing ('${python}' is not one)`, {
      fix: installHint("python3 python3-venv", "brew install python"),
    });
  }
  if ((await runChild([python, "-c", "import ensurepip, venv"])).ok) return python;
  throw new SetupError(`${python} has no venv module`, {
    fix: installHint("python3-venv", "brew install python"),
  });
}

async function installPackages(
  { folder, packages }: VenvOptions,
  report: (line: string) => void,
): Promise<void> {
  report(`installing ${packages.join(", ")} with pip`);
  let count = 0;
  const pip = ["-m", "pip", "install", "--disable-pip-version-check", "--progress-bar", "off"];
  const installed = await runChild([venvProgram(folder, "python"), ...pip, ...packages], {
    onLine(line) {
      if (line.startsWith("Collecting ") && ++count % 10 === 0) report(`${count} packages found`);
      if (line.startsWith("Installing ")) report(`unpacking ${count} packages`);
    },
  });
  if (installed.ok) return;
  throw new SetupError(`pip could not install the packages: ${lastLines(installed.output)}`, {
    fix: "Check the network and the free disk space, then run the command again",
  });
}
