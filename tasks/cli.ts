/**
 * What every task shares: how flags are read, and how errors become one line and an exit code.
 *
 * @module
 */
import { resolve } from "@std/path";
import { Command, CommanderError } from "commander";
import { exitCode, ParameterError, UserError } from "lib/core/errors.ts";

/** A command line that throws where it would end the process; {@linkcode runTask} does the rest. */
export function newCommand(name: string): Command {
  return new Command(name).exitOverride().configureOutput({ outputError: () => {} });
}

/**
 * Runs a task's main function and ends the process with its exit code.
 *
 * @param main returns the exit code, or nothing for success
 */
export async function runTask(main: () => Promise<number | void>): Promise<never> {
  try {
    Deno.exit(await main() ?? exitCode.ok);
  } catch (thrown) {
    if (thrown instanceof CommanderError && thrown.exitCode === 0) Deno.exit(exitCode.ok);
    // Without a subcommand commander prints its help, which says all there is to say.
    if (thrown instanceof CommanderError && thrown.code === "commander.help") {
      Deno.exit(exitCode.usage);
    }
    const error = thrown instanceof CommanderError ? usageError(thrown) : thrown;
    if (error instanceof UserError) {
      console.error(`error: ${error.message}`);
      Deno.exit(exitCode.usage);
    }
    console.error(error);
    Deno.exit(exitCode.failed);
  }
}

/**
 * Makes sure that a task may write to a place that a flag names: the commands in `deno.json` allow the
 * project's own folders, the user's cache and the temporary folder. At a terminal, Deno asks.
 *
 * @throws ParameterError naming the flag when it may not
 */
export function requireWritable(place: string, flag: string): void {
  const { state } = Deno.permissions.requestSync({ name: "write", path: resolve(place) });
  if (state === "granted") return;
  throw new ParameterError(`This task may not write to '${place}'`, {
    field: flag,
    fix: "Allow it when Deno asks, or name the folder in FLEETING_WRITE",
  });
}

function usageError({ message }: CommanderError): ParameterError {
  // Commander puts its own suggestion on a second line.
  const what = message.replace(/^error: /, "").replaceAll(/\s*\n\s*/g, " ");
  return new ParameterError(what, { fix: "--help lists what there is" });
}
