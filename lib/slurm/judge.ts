/**
 * What became of a submitted job, from its file and from Slurm's queue.
 *
 * @module
 */
import { UserError } from "lib/core/errors.ts";
import type { JobEnd } from "lib/run/serve.ts";
import type { Queued } from "./queue.ts";

/** What is known of a submitted job. */
export interface Seen {
  /** What the job wrote about its end. */
  readonly end: JobEnd | undefined;
  /** What squeue says of it. */
  readonly inQueue: Pick<Queued, "state" | "word"> | undefined;
  /** For how many seconds it has been neither in the queue nor known to have ended. */
  readonly lostSeconds: number;
  /** For how many seconds a shared folder may not show yet what was written elsewhere. */
  readonly shareSeconds: number;
}

/** What follows from it. */
export type Verdict =
  | { readonly kind: "done"; readonly seconds: number }
  | { readonly kind: "waits" | "runs" }
  /** It has ended, and it is not known yet how. */
  | { readonly kind: "unclear" }
  /** A reason that the user has to mend. */
  | { readonly kind: "refused"; readonly error: UserError }
  | {
    readonly kind: "failed";
    readonly what: string;
    /** `again`: it may go better next time; `free`: and this time does not count. */
    readonly next: "again" | "free" | "never";
  };

const words: Readonly<Record<string, string>> = {
  TIMEOUT: "it took longer than its time limit",
  OUT_OF_MEMORY: "it took more memory than it was given",
  NODE_FAIL: "its node failed",
  BOOT_FAIL: "its node did not start",
  PREEMPTED: "another job took its place",
  CANCELLED: "it was cancelled",
  DEADLINE: "it missed its deadline",
};

/** Judges a submitted job. */
export function judge({ end, inQueue, lostSeconds, shareSeconds }: Seen): Verdict {
  if (end?.kind === "done") return { kind: "done", seconds: end.seconds };
  if (end?.kind === "failed") {
    return end.user
      ? { kind: "refused", error: new UserError(end.message) }
      : { kind: "failed", what: end.message.split("\n")[0]!, next: "again" };
  }
  if (inQueue?.state === "waiting") return { kind: "waits" };
  if (inQueue?.state === "running") return { kind: "runs" };
  const word = inQueue?.word ?? "";
  // Whoever cancels a job does not want it to come back.
  if (word === "CANCELLED") return { kind: "failed", what: words[word]!, next: "never" };
  if (word === "PREEMPTED") return { kind: "failed", what: words[word]!, next: "free" };
  if (lostSeconds < shareSeconds) return { kind: "unclear" };
  const what = words[word] ?? "it ended without saying why";
  return { kind: "failed", what, next: "again" };
}
