/**
 * What the comparisons of descriptors have in common: clips, and telling how well two results agree.
 *
 * @module
 */
import { join } from "@std/path";
import type { Volume } from "lib/core/volume.ts";
import type { BenchPlace } from "./compare.ts";
import { drawMotion } from "./drawn_motion.ts";
import type { Libraries } from "./peers.ts";

/** What every comparison of the descriptors bench is given. */
export interface DescriptorPlace extends Omit<BenchPlace, "peers"> {
  readonly peers: Libraries;
}

/** A clip and the file that others read it from, raw single precision. */
export interface ClipFile {
  readonly clip: Volume;
  readonly file: string;
}

/** A clip of ten interpolated frames, and one as long as those that are not shortened. */
export async function drawClips(folder: string): Promise<ClipFile[]> {
  return await Promise.all([10, 64].map(async (frames) => {
    const clip = drawMotion(frames, 128, 200);
    const file = join(folder, `clip${frames}.f32`);
    await Deno.writeFile(file, new Uint8Array(clip.data.slice().buffer));
    return { clip, file };
  }));
}

/** Reads raw double precision. */
export async function readDoubles(file: string): Promise<Float64Array> {
  return new Float64Array((await Deno.readFile(file)).buffer);
}

/** The largest difference of two results, or why there is none. */
export function largestDifference(ours: ArrayLike<number>, theirs: ArrayLike<number>): string {
  if (ours.length !== theirs.length) return `${ours.length} values, theirs ${theirs.length}`;
  let most = 0;
  for (let i = 0; i < ours.length; i++) most = Math.max(most, Math.abs(ours[i]! - theirs[i]!));
  return most === 0 ? "equal" : `differs by ${most.toPrecision(2)} at most`;
}
