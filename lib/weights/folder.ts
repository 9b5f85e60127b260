/**
 * Where kept weights lie.
 *
 * @module
 */
import { join } from "@std/path";
import { cacheFolder } from "lib/setup/paths.ts";

/** The file of kept weights, one folder for all clones of a user; see `keepWeights`. */
export function keptWeights(name: string): string {
  return join(cacheFolder(), "weights", `${name}.safetensors`);
}
