/**
 * Showing clips and flow fields.
 *
 * @module
 */
import { type Volume, volume } from "lib/core/volume.ts";
import type { Clip } from "lib/data/clip.ts";
import { encodePng } from "lib/data/image.ts";
import { toGrey } from "lib/preprocess/frame.ts";
import { slice } from "lib/preprocess/key_frames.ts";
import { encodeAnimatedPng } from "./animated_png.ts";
import { type Panel, panelSheet } from "./maps.ts";
import { escapeHtml, show } from "./show.ts";

export { flowColours, showFlow } from "./flow_view.ts";

/** One frame of a clip `[frames, height, width]`. */
export function framePanel({ data, shape }: Volume, frame: number): Panel {
  const [frames = 0, height = 0, width = 0] = shape;
  if (!Number.isInteger(frame) || frame < 0 || frame >= frames) {
    throw new RangeError(`The clip has ${frames} frames and no frame ${frame}`);
  }
  const size = height * width;
  const values = data.subarray(frame * size, (frame + 1) * size);
  return { width, height, values: values.map((value) => Math.min(1, Math.max(0, value))) };
}

/** A panel in the middle of a white square, so that a sheet's square cells do not distort it. */
export function squared(panel: Panel): Panel {
  const { width, height, values } = panel;
  if (width === height) return panel;
  const side = Math.max(width, height);
  const [left, top] = [(side - width) >> 1, (side - height) >> 1];
  const square = new Float32Array(side * side).fill(1);
  for (let i = 0; i < width * height; i++) {
    square[(top + Math.floor(i / width)) * side + left + i % width] = values[i]!;
  }
  return { width: side, height: side, values: square };
}

/** Shows a picture with its caption, which is read out where pictures are not seen. */
async function showPng(
  bytes: Uint8Array,
  caption: string,
  size?: readonly [width: number, height: number],
): Promise<void> {
  const png = bytes.toBase64();
  const text = escapeHtml(caption);
  const [width, height] = (size ?? []).map(Math.round);
  const sized = size === undefined ? "" : `width="${width}" height="${height}" `;
  await show({
    "text/html": `<figure style="margin:0"><img alt="${text}" ${sized}` +
      `style="max-width:100%${size === undefined ? "" : ";image-rendering:pixelated"}" ` +
      `src="data:image/png;base64,${png}"><figcaption>${text}</figcaption></figure>`,
    "image/png": png,
    "text/plain": `[${caption}]`,
  });
}

/**
 * Shows frames of clips as strips, a row a clip.
 *
 * @param clips `[frames, height, width]`, of any lengths
 * @param caption what is seen, in words
 * @param options `frames`: which; default: eight at equal distances. `side`: of each in pixels
 */
export async function showStrip(
  clips: readonly Volume[],
  caption: string,
  { frames, side = 112 }: { readonly frames?: readonly number[]; readonly side?: number } = {},
): Promise<void> {
  const rows = clips.map((clip) => {
    const count = clip.shape[0] ?? 0;
    const shown = Math.min(8, count);
    const places = frames ??
      Array.from({ length: shown }, (_, i) => Math.round(i * (count - 1) / Math.max(1, shown - 1)));
    return places.map((frame) => squared(framePanel(clip, frame)));
  });
  await showPng(encodePng(panelSheet(rows, side)), caption);
}

/**
 * Shows frames of clips as they were filmed, a row a clip, eight at equal distances from onset to offset.
 *
 * @param caption what is seen, in words
 */
export async function showFrames(clips: readonly Clip[], caption: string): Promise<void> {
  const strips = await Promise.all(clips.map(async (clip) => {
    const span = clip.offset - clip.onset;
    const places = Array.from({ length: 8 }, (_, i) => clip.onset + Math.round(i * span / 7));
    return await Promise.all(places.map(async (place) => toGrey(await clip.frame(place))));
  }));
  const panels = strips.map((strip) =>
    strip.map(({ data, shape: [height = 0, width = 0] }): Panel => {
      // The middle square: cells of a sheet are square.
      const side = Math.min(width, height);
      const [left, top] = [(width - side) >> 1, (height - side) >> 1];
      const values = Float32Array.from(
        { length: side * side },
        (_, i) => data[(top + Math.floor(i / side)) * width + left + i % side]!,
      );
      return { width: side, height: side, values };
    })
  );
  await showPng(encodePng(panelSheet(panels)), caption);
}

/**
 * Shows a clip moving, as an animated PNG: it plays in browsers and notebooks without scripts, and other
 * programs show its first frame.
 *
 * @param caption what is seen, in words
 * @param options `fps`: of the display; `side`: the longer one in pixels
 * @throws RangeError when the clip has no pixels or the frame rate is not within 0.01..1000
 */
export async function showClip(
  clip: Volume,
  caption: string,
  { fps = 25, side = 220 }: { readonly fps?: number; readonly side?: number } = {},
): Promise<void> {
  const [, height = 1, width = 1] = clip.shape;
  const scale = side / Math.max(width, height);
  await showPng(encodeAnimatedPng(clip, fps), caption, [scale * width, scale * height]);
}

/**
 * Shows spatio-temporal slices: rows of pixels followed through time, side by side, time downwards.
 *
 * @param clip `[frames, height, width]`
 * @param rows one or several, from the top
 * @param options `caption`: what is seen, in words; `scale`: how many times pixels are enlarged
 * @throws RangeError when there is no row, or no such row
 */
export async function showSlices(
  clip: Volume,
  rows: number | readonly number[],
  { caption, scale = 2 }: { readonly caption?: string; readonly scale?: number } = {},
): Promise<void> {
  const list = typeof rows === "number" ? [rows] : rows;
  const picture = sliceSheet(clip, list);
  const [height = 0, width = 0] = picture.shape;
  const said = `${list.length === 1 ? "Slice of row" : "Slices of the rows"} ${list.join(", ")} ` +
    `through ${clip.shape[0]} frames, time downwards`;
  const size = [scale * width, scale * height] as const;
  await showPng(encodePng(picture), caption ?? said, size);
}

/** Slices side by side with white between: `[frames, width, 3]`. */
export function sliceSheet(clip: Volume, rows: readonly number[]): Volume {
  if (rows.length === 0) throw new RangeError("Cannot show slices without a row");
  const slices = rows.map((row) => slice(clip, row));
  const [frames = 0, width = 0] = slices[0]!.shape;
  const [gap, total] = [2, rows.length * (width + 2) - 2];
  const data = new Float32Array(frames * total * 3).fill(1);
  slices.forEach((pixels, place) => {
    for (let i = 0; i < frames * width; i++) {
      const to = Math.floor(i / width) * total + place * (width + gap) + i % width;
      data.fill(pixels.data[i]!, 3 * to, 3 * to + 3);
    }
  });
  return volume(data, [frames, total, 3]);
}
