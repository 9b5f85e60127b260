/**
 * What every task shares: errors become one line and an exit code, and Ctrl-C becomes 130.
 *
 * @module
 */
import { exitCode, UserError } from "lib/core/errors.ts";

/**
 * Runs a task's main function and ends the process with its exit code.
 *
 * @param main returns the exit code, or nothing for success
 */
export async function runTask(main: () => Promise<number | void>): Promise<never> {
  try {
    Deno.exit(await main() ?? exitCode.ok);
  } catch (error) {
    if (error instanceof UserError) {
      console.error(`error: ${error.message}`);
      Deno.exit(exitCode.usage);
    }
    console.error(error);
    Deno.exit(exitCode.failed);
  }
}
