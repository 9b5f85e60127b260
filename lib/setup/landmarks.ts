/**
 * Bringing dlib's landmark model to the user's cache: once a user, 100 MB.
 *
 * The file is `shape_predictor_68_face_landmarks.dat` by Davis E. King. Debian's record of licences
 * gives CC0-1.0 for it; it was trained on iBUG 300-W, whose authors exclude commercial use, so ask
 * them before using it in a product.
 *
 * @module
 */
import { join } from "@std/path";
import { SetupError } from "lib/core/errors.ts";
import { fileDigest } from "./download.ts";
import { landmarksDigest, landmarksFile, landmarksFolder } from "./landmarks_place.ts";
import { aptSource, type ModelSource, pipSource } from "./landmarks_sources.ts";
import { withLock } from "./lock.ts";
import { openProgress, type Progress } from "./progress.ts";

const landmarksBytes = 99_693_937;

/** How to bring the model. */
export interface LandmarksOptions {
  /** Shows one step, in which something is downloaded; nothing where the model is there. */
  readonly progress: Progress;
  readonly signal?: AbortSignal | undefined;
  /** Where to look, in turn; default: pip's package index, then Debian's archive. */
  readonly sources?: readonly ModelSource[];
  /** What the file has to be; default: the published model. */
  readonly wanted?: { readonly sha256: string; readonly bytes: number };
}

/** What was done about the model. */
export interface LandmarksOutcome {
  readonly file: string;
  /** Where it came from; absent when it was there. */
  readonly source?: string;
}

/**
 * Makes sure that the landmark model is in the user's cache. A file of the right size is taken for
 * the model, since it got there only after its digest was right; who reads it checks the digest.
 * Several processes may call this at once: one downloads, the others wait.
 *
 * @throws SetupError when no source has it, naming each with its reason; landmarks can then be had
 * from face-api's network alone
 * @throws the signal's reason when it was stopped
 */
export async function bringLandmarks(options: LandmarksOptions): Promise<LandmarksOutcome> {
  const { sha256 = landmarksDigest, bytes = landmarksBytes } = options.wanted ?? {};
  const file = landmarksFile();
  const there = (): Promise<boolean> => isWhole(file, bytes);
  if (await there()) return { file };
  return await withLock(landmarksFolder(), sayWaiting, async () => {
    if (await there()) return { file };
    return { file, source: await fetchFrom(file, sha256, options) };
  });
}

function isWhole(file: string, bytes: number): Promise<boolean> {
  return Deno.stat(file).then(({ isFile, size }) => isFile && size === bytes, () => false);
}

/** Whether {@linkcode offerLandmarks} has nothing to do. */
export async function hasLandmarks(): Promise<boolean> {
  return Boolean(Deno.env.get("FLEETING_LANDMARKS")) ||
    await isWhole(landmarksFile(), landmarksBytes);
}

function sayWaiting(): void {
  console.error("Another process is fetching the landmark model; waiting for it to end.");
}

/** Tries the sources in turn; returns the name of the one that had the file. */
async function fetchFrom(
  file: string,
  sha256: string,
  { progress, signal, sources = [pipSource, aptSource] }: LandmarksOptions,
): Promise<string> {
  const scratch = join(landmarksFolder(), "scratch");
  const reasons: string[] = [];
  progress.step("Download dlib's landmark model");
  for (const source of sources) {
    // What a killed process left goes too: the lock says that no other is at work.
    await Deno.remove(scratch, { recursive: true }).catch(() => {});
    try {
      await Deno.mkdir(scratch, { recursive: true });
      const found = await source.fetch({ folder: scratch, progress, signal });
      const digest = await fileDigest(found);
      if (digest !== sha256) throw new SetupError(`another file (SHA-256 ${digest})`);
      await Deno.rename(found, file);
      return source.name;
    } catch (error) {
      signal?.throwIfAborted();
      reasons.push(`${source.name}: ${(error as Error).message}`);
    } finally {
      await Deno.remove(scratch, { recursive: true }).catch(() => {});
    }
  }
  throw new SetupError(`dlib's landmark model cannot be fetched (${reasons.join("; ")})`, {
    fix:
      "Get shape_predictor_68_face_landmarks.dat elsewhere and point FLEETING_LANDMARKS to it; " +
      "without it landmarks come from face-api's network, and results say so",
  });
}

/**
 * {@linkcode bringLandmarks} for commands that can do without: where no source has the model, or the user
 * named a file by `FLEETING_LANDMARKS`, they go on. Prints only while it works, and the reason.
 */
export async function offerLandmarks(signal?: AbortSignal): Promise<void> {
  if (Deno.env.get("FLEETING_LANDMARKS")) return;
  const progress = openProgress(1);
  try {
    await bringLandmarks({ progress, signal });
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    progress.say(`${error.message}. Facial points come from the face detector's own net instead.`);
  } finally {
    progress.end();
  }
}
