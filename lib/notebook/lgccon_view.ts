/**
 * LGCcon at work, for its notebook.
 *
 * @module
 */
import { curves } from "lib/charts/mod.ts";
import { rng } from "lib/core/rng.ts";
import type { Volume } from "lib/core/volume.ts";
import type { Dataset, Sample } from "lib/data/types.ts";
import { resolveParameters } from "lib/experiment/parameters.ts";
import type { Experiment, Parameters } from "lib/experiment/types.ts";
import { greyClip } from "lib/features/lbp/grey_clip.ts";
import { apexFrame, method, networkOptions, spottingOptions } from "lib/methods/lgccon.ts";
import { lgcconRegions, localStrips } from "lib/networks/lgccon.ts";
import { spotApexByFft } from "lib/preprocess/fft_apex.ts";
import { openBackend, tf } from "lib/train/backend.ts";
import { fit, stackInputs } from "lib/train/fit.ts";
import { fitSettings } from "lib/train/network.ts";
import { openTrainer } from "lib/train/trainer.ts";
import { showChart } from "./chart.ts";
import { framePanel, showStrip } from "./clip_view.ts";
import { openDataset } from "./dataset.ts";
import { type Panel, showPanels, stretched } from "./maps.ts";

/** The clips of an experiment and what they are looked at with. */
export interface LgcconClips {
  readonly data: Dataset;
  readonly parameters: Parameters;
}

/**
 * Loads an experiment's clips as its method sees them.
 *
 * @param given parameters that differ from the experiment's defaults
 */
export async function lgcconClips(
  experiment: Experiment,
  given: Readonly<Record<string, unknown>>,
): Promise<LgcconClips> {
  const parameters = resolveParameters(experiment, given);
  return { data: await openDataset(experiment, given), parameters };
}

/**
 * Shows how the apex of a clip is spotted: its frames, the score of each frame, and the scores of the
 * blocks of the face at the apex.
 *
 * @param place of the clip in the data set
 * @throws RangeError when there is no such clip
 */
export async function showSpotting({ data, parameters }: LgcconClips, place = 0): Promise<void> {
  const sample = data.samples[place];
  if (sample === undefined) {
    throw new RangeError(`${data.name} has ${data.samples.length} clips and no clip ${place}`);
  }
  const clip = greyClip(sample.input);
  const { apex, curve, blockScores } = spotApexByFft(clip, spottingOptions(parameters));
  await showStrip([clip], `${sample.clip}, magnified: eight of the ${curve.length} key frames`);
  await showChart(curves({
    title: "What is left of the spectrum around each key frame",
    notes: data.synthetic ? ["synthetic data: this says nothing about faces"] : [],
    x: { title: "key frame", values: curve.map((_, frame) => frame) },
    y: "sum of magnitudes",
    series: [{ name: "all blocks", values: curve }],
    marks: [{ name: "spotted", frame: apex }],
  }));
  await showPanels(
    [[framePanel(clip, apex), stretched(framePanelOf(blockScores, apex))]],
    `Key frame ${apex} of ${sample.clip}, the spotted apex, and what its blocks add; light is much`,
  );
}

/** A frame of `[frames, height, width]` as it is, whatever its values. */
function framePanelOf({ data, shape: [, height = 0, width = 0] }: Volume, frame: number): Panel {
  const size = height * width;
  return { width, height, values: data.subarray(frame * size, (frame + 1) * size) };
}

/**
 * Trains on all subjects but the first, and shows for one clip of each class of that subject the apex
 * frame, and the same lit by what the strips of the face say for each class.
 */
export async function showRegions({ data, parameters }: LgcconClips): Promise<void> {
  const { samples, classes } = data;
  const subject = samples[0]?.subject;
  const held = classes.flatMap((_, label) =>
    samples.find((s) => s.subject === subject && s.label === label) ?? []
  );
  const scores = await regionScores({ data, parameters }, held);
  await showPanels(
    held.map(({ input }, i) => {
      const face = stretched(framePanel(asFrame(apexFrame(input, spottingOptions(parameters))), 0));
      return [face, ...classes.map((_, label) => lit(face, scores[i]!.map((row) => row[label]!)))];
    }),
    `A row a clip of ${subject}, which the network did not train on: ${
      held.map((s) => `${classes[s.label]} (${s.clip})`).join("; ")
    }. Columns: the apex frame, then the same lit by the scores of its strips for ${
      classes.join(", ")
    }; light strips speak for the class, and the most convinced one decides the local branch.`,
  );
}

/** Scores before the softmax of clips that are held out, `[clips][strips][classes]`. */
export async function regionScores(
  { data, parameters }: LgcconClips,
  held: readonly Sample[],
): Promise<number[][][]> {
  await openBackend();
  const seen = (sample: Sample): Sample => ({
    ...sample,
    input: apexFrame(sample.input, spottingOptions(parameters)),
  });
  const subjects = new Set(held.map(({ subject }) => subject));
  const classes = data.classes.length;
  const trainer = await fit({
    block: method.build(classes, parameters),
    train: data.samples.filter((s) => !subjects.has(s.subject)).map(seen),
    classes,
    settings: fitSettings(parameters),
    rng: rng(1, method.id, "regions"),
    loss: method.objective!(parameters).loss,
  });
  const regions = openTrainer({
    block: lgcconRegions(networkOptions(classes, parameters)),
    initial: trainer.weights(),
    rng: rng(1),
    ...fitSettings(parameters),
  });
  try {
    return tf.tidy(() => regions.predict(stackInputs(held.map(seen))).arraySync() as number[][][]);
  } finally {
    trainer.dispose();
    regions.dispose();
  }
}

/** An image as a clip of one frame with values 0..1. */
function asFrame({ data, shape: [height = 0, width = 0] }: Volume): Volume {
  const { values } = stretched({ width, height, values: data });
  return { data: Float32Array.from(values), shape: [1, height, width] };
}

/**
 * A face whose columns are as bright as the highest score of the strips over them, 0.2 to 1.
 *
 * @param scores a number a strip, in the order of `localStrips`
 */
export function lit(face: Panel, scores: readonly number[]): Panel {
  const [low, high] = [Math.min(...scores), Math.max(...scores)];
  const columns = Array.from({ length: face.width }, (_, x) => {
    const over = scores.filter((_, i) => {
      const [from, to] = localStrips[i]!;
      return (x + 0.5) / face.width >= from && (x + 0.5) / face.width <= to;
    });
    return high === low ? 1 : 0.2 + 0.8 * (Math.max(...over) - low) / (high - low);
  });
  const values = Array.from(face.values, (value, i) => value * columns[i % face.width]!);
  return { ...face, values };
}
