/**
 * Which landmark model is meant, and where it lies. Apart from how it is brought, so that a change
 * there does not count as a change of what is computed with it.
 *
 * @module
 */
import { join } from "@std/path";
import { cacheFolder } from "./paths.ts";

/** SHA-256 of the published `shape_predictor_68_face_landmarks.dat`. */
export const landmarksDigest = "fbdc2cb80eb9aa7a758672cbfdda32ba6300efe9b6e6c7a299ff7e736b11b92f";

/** The folder in the user's cache that holds the model and what is made of it. */
export function landmarksFolder(): string {
  return join(cacheFolder(), "landmarks");
}

/** Where set-up puts the model. */
export function landmarksFile(): string {
  return join(landmarksFolder(), "shape_predictor_68_face_landmarks.dat");
}
