/**
 * Set-up on the way to something else.
 *
 * Set-up downloads, compiles and links, for which it may write anywhere. Other tasks may not, so they look
 * whether there is anything to do, and have it done by a process of its own.
 *
 * @module
 */
import { join } from "@std/path";
import { SetupError } from "lib/core/errors.ts";
import { root } from "lib/experiment/find.ts";
import { hasLandmarks } from "./landmarks.ts";
import { chosenBackend, isSetUp } from "./setup.ts";
import { requireDeno } from "./versions.ts";

/** What the task `setup` is allowed; the same as in `deno.json`. */
export const setupPermissions: readonly string[] = [
  "--allow-read",
  "--allow-write",
  "--allow-env",
  "--allow-sys=statfs",
  "--allow-run",
];

/** What has to be there. */
export interface Wanted {
  /** As for `setUp`. */
  readonly backend: string;
  /** Also dlib's landmark model, if it can be had. */
  readonly landmarks?: boolean;
  /** Stops the set-up. */
  readonly signal?: AbortSignal;
}

/**
 * Makes sure that the backend can be opened, by `tasks/setup.ts` where it cannot.
 *
 * @throws SetupError when that fails, after it has said why
 */
export async function ensureSetUp(
  { backend, landmarks = false, signal }: Wanted,
): Promise<void> {
  requireDeno();
  const ready = await isSetUp({ backend: chosenBackend(backend) });
  const found = !landmarks || await hasLandmarks();
  if (ready && found) return;
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--quiet", ...setupPermissions, join(root, "tasks", "setup.ts")],
      ...["--backend", backend, ...(found ? ["--no-landmarks"] : [])],
    ],
    stdin: "null",
    ...(signal ? { signal } : {}),
  }).spawn().status;
  signal?.throwIfAborted();
  if (!success) {
    throw new SetupError("Set-up came to no end, for the reason above", {
      fix: "Mend it and run the same command again",
    });
  }
}
