/**
 * LBP-TOP at work, for its notebook.
 *
 * @module
 */
import type { Volume } from "lib/core/volume.ts";
import { resolveParameters } from "lib/experiment/parameters.ts";
import type { Experiment } from "lib/experiment/types.ts";
import { blockCount } from "lib/features/lbp/blocks.ts";
import { greyClip } from "lib/features/lbp/grey_clip.ts";
import { lbpCodes, lbpTop, type LbpTopOptions } from "lib/features/lbp/lbp_top.ts";
import { borderOf, planes } from "lib/features/lbp/planes.ts";
import { lbpTopOptions } from "lib/methods/lbp_top.ts";
import { framePanel } from "./clip_view.ts";
import { openDataset } from "./dataset.ts";
import { type Panel, showPanels, stretched } from "./maps.ts";

/**
 * Shows, for one clip of each class: a key frame in the middle, the codes of its pixels in each of the
 * three planes, and the histograms of the descriptor (a row a block, a column a bin, plane by plane).
 *
 * @param given parameters that differ from the experiment's defaults
 */
export async function showLbpTop(
  experiment: Experiment,
  given: Readonly<Record<string, unknown>>,
): Promise<void> {
  const options = lbpTopOptions(resolveParameters(experiment, given));
  const { classes, samples } = await openDataset(experiment, given);
  const shown = classes.flatMap((_, label) => samples.find((s) => s.label === label) ?? []);
  await showPanels(
    shown.map(({ input }) => lbpPanels(greyClip(input), options)),
    `A row a clip: ${shown.map((s) => `${classes[s.label]} (${s.clip})`).join("; ")}. ` +
      "Columns: a key frame, the codes of its pixels in the planes xy, xt and yt (dark: many " +
      "neighbours are darker than the pixel), histograms of the codes (blocks from top to bottom; " +
      "planes, then bins from left to right; light is frequent).",
  );
}

/** The panels of one clip. */
export function lbpPanels(clip: Volume, options: LbpTopOptions): Panel[] {
  const maps = planes.map((plane) => {
    const { data, shape: [frames, height, width] } = lbpCodes(clip, plane, options);
    const start = Math.floor(frames / 2) * height * width;
    const values = Float32Array.from(data.subarray(start, start + height * width), setBits);
    return { width, height, values: values.map((bits) => bits / options.neighbours[plane]) };
  });
  const histograms = lbpTop(clip, options);
  const height = blockCount(options.grid);
  const frame = borderOf(options).t + Math.floor((clip.shape[0]! - 2 * borderOf(options).t) / 2);
  return [
    framePanel(clip, frame),
    ...maps,
    stretched({ width: histograms.length / height, height, values: histograms }),
  ];
}

/** How many bits of a code are set: of a sign, how many neighbours are not darker. */
export function setBits(code: number): number {
  let count = 0;
  for (let rest = code; rest > 0; rest >>= 1) count += rest & 1;
  return count;
}
