/**
 * Decodes whole sets of clips, to find damage inside of images.
 *
 * @module
 */
import { DataError } from "lib/core/errors.ts";
import type { Clip } from "./clip.ts";
import { mapFiles } from "./files.ts";

/**
 * Decodes every frame of some clips.
 *
 * @param onProgress called after each clip
 * @returns for each clip with damage, the error of its first bad frame
 */
export async function decodeAll(
  clips: readonly Clip[],
  onProgress?: (done: number, total: number) => void,
): Promise<DataError[]> {
  const problems: DataError[] = [];
  for (const [i, clip] of clips.entries()) {
    const errors = await mapFiles(
      clip.frameNames.map((_, position) => position),
      (position) =>
        clip.frame(position).then(() => undefined, (error) => {
          if (error instanceof DataError) return error;
          throw error;
        }),
    );
    const first = errors.find((error) => error !== undefined);
    if (first !== undefined) problems.push(first);
    onProgress?.(i + 1, clips.length);
  }
  return problems;
}
