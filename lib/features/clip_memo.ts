/**
 * Describing a clip once, however many folds it takes part in.
 *
 * @module
 */
import type { Volume } from "lib/core/volume.ts";

/**
 * Remembers what a function makes of a clip and its options, as long as the clip is in memory. A data set
 * is loaded once a process, so that all folds of a process share the descriptors. They must not be changed.
 *
 * @param describe depends on nothing but its arguments; options are JSON
 */
export function oncePerClip<Options, Result>(
  describe: (clip: Volume, options: Options) => Result,
): (clip: Volume, options: Options) => Result {
  const known = new WeakMap<Volume, Map<string, Result>>();
  return (clip, options) => {
    const results = known.get(clip) ?? new Map<string, Result>();
    known.set(clip, results);
    const key = JSON.stringify(options);
    const result = results.get(key) ?? describe(clip, options);
    results.set(key, result);
    return result;
  };
}
