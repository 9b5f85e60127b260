/**
 * Showing clips and flow fields.
 *
 * @module
 */
import { type Volume, volume } from "lib/core/volume.ts";
import type { Clip } from "lib/data/clip.ts";
import { encodePng } from "lib/data/image.ts";
import type { FlowField } from "lib/preprocess/flow_field.ts";
import { toGrey } from "lib/preprocess/frame.ts";
import { escapeHtml, show, showHtml } from "./show.ts";
import { type Panel, panelSheet } from "./maps.ts";

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

/** A picture that is shown with its caption, and read out where pictures are not seen. */
async function showPicture(picture: Volume, caption: string): Promise<void> {
  const png = encodePng(picture).toBase64();
  const text = escapeHtml(caption);
  await show({
    "text/html": `<figure style="margin:0"><img alt="${text}" style="max-width:100%" ` +
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
    return places.map((frame) => framePanel(clip, frame));
  });
  await showPicture(panelSheet(rows, side), caption);
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
  await showPicture(panelSheet(panels), caption);
}

/**
 * Shows a clip moving: all frames in one picture behind a window that style sheets move, so that it plays
 * without scripts; where styles are stripped, its frames stand side by side.
 *
 * @param options `fps`: of the display; `side`: in pixels
 */
export async function showClip(
  clip: Volume,
  caption: string,
  { fps = 25, side = 220 }: { readonly fps?: number; readonly side?: number } = {},
): Promise<void> {
  const [frames = 0] = clip.shape;
  const strip = bare(clip);
  const png = encodePng(strip).toBase64();
  const text = escapeHtml(caption);
  // The name tells two clips of one page apart; equal clips may share it.
  const name = `clip-${frames}-${png.length}`;
  const seconds = (frames / fps).toFixed(2);
  await show({
    "text/html":
      `<style>@keyframes ${name}{to{background-position-x:-${frames * side}px}}</style>` +
      `<div role="img" aria-label="${text}" style="width:${side}px;height:${side}px;` +
      `background:url(data:image/png;base64,${png}) 0 0/${frames * side}px ${side}px;` +
      `animation:${name} ${seconds}s steps(${frames}) infinite"></div><div>${text}</div>`,
    "image/png": png,
    "text/plain": `[${caption}]`,
  });
}

/** Frames side by side without gaps. */
function bare(clip: Volume): Volume {
  const [frames = 0, height = 0, width = 0] = clip.shape;
  const data = new Float32Array(frames * height * width * 3);
  for (let i = 0; i < clip.data.length; i++) {
    const [frame, y, x] = [
      Math.floor(i / (height * width)),
      Math.floor(i / width) % height,
      i % width,
    ];
    const value = Math.min(1, Math.max(0, clip.data[i]!));
    data.fill(
      value,
      3 * ((y * frames + frame) * width + x),
      3 * ((y * frames + frame) * width + x) + 3,
    );
  }
  return volume(data, [height, frames * width, 3]);
}

/**
 * Shows a flow field: arrows every few pixels over a picture, enlarged so that the longest spans a step,
 * and the field in colours, hue for direction and saturation for length.
 *
 * @param behind the image `[height, width]` the flow starts from
 */
export async function showFlow(flow: FlowField, behind: Volume, caption: string): Promise<void> {
  const { width, height } = flow;
  const longest = flow.u.reduce((most, u, i) => Math.max(most, Math.hypot(u, flow.v[i]!)), 0);
  const grey = encodePng(panelSheet([[{ width, height, values: behind.data }]], 2 * width));
  const said = `${caption}. Longest: ${longest.toFixed(2)} pixels`;
  const figure = (content: string) =>
    `<figure style="display:inline-block;margin:4px">${content}</figure>`;
  const arrows = `<svg width="${2 * width}" height="${2 * height}" role="img" ` +
    `aria-label="${escapeHtml(said)}"><image width="${2 * width}" height="${2 * height}" ` +
    `href="data:image/png;base64,${grey.toBase64()}"/>${arrowLines(flow, longest)}</svg>`;
  const colours = `<img alt="" width="${2 * width}" height="${2 * height}" ` +
    `src="data:image/png;base64,${encodePng(flowColours(flow, longest)).toBase64()}">`;
  await showHtml(
    `${figure(arrows)}${figure(colours)}<div>${
      escapeHtml(said)
    }. Colours: red right, green down, ` +
      "cyan left, violet up; pale is short</div>",
    `[${said}]`,
  );
}

function arrowLines({ u, v, width, height }: FlowField, longest: number): string {
  const step = Math.max(4, Math.round(width / 18));
  const scale = longest === 0 ? 0 : 2 * step / longest;
  const lines: string[] = [];
  for (let y = step >> 1; y < height; y += step) {
    for (let x = step >> 1; x < width; x += step) {
      const [dx, dy] = [scale * u[y * width + x]!, scale * v[y * width + x]!];
      if (Math.hypot(dx, dy) < 1) continue;
      const [fromX, fromY] = [2 * x, 2 * y];
      lines.push(
        `<path d="M${fromX} ${fromY}l${dx.toFixed(1)} ${dy.toFixed(1)}"/>` +
          `<circle cx="${fromX}" cy="${fromY}" r="1.5"/>`,
      );
    }
  }
  return `<g stroke="#ffd91a" fill="#ffd91a" stroke-width="1.5">${lines.join("")}</g>`;
}

/** Hue by direction, saturation by length, white where nothing moves: `[height, width, 3]`. */
export function flowColours({ u, v, width, height }: FlowField, longest: number): Volume {
  const data = new Float32Array(width * height * 3);
  for (let i = 0; i < width * height; i++) {
    const share = longest === 0 ? 0 : Math.hypot(u[i]!, v[i]!) / longest;
    const hue = 3 * Math.atan2(v[i]!, u[i]!) / Math.PI;
    for (let channel = 0; channel < 3; channel++) {
      // Six sectors: a channel is full within one of its hue, and falls off over the next.
      const away = Math.abs((((hue - 2 * channel) % 6) + 9) % 6 - 3);
      const pure = Math.min(1, Math.max(0, 2 - away));
      data[3 * i + channel] = 1 - share * (1 - pure);
    }
  }
  return volume(data, [height, width, 3]);
}
