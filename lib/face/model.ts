/**
 * The landmark model on this machine: finding it, reading it, keeping it ready.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { basename, join } from "@std/path";
import { DataError, SetupError } from "lib/core/errors.ts";
import { exists, writeAtomic } from "lib/core/files.ts";
import { landmarksDigest, landmarksFile, landmarksFolder } from "lib/setup/landmarks_place.ts";
import type { Regressor } from "./regressor.ts";
import { readRegressor } from "./regressor_file.ts";
import { openPack, packRegressor } from "./regressor_pack.ts";

/** A shape predictor for the 68 points, ready to predict. */
export interface LandmarkModel {
  readonly regressor: Regressor;
  /** SHA-256 of the `.dat` file, in hexadecimal. */
  readonly digest: string;
}

/** A place to look for the model's file at. */
const variable = "FLEETING_LANDMARKS";

/** Ten times the published model. */
const mostBytes = 1 << 30;

/**
 * The `.dat` file of the landmark model: `$FLEETING_LANDMARKS`, else the one that set-up brought to
 * the user's cache.
 *
 * @returns nothing when neither is there
 * @throws SetupError when the variable names a file that does not exist
 */
export async function findModelFile(): Promise<string | undefined> {
  const named = Deno.env.get(variable);
  if (!named) return await exists(landmarksFile()) ? landmarksFile() : undefined;
  if (await Deno.stat(named).then((found) => found.isFile, () => false)) return named;
  throw new SetupError("There is no such file", {
    field: `${variable}=${named}`,
    fix: "Point it to shape_predictor_68_face_landmarks.dat, or unset it",
  });
}

/**
 * Reads a shape predictor of dlib. The second time it comes from a pack in the user's cache, which is
 * checked by its digest and made anew when it is damaged.
 *
 * @throws DataError when the file is no shape predictor of 68 points; or is the one of set-up and not
 * the published one
 */
export async function openModel(file: string): Promise<LandmarkModel> {
  const ours = file === landmarksFile();
  // The digest of the file that set-up brought is known without reading it.
  const digest = ours ? landmarksDigest : sha256(await readModelFile(file));
  const packed = join(landmarksFolder(), `${digest}.pack`);
  const ready = await readPack(packed, digest);
  if (ready) return { regressor: require68(ready, file), digest };
  const bytes = await readModelFile(file);
  if (sha256(bytes) !== digest) {
    throw new DataError(`This is not the published model (SHA-256 ${sha256(bytes)})`, {
      file,
      fix: "Delete it and run `deno task setup`",
    });
  }
  const regressor = require68(readRegressor(bytes, file), file);
  // Without a pack (full disk, cache that cannot be written) the next start takes a second more.
  await writeAtomic(packed, packRegressor(regressor, digest)).catch(() => {});
  return { regressor, digest };
}

async function readModelFile(file: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const { size } = await Deno.stat(file);
    if (size > mostBytes) {
      throw new DataError(`This file has ${size} bytes, far more than a shape predictor`, { file });
    }
    return await Deno.readFile(file);
  } catch (error) {
    if (error instanceof DataError) throw error;
    throw new DataError(`Cannot read this file (${(error as Error).message})`, { file });
  }
}

async function readPack(path: string, digest: string): Promise<Regressor | undefined> {
  try {
    return openPack(await Deno.readFile(path), digest);
  } catch {
    return undefined;
  }
}

function require68(regressor: Regressor, file: string): Regressor {
  const { points } = regressor.sizes;
  if (points === 68) return regressor;
  throw new DataError(`${basename(file)} finds ${points} landmarks, 68 are needed`, {
    file,
    fix: "Use shape_predictor_68_face_landmarks.dat",
  });
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
