/**
 * DiSTLBP-RIP at work, for its notebook.
 *
 * @module
 */
import { type Chart, curves } from "lib/charts/mod.ts";
import type { Volume } from "lib/core/volume.ts";
import type { Sample } from "lib/data/types.ts";
import { resolveParameters } from "lib/experiment/parameters.ts";
import type { Experiment } from "lib/experiment/types.ts";
import { greyClip } from "lib/features/lbp/grey_clip.ts";
import { spansOf } from "lib/features/lbp/blocks.ts";
import { blockLength, ripDescriptor, type RipOptions } from "lib/features/rip/descriptor.ts";
import { compareGroups } from "lib/features/rip/groups.ts";
import { bestGroups, groupScores } from "lib/features/rip/laplacian.ts";
import { clipParts } from "lib/features/rip/motion.ts";
import { projectBlocks } from "lib/features/rip/projections.ts";
import { ripOptions } from "lib/methods/distlbp_rip.ts";
import { showChart } from "./chart.ts";
import { framePanel } from "./clip_view.ts";
import { openDataset } from "./dataset.ts";
import { type Panel, showPanels, stretched } from "./maps.ts";

/** The clips of an experiment, and how they are described. */
export interface RipClips {
  readonly classes: readonly string[];
  readonly samples: readonly Sample[];
  readonly options: RipOptions;
  /** The share of blocks that is shown as selected. */
  readonly share: number;
}

/**
 * Loads an experiment's clips.
 *
 * @param given parameters that differ from the experiment's defaults
 */
export async function openRipClips(
  experiment: Experiment,
  given: Readonly<Record<string, unknown>>,
): Promise<RipClips> {
  const parameters = resolveParameters(experiment, given);
  const { classes, samples } = await openDataset(experiment, given);
  // Where it is chosen fold by fold, a half.
  const share = Number(parameters.groups) || 0.5;
  return { classes, samples, options: ripOptions(parameters), share };
}

function oneOfEach({ classes, samples }: RipClips): Sample[] {
  return classes.flatMap((_, label) => samples.find((s) => s.label === label) ?? []);
}

/** Shows, for one clip of each class, what its frames have in common and what moves in them. */
export async function showParts(clips: RipClips): Promise<void> {
  const shown = oneOfEach(clips);
  const names = shown.map(({ clip, label }) => `${clips.classes[label]} (${clip})`);
  await showPanels(
    shown.map(({ input }) => partPanels(greyClip(input), clips.options)),
    `A row a clip: ${
      names.join("; ")
    }. Columns: the key frame that moves most; what it has in common ` +
      "with the others; what moves in it, then in four frames from the first to the last (grey: " +
      "nothing; light: brighter than in common).",
  );
}

/** The frame in which most moves, of a clip `[frames, height, width]`; of equal ones the first. */
export function strongestFrame({ data, shape }: Volume): number {
  const [frames = 0, height = 0, width = 0] = shape;
  const energies = Array.from({ length: frames }, (_, frame) => {
    const start = frame * height * width;
    return data.subarray(start, start + height * width).reduce((sum, v) => sum + v * v, 0);
  });
  return energies.indexOf(Math.max(...energies));
}

/** The panels of one clip. */
export function partPanels(clip: Volume, options: RipOptions): Panel[] {
  const { common, motion } = clipParts(clip, options);
  const strongest = strongestFrame(motion);
  const frames = clip.shape[0]!;
  const others = [0, 1, 2, 3].map((k) => Math.round(k * (frames - 1) / 3));
  const range = motion.data.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
  const signed = { ...motion, data: motion.data.map((value) => 0.5 + value / (2 * range)) };
  return [
    framePanel(clip, strongest),
    framePanel(common, strongest),
    ...[strongest, ...others].map((frame) => framePanel(signed, frame)),
  ];
}

/** Shows the projections of the whole face, a curve a class. */
export async function showProjections(clips: RipClips): Promise<void> {
  for (const chart of projectionCharts(clips)) await showChart(chart);
}

/** How many curves a chart can tell apart. */
const mostCurves = 4;

/**
 * The projections on the horizontal and the vertical axis of what moves in one clip of each class, in the
 * frame in which most moves; of the first four classes.
 */
export function projectionCharts(clips: RipClips): Chart[] {
  const lines = oneOfEach(clips).slice(0, mostCurves).map(({ input, label }) => {
    const { motion } = clipParts(greyClip(input), clips.options);
    const frame = strongestFrame(motion);
    const [face] = projectBlocks(motion, 1);
    const at = ({ values, length }: { values: Float64Array; length: number }) =>
      values.subarray(frame * length, (frame + 1) * length);
    return { name: clips.classes[label]!, columns: at(face!.columns), rows: at(face!.rows) };
  });
  const places = Float64Array.from(lines[0]!.columns, (_, i) => i);
  const notes = ["One clip of each class, in the frame that moves most"];
  return [
    curves({
      title: "Projection on the horizontal axis",
      notes,
      x: { title: "pixels from the left", values: places },
      y: "mean of a column's motion",
      series: lines.map(({ name, columns }) => ({ name, values: columns })),
    }),
    curves({
      title: "Projection on the vertical axis",
      notes,
      x: { title: "pixels from the top", values: places },
      y: "mean of a row's motion",
      series: lines.map(({ name, rows }) => ({ name, values: rows })),
    }),
  ];
}

/**
 * Shows, for each two classes, the Laplacian scores of the blocks and those that are selected. They come from
 * all clips. That is for looking at: a fold selects by its training clips.
 */
export async function showBlocks(clips: RipClips): Promise<void> {
  const { classes, samples, options, share } = clips;
  const table = compareGroups({
    train: samples.map(({ input }) => ripDescriptor(greyClip(input), options)),
    others: [],
    length: blockLength(options),
    products: false,
  });
  const face = framePanel(greyClip(samples[0]!.input), 0);
  const names: string[] = [];
  const rows = classes.flatMap((_, first) =>
    classes.slice(first + 1).map((_, k) => {
      const pair = [first, first + 1 + k];
      names.push(pair.map((label) => classes[label]).join(" and "));
      const members = [...samples.keys()].filter((i) => pair.includes(samples[i]!.label));
      const labels = members.map((i) => samples[i]!.label);
      const scores = groupScores(table, { members, labels });
      const side = options.blocks;
      return [
        stretched({ width: side, height: side, values: scores.map((score) => -score) }),
        blocksPanel(face, bestGroups(scores, share), side),
      ];
    })
  );
  await showPanels(
    rows,
    `A row for each two classes, from the top: ${
      names.join("; ")
    }. Left: how well each block tells them ` +
      `apart (light: better). Right: the best ${
        Math.round(100 * share)
      } % of the blocks on a face, the ` +
      "others darkened.",
  );
}

/** A face on which all blocks but the selected ones are darkened. */
export function blocksPanel(face: Panel, selected: readonly number[], blocks: number): Panel {
  const { width, height } = face;
  const values = Float32Array.from(face.values, (value) => 0.3 * value);
  const [across, down] = [spansOf(width, blocks, 0), spansOf(height, blocks, 0)];
  for (const block of selected) {
    const [top, bottom] = down[Math.floor(block / blocks)]!;
    const [left, right] = across[block % blocks]!;
    for (let y = top; y < bottom; y++) {
      for (let x = left; x < right; x++) values[y * width + x] = face.values[y * width + x]!;
    }
  }
  return { width, height, values };
}
