/**
 * SLSTT at work, for its notebook.
 *
 * @module
 */
import { rng } from "lib/core/rng.ts";
import { type Volume, volume } from "lib/core/volume.ts";
import { encodePng } from "lib/data/image.ts";
import type { Sample } from "lib/data/types.ts";
import { resolveParameters } from "lib/experiment/parameters.ts";
import type { Experiment } from "lib/experiment/types.ts";
import { flowColours } from "lib/features/flow_colours.ts";
import { method, networkOptions } from "lib/methods/slstt.ts";
import { slsttAttention } from "lib/networks/slstt.ts";
import { openBackend, tf } from "lib/train/backend.ts";
import { fit, stackInputs } from "lib/train/fit.ts";
import { fitSettings } from "lib/train/network.ts";
import { openTrainer } from "lib/train/trainer.ts";
import { withKeptWeights } from "lib/weights/keep.ts";
import { openDataset } from "./dataset.ts";
import { channelPanel, type Panel, panelSheet } from "./maps.ts";
import { show } from "./show.ts";

type Given = Readonly<Record<string, unknown>>;

/**
 * Shows the flow of a clip of each class as the pictures that the authors' network sees, a row a clip.
 *
 * @param given parameters that differ from the experiment's defaults
 */
export async function showFlowPictures(experiment: Experiment, given: Given): Promise<void> {
  const { classes, samples } = await openDataset(experiment, given);
  const chosen = classes.flatMap((_, label) => samples.find((s) => s.label === label) ?? []);
  await showColours(
    chosen.map(({ input }) => framesOf(flowColours(input))),
    `Flow from the onset to each key frame, a row a clip: ${
      chosen.map(({ clip, label }) => `${classes[label]} (${clip})`).join("; ")
    }. Red goes right, cyan left, violet up, green down; light is far, in each frame by itself.`,
  );
}

/**
 * Trains on all subjects but the first, and shows for one clip of each class of that subject what the
 * class token of each frame attends to in the last layer, the mean over its heads, below the frames.
 *
 * @param given parameters that differ from the experiment's defaults
 */
export async function showPatchAttention(experiment: Experiment, given: Given): Promise<void> {
  const data = await openDataset(experiment, given);
  const { classes, samples } = data;
  const subject = samples[0]!.subject;
  const held = classes.flatMap((_, label) =>
    samples.find((s) => s.subject === subject && s.label === label) ?? []
  );
  const parameters = resolveParameters(experiment, await withKeptWeights(experiment, given));
  await openBackend();
  const seen = (sample: Sample): Sample => ({
    ...sample,
    input: method.look!(sample.input, parameters),
  });
  const settings = fitSettings(parameters);
  const trainer = await fit({
    block: method.build(classes.length, parameters),
    train: samples.filter((s) => s.subject !== subject).map(seen),
    classes: classes.length,
    settings,
    rng: rng(1, method.id, "attention"),
  });
  const attention = openTrainer({
    block: slsttAttention(networkOptions(classes.length, parameters)),
    initial: trainer.weights(),
    rng: rng(1),
    ...settings,
  });
  const maps = tf.tidy(() => {
    const byHead = attention.predict(stackInputs(held.map(seen)));
    return tf.mean(byHead, 2).arraySync() as number[][][];
  });
  trainer.dispose();
  attention.dispose();
  await showColours(
    held.flatMap(({ input }, i) => [
      framesOf(flowColours(input)),
      maps[i]!.map((shares) => greyPicture(attentionPanel(shares))),
    ]),
    `Two rows a clip of ${subject}, which the network did not train on: ${
      held.map((s) => `${classes[s.label]} (${s.clip})`).join("; ")
    }. Above the frames, below the patches that each frame's class token attends to: white is the ` +
      "most of a frame, black nothing.",
  );
}

/** Shares of the patches of a square picture, the largest as white. */
export function attentionPanel(shares: readonly number[]): Panel {
  const side = Math.round(Math.sqrt(shares.length));
  const most = Math.max(...shares);
  return { width: side, height: side, values: shares.map((share) => share / most) };
}

function greyPicture({ width, height, values }: Panel): Volume {
  return volume(Float32Array.from({ length: 3 * width * height }, (_, i) => values[i / 3 | 0]!), [
    height,
    width,
    3,
  ]);
}

/** The frames of `[frames, height, width, 3]`. */
function framesOf({ data, shape: [frames = 0, ...shape] }: Volume): Volume[] {
  const size = data.length / frames;
  return Array.from(
    { length: frames },
    (_, i) => volume(data.subarray(i * size, (i + 1) * size), shape),
  );
}

/** Colour pictures `[height, width, 3]` side by side in rows, enlarged without smoothing. */
export function colourSheet(rows: readonly (readonly Volume[])[]): Volume {
  const sheets = [0, 1, 2].map((channel) =>
    panelSheet(rows.map((row) => row.map((picture) => channelPanel(picture, channel))))
  );
  const { data, shape } = sheets[0]!;
  return volume(data.map((_, i) => sheets[i % 3]!.data[i]!), shape);
}

async function showColours(rows: readonly (readonly Volume[])[], caption: string): Promise<void> {
  await show({ "text/markdown": caption, "text/plain": caption });
  const png = encodePng(colourSheet(rows)).toBase64();
  await show({ "image/png": png, "text/plain": `[${caption}]` });
}
