/**
 * Slurm's own commands.
 *
 * @module
 */
import { SetupError, UserError } from "lib/core/errors.ts";

/** An array task in the queue. */
export interface Queued {
  /** `<job>_<array index>`. */
  readonly id: string;
  readonly running: boolean;
  /** Why it waits, such as `Priority`. */
  readonly reason: string;
}

interface Answer {
  readonly success: boolean;
  readonly out: string;
  readonly err: string;
}

async function call(program: string, args: readonly string[]): Promise<Answer> {
  try {
    const { success, stdout, stderr } = await new Deno.Command(program, {
      args: [...args],
      stdin: "null",
      // The job gets an environment of its own in its script.
      env: { SLURM_TIME_FORMAT: "standard" },
    }).output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim();
    return { success, out: text(stdout), err: text(stderr) };
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new SetupError(`There is no ${program} on this machine`, {
      fix: "Run this on a login node of a cluster with Slurm, or leave --executor out",
    });
  }
}

/**
 * Submits a batch script.
 *
 * @returns the job's number
 * @throws UserError with what sbatch says, such as an unknown partition
 */
export async function submit(script: string): Promise<string> {
  const { success, out, err } = await call("sbatch", ["--parsable", script]);
  // Of a federation the name of a cluster follows.
  const id = out.split(";")[0] ?? "";
  if (success && /^\d+$/.test(id)) return id;
  throw new UserError(`sbatch refused the jobs: ${err || out}`, {
    file: script,
    fix: "Mend the file that --slurm names",
  });
}

/**
 * The array tasks of this user that wait or run.
 *
 * @returns undefined when the controller does not answer
 */
export async function queued(): Promise<readonly Queued[] | undefined> {
  const format = "%F_%K %t %r";
  const { success, out } = await call("squeue", ["--me", "--noheader", "--array", "-o", format]);
  if (!success) return undefined;
  return out.split("\n").filter((line) => line !== "").map((line) => {
    const [id = "", state = "", ...reason] = line.split(" ");
    return { id, running: state === "R" || state === "CG", reason: reason.join(" ") };
  });
}

/** Takes jobs that still wait out of the queue. */
export async function cancelWaiting(jobs: readonly string[]): Promise<void> {
  if (jobs.length > 0) await call("scancel", ["--state=PENDING", ...jobs]);
}
