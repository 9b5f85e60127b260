/**
 * STCLQP at work, for its notebook.
 *
 * @module
 */
import { rng } from "lib/core/rng.ts";
import type { Volume } from "lib/core/volume.ts";
import type { Sample } from "lib/data/types.ts";
import { resolveParameters } from "lib/experiment/parameters.ts";
import type { Experiment } from "lib/experiment/types.ts";
import type { Codebook } from "lib/features/clqp/codebook.ts";
import { wordHistograms } from "lib/features/clqp/histograms.ts";
import {
  components,
  patternBits,
  patternSets,
  patternsOf,
  ringNeighbours,
} from "lib/features/clqp/patterns.ts";
import { fisherCriterion } from "lib/features/clqp/word_selection.ts";
import { blockCount } from "lib/features/lbp/blocks.ts";
import { greyClip } from "lib/features/lbp/grey_clip.ts";
import { learnCodebooks, type StclqpOptions, stclqpOptions } from "lib/methods/stclqp.ts";
import { framePanel } from "./clip_view.ts";
import { openDataset } from "./dataset.ts";
import { setBits } from "./lbp_view.ts";
import { type Panel, showPanels, stretched } from "./maps.ts";

/** The clips of an experiment, and words to look at them with. */
export interface LearnedWords {
  readonly classes: readonly string[];
  readonly samples: readonly Sample[];
  readonly options: StclqpOptions;
  /** One a set. */
  readonly codebooks: readonly Codebook[];
}

/**
 * Loads an experiment's clips and learns codebooks from all of them. That is for looking at: a fold learns
 * from its training clips.
 *
 * @param given parameters that differ from the experiment's defaults
 */
export async function learnWords(
  experiment: Experiment,
  given: Readonly<Record<string, unknown>>,
): Promise<LearnedWords> {
  const options = stclqpOptions(resolveParameters(experiment, given));
  const { classes, samples } = await openDataset(experiment, given);
  const codebooks = learnCodebooks(samples.map(({ input }) => input), options, rng(1, "codebooks"));
  return { classes, samples, options, codebooks };
}

/**
 * Shows, for one clip of each class: a key frame in the middle; how many neighbours have their bit set in
 * sign, magnitude and orientation, in the planes xy and xt; and the histograms of words of the three.
 */
export async function showPatterns(
  { classes, samples, options, codebooks }: LearnedWords,
): Promise<void> {
  const shown = classes.flatMap((_, label) => samples.find((s) => s.label === label) ?? []);
  await showPanels(
    shown.map(({ input }) => patternPanels(greyClip(input), options, codebooks)),
    `A row a clip: ${
      shown.map((s) => `${classes[s.label]} (${s.clip})`).join("; ")
    }. Columns: a key ` +
      "frame; sign, magnitude and orientation around its pixels in the plane xy, then in xt (light: " +
      "many neighbours are not darker, differ much, change in the same direction); histograms of " +
      "words of sign, magnitude and orientation (blocks from top to bottom; planes, then words from " +
      "left to right; light is frequent, by square roots).",
  );
}

/** The panels of one clip. */
export function patternPanels(
  clip: Volume,
  options: StclqpOptions,
  codebooks: readonly Codebook[],
): Panel[] {
  const { rings, grid } = options;
  const maps = (["xy", "xt"] as const).flatMap((plane) =>
    components.map((component): Panel => {
      const { data, shape } = patternsOf(clip, { component, plane }, rings);
      const [frames, height, width] = shape;
      const start = Math.floor(frames / 2) * height * width;
      const bits = Float32Array.from(data.subarray(start, start + height * width), setBits);
      return { width, height, values: bits.map((count) => count / patternBits) };
    })
  );
  const histograms = wordHistograms(clip, { ...options, codebooks });
  const blocks = blockCount(grid);
  const words = components.map((component) =>
    stretched(sideBySide(
      histograms.flatMap((values, set) =>
        patternSets[set]!.component === component
          // By their square roots, or a few words would leave all others dark.
          ? { width: values.length / blocks, height: blocks, values: values.map(Math.sqrt) }
          : []
      ),
    ))
  );
  const times = clip.shape[0]! - 2 * rings.outer.t;
  return [framePanel(clip, rings.outer.t + Math.floor(times / 2)), ...maps, ...words];
}

/** Panels of equal height as one. */
function sideBySide(panels: readonly Panel[]): Panel {
  const height = panels[0]!.height;
  const values = [...Array(height).keys()].flatMap((row) =>
    panels.flatMap(({ width, values }) =>
      Array.from({ length: width }, (_, i) => values[row * width + i]!)
    )
  );
  return { width: values.length / height, height, values };
}

/** How many words of each set are shown. */
const best = 8;

/** Shows, for each of the nine sets, the words that tell the classes apart best. */
export async function showWords(
  { samples, options, codebooks }: LearnedWords,
): Promise<void> {
  const histograms = samples.map(({ input }) =>
    wordHistograms(greyClip(input), { ...options, codebooks })
  );
  const labels = samples.map(({ label }) => label);
  const rows = codebooks.map(({ bins, words }, set) => {
    const criterion = fisherCriterion({
      rows: histograms.map((h) => h[set]!),
      labels,
      words: bins,
    });
    const order = [...criterion.keys()].sort((a, b) => criterion[b]! - criterion[a]! || a - b);
    return order.slice(0, best).map((word) => wordPanel(words[word]!));
  });
  const names = patternSets.map(({ component, plane }) => `${component} in ${plane}`);
  await showPanels(
    rows,
    `A row a set, from the top: ${names.join("; ")}. From left to right the words that tell the ` +
      "classes apart best: two rings of eight sectors, one a neighbour. White: its bit is set in all " +
      "patterns that belong to the word; black: in none. Time runs downwards in xt and yt; y is " +
      "across in yt, from the bottom up.",
  );
}

/** A word as two rings of sectors, each as light as its bit is frequent, on grey. */
export function wordPanel(word: ArrayLike<number>): Panel {
  const side = 33;
  const middle = (side - 1) / 2;
  const values = Float32Array.from({ length: side * side }, (_, i) => {
    const [x, y] = [(i % side - middle) / middle, (Math.floor(i / side) - middle) / middle];
    const distance = Math.hypot(x, y);
    if (distance < 0.15 || distance > 1 || Math.abs(distance - 0.57) < 0.04) return 0.5;
    const turn = Math.round(Math.atan2(-y, x) / (2 * Math.PI) * ringNeighbours);
    const neighbour = (turn + ringNeighbours) % ringNeighbours;
    return word[distance < 0.57 ? neighbour : ringNeighbours + neighbour]!;
  });
  return { width: side, height: side, values };
}
