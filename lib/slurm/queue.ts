/**
 * Slurm's own commands.
 *
 * @module
 */
import { SetupError, UserError } from "lib/core/errors.ts";

/** An array task as squeue tells of it, for some minutes also when it has ended. */
export interface Queued {
  /** Slurm's number of the array. */
  readonly job: string;
  /** The batch's own name, see {@linkcode jobName}, by which its jobs are found again. */
  readonly batch: string;
  /** Absent: all tasks of the array of which no other line tells, such as those that never began. */
  readonly index?: number;
  readonly state: "waiting" | "running" | "ended";
  /** Slurm's word for its state, such as `TIMEOUT`. */
  readonly word: string;
  /** Why it waits, such as `Priority`. */
  readonly reason: string;
}

const waiting =
  /^(PENDING|CONFIGURING|REQUEUED|REQUEUE_HOLD|REQUEUE_FED|SPECIAL_EXIT|RESV_DEL_HOLD)$/;
const ended =
  /^(COMPLETED|FAILED|TIMEOUT|CANCELLED|OUT_OF_MEMORY|NODE_FAIL|BOOT_FAIL|DEADLINE|PREEMPTED|REVOKED)$/;
const stuck =
  /held|^(DependencyNeverSatisfied|BadConstraints|PartitionTimeLimit|PartitionNodeLimit|InvalidAccount|InvalidQOS|AccountNotAllowed)/i;

/** The name of a batch's jobs in Slurm's queue. */
export function jobName(kind: string, batch: string): string {
  return `fleeting-${kind.replaceAll(/[^A-Za-z0-9._]+/g, "-")}-${batch}`;
}

/** Finds the line of an array task. */
export function findQueued(
  queue: readonly Queued[],
): (place: Pick<Queued, "batch" | "index">) => Queued | undefined {
  const nameOf = ({ batch, index }: Pick<Queued, "batch" | "index">) =>
    `${batch}_${index ?? "rest"}`;
  const byName = new Map(queue.map((one) => [nameOf(one), one]));
  return (place) => byName.get(nameOf(place)) ?? byName.get(nameOf({ batch: place.batch }));
}

/** Tells of an array task whether it waits or runs. */
export function aliveness(
  queue: readonly Queued[],
): (place: Pick<Queued, "batch" | "index">) => boolean {
  const find = findQueued(queue);
  return (place) => (find(place)?.state ?? "ended") !== "ended";
}

/** Whether a job that waits for this reason waits until somebody does something. */
export function waitsForever({ state, reason }: Pick<Queued, "state" | "reason">): boolean {
  return state === "waiting" && stuck.test(reason);
}

const format = "%F|%K|%T|%r|%j";

/** Reads what squeue prints; jobs that are not ours are passed over. */
export function parseQueue(text: string): Queued[] {
  return text.split("\n").flatMap((line): Queued[] => {
    const found = /^(\d+)\|([^|]*)\|([A-Z_]+)\|([^|]*)\|fleeting-.*-([0-9a-f]{12})$/.exec(
      line.trim(),
    );
    if (found === null) return [];
    const [, job = "", task = "", word = "", reason = "", batch = ""] = found;
    // A state that a later Slurm has is none that a job ends in before it is looked at again.
    const state = waiting.test(word) ? "waiting" : ended.test(word) ? "ended" : "running";
    const index = /^\d+$/.test(task) ? { index: Number(task) } : {};
    return [{ job, batch, ...index, state, word, reason }];
  });
}

interface Answer {
  readonly success: boolean;
  readonly out: string;
  readonly err: string;
}

/**
 * The environment of Slurm's commands. A variable such as `SBATCH_PARTITION`, or what a job has in which
 * this may run itself, would overrule the script.
 */
export function environmentOfCalls(
  env: Readonly<Record<string, string>>,
): Record<string, string> {
  const kept = ["SLURM_CONF", "SLURM_CLUSTERS"];
  return Object.fromEntries(
    Object.entries(env).filter(([name]) =>
      kept.includes(name) || !/^(SLURM|SBATCH|SQUEUE|SCANCEL)_/.test(name)
    ),
  );
}

/** Longer than Slurm's own time-outs, yet it ends what looks for a controller in vain. */
const longestCallMs = 120_000;

async function call(program: string, args: readonly string[]): Promise<Answer> {
  const signal = AbortSignal.timeout(longestCallMs);
  try {
    const { success, stdout, stderr } = await new Deno.Command(program, {
      args: [...args],
      stdin: "null",
      clearEnv: true,
      env: environmentOfCalls(Deno.env.toObject()),
      signal,
    }).output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim();
    const late = signal.aborted ? `timed out after ${longestCallMs / 1000} s ` : "";
    return { success, out: text(stdout), err: late + text(stderr) };
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new SetupError(`There is no ${program} on this machine`, {
      fix: "Run this on a login node of a cluster with Slurm, or leave --executor out",
    });
  }
}

/** What a command said, for one line of ours. */
function onOneLine(said: string): string {
  return said.replaceAll(/^\w+: (error: |fatal: )?/gm, "").trim().replaceAll(/\s*\n\s*/g, "; ");
}

/** How a submission went wrong. */
export type Refusal = "busy" | "limit" | "refused";

/** A submission that Slurm did not take. */
export class SubmitError extends UserError {
  override readonly name = "SubmitError";
  /** `busy` and `limit` may go better later. */
  readonly refusal: Refusal;

  constructor(said: string) {
    super(`sbatch refused the jobs: ${said}`, {
      field: "--slurm",
      fix: "Say in its file what the cluster wants",
    });
    this.refusal = refusalOf(said);
  }
}

/** What kind of refusal a message of sbatch tells of. */
export function refusalOf(said: string): Refusal {
  if (/timed out|unable to contact|temporarily|connection (refused|reset)/i.test(said)) {
    return "busy";
  }
  return /submit limit|MaxSubmit|GrpSubmit|limit.*exceeded/i.test(said) ? "limit" : "refused";
}

/**
 * Submits a batch script.
 *
 * @returns the job's number
 * @throws SubmitError with what sbatch says, such as an unknown partition
 */
export async function submit(script: string): Promise<string> {
  const { success, out, err } = await call("sbatch", ["--parsable", script]);
  // Of a federation the name of a cluster follows.
  const id = out.split(";")[0] ?? "";
  if (success && /^\d+$/.test(id)) return id;
  throw new SubmitError(onOneLine(err || out));
}

/**
 * The array tasks of this user that wait, run, or ended a few minutes ago.
 *
 * @throws SetupError when there is no Slurm, or its controller does not answer
 */
export async function queued(): Promise<Queued[]> {
  const { success, out, err } = await call("squeue", [
    ...["--me", "--noheader", "--array", "--states=all", `--format=${format}`],
  ]);
  if (success) return parseQueue(out);
  throw new SetupError(`Slurm does not answer: ${onOneLine(err || out)}`, {
    fix: "Try squeue by hand, then the same command again",
  });
}

/** How many tasks an array may have. */
export async function longestArray(): Promise<number> {
  const { out } = await call("scontrol", ["show", "config"]);
  return Math.max(1, Number(/^MaxArraySize\s*=\s*(\d+)/m.exec(out)?.[1] ?? 1001));
}

/** Takes jobs that still wait out of the queue. */
export async function cancelWaiting(jobs: readonly string[]): Promise<void> {
  if (jobs.length > 0) await call("scancel", ["--state=PENDING", ...jobs]);
}
