/**
 * Showing flow maps as pictures.
 *
 * @module
 */
import { sizeOf, type Volume, volume } from "lib/core/volume.ts";
import { encodePng } from "lib/data/image.ts";
import type { UnlabelledSample } from "lib/data/types.ts";
import { show, showMarkdown } from "./show.ts";

/** A grey picture: rows of intensities 0..1. */
export interface Panel {
  readonly width: number;
  readonly height: number;
  readonly values: ArrayLike<number>;
}

/** A panel's values stretched to 0..1, so that small differences show. */
export function stretched(panel: Panel): Panel {
  const values = Array.from(panel.values);
  const low = Math.min(...values);
  const range = Math.max(...values) - low;
  return { ...panel, values: values.map((value) => (range === 0 ? 0 : (value - low) / range)) };
}

/** One channel of an image `[height, width, channels]`. */
export function channelPanel({ data, shape }: Volume, channel: number): Panel {
  const [height = 0, width = 0, channels = 1] = shape;
  const values = Float32Array.from(
    { length: height * width },
    (_, i) => data[i * channels + channel]!,
  );
  return { width, height, values };
}

/**
 * Panels side by side in rows, enlarged without smoothing, as one picture.
 *
 * @param rows rows of panels, all of which are drawn into cells of the same size
 * @param side the side of a cell in pixels
 * @returns `[height, width, 3]`
 */
export function panelSheet(rows: readonly (readonly Panel[])[], side = 112): Volume {
  const gap = 4;
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const shape = [rows.length * (side + gap) + gap, columns * (side + gap) + gap, 3];
  const data = new Float32Array(sizeOf(shape)).fill(1);
  rows.forEach((row, r) =>
    row.forEach((panel, c) => {
      for (let y = 0; y < side; y++) {
        const from = Math.floor(y * panel.height / side) * panel.width;
        const to = (gap + r * (side + gap) + y) * shape[1]! + gap + c * (side + gap);
        for (let x = 0; x < side; x++) {
          const value = panel.values[from + Math.floor(x * panel.width / side)]!;
          data.fill(value, 3 * (to + x), 3 * (to + x) + 3);
        }
      }
    })
  );
  return volume(data, shape);
}

/** Shows a sheet of panels; `alt` says in words what is where. */
export async function showPanels(rows: readonly (readonly Panel[])[], alt: string): Promise<void> {
  await showMarkdown(alt);
  await show({ "image/png": encodePng(panelSheet(rows)).toBase64(), "text/plain": `[${alt}]` });
}

/**
 * Shows the channels of clips' maps, a row a clip.
 *
 * @param channels what the channels are called
 */
export async function showMaps(
  samples: readonly UnlabelledSample[],
  channels: readonly string[],
): Promise<void> {
  const names = samples.map(({ clip }) => clip).join("; ");
  await showPanels(
    samples.map(({ input }) => channels.map((_, channel) => channelPanel(input, channel))),
    `A row a clip (${names}), a column a channel (${channels.join(", ")}); dark is low.`,
  );
}
