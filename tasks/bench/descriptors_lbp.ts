/**
 * LBP-TOP beside scikit-image's local binary patterns, slice by slice.
 *
 * @module
 */
import { join } from "@std/path";
import { lbpTop, type LbpTopOptions } from "lib/features/lbp/lbp_top.ts";
import { compare, millisecondsOf } from "./compare.ts";
import {
  type ClipFile,
  type DescriptorPlace,
  drawClips,
  largestDifference,
  readDoubles,
} from "./descriptors_clips.ts";
import type { Comparison } from "./preprocessing_table.ts";

/** How many times as fast we want to be. */
const goal = 5;

/** scikit-image has no ellipses, so radii are equal: of the two settings of the row, but for that. */
const settings = [
  { neighbours: 4, radius: 1, side: 5, times: 1 },
  { neighbours: 8, radius: 1, side: 5, times: 1 },
  { neighbours: 8, radius: 3, side: 8, times: 2 },
] as const;

/** Compares the descriptors of clips, from grey to histograms of blocks. */
export async function compareLbp(place: DescriptorPlace): Promise<Comparison[]> {
  const rows: Comparison[] = [];
  for (const clip of await drawClips(place.folder)) {
    for (const setting of settings) rows.push(...await compareSetting(clip, setting, place));
  }
  return rows;
}

async function compareSetting(
  { clip, file }: ClipFile,
  { neighbours, radius, side, times }: typeof settings[number],
  { peers, folder, rounds }: DescriptorPlace,
): Promise<Comparison[]> {
  const options: LbpTopOptions = {
    radii: { x: radius, y: radius, t: radius },
    neighbours: { xy: neighbours, xt: neighbours, yt: neighbours },
    codes: "full",
    grid: { across: side, down: side, along: times, overlap: 0 },
  };
  const out = join(folder, "lbp.f64");
  const blocks = [times, side, side];
  const job = { do: "lbp_top", clip: file, shape: clip.shape, neighbours, radius, blocks, out };
  return await compare({
    what: `LBP-TOP, ${clip.shape.join("×")}, ${neighbours} neighbours at ${radius}, ` +
      `${side}×${side}×${times} blocks`,
    unit: "ms",
    ours: () => millisecondsOf(() => lbpTop(clip, options)),
    rivals: [{
      beside: `${peers.title("scikit-image")} (pip)`,
      missing: peers.missing("NumPy", "scikit-image"),
      goal,
      run: async () => Number((await peers.ask(job)).ms),
      note: async () =>
        largestDifference(lbpTop(clip, options), (await readDoubles(out)).map(Math.fround)),
    }],
  }, rounds);
}
