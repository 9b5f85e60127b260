/**
 * Showing flow fields.
 *
 * @module
 */
import { type Volume, volume } from "lib/core/volume.ts";
import { encodePng } from "lib/data/image.ts";
import type { FlowField } from "lib/preprocess/flow_field.ts";
import { escapeHtml, showSvg } from "./show.ts";

/** How many times a flow field's pixels are enlarged. */
const enlarged = 2;

/**
 * Shows a flow field twice: as arrows every few pixels over a picture, enlarged so that the longest spans
 * two steps, with an arrow of known length below; and in colours, hue for direction and saturation for
 * length, with the wheel of all directions.
 *
 * @param behind the image `[height, width]` the flow starts from
 * @param caption what is seen, in words
 * @throws RangeError when the image is of another size, or a displacement is not finite
 */
export async function showFlow(flow: FlowField, behind: Volume, caption: string): Promise<void> {
  const longest = longestOf(flow);
  await showSvg(
    flowSvg(flow, behind, caption),
    `[${caption}. Longest: ${longest.toFixed(2)} pixels]`,
  );
}

/**
 * How far each pixel moves, frame by frame.
 *
 * @param clip flow `[frames, height, width, 2]`
 * @returns `[frames, height, width]`, in the flow's unit
 */
export function flowLengths({ data, shape }: Volume): Volume {
  const lengths = Float32Array.from(
    { length: data.length / 2 },
    (_, i) => Math.hypot(data[2 * i]!, data[2 * i + 1]!),
  );
  return volume(lengths, shape.slice(0, 3));
}

/** The picture that {@linkcode showFlow} shows. */
export function flowSvg(flow: FlowField, behind: Volume, caption: string): string {
  const { width: w, height: h } = flow;
  if (behind.shape.length !== 2 || behind.shape[0] !== h || behind.shape[1] !== w) {
    throw new RangeError(
      `The flow is of ${w}×${h} pixels, the image behind it [${behind.shape.join(", ")}]`,
    );
  }
  const longest = longestOf(flow);
  const [width, height, gap, legend] = [enlarged * w, enlarged * h, 12, 76];
  const said = escapeHtml(`${caption}. Longest: ${longest.toFixed(2)} pixels`);
  const grey = volume(
    Float32Array.from({ length: 3 * w * h }, (_, i) => behind.data[Math.floor(i / 3)]!),
    [h, w, 3],
  );
  // A small flow field must not cut the wheel's words off.
  const total = [Math.max(2 * width + gap, width + gap + 240), height + legend];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${total[0]}" height="${total[1]}" ` +
    `viewBox="0 0 ${total.join(" ")}" role="img" aria-label="${said}"><title>${said}</title>` +
    image(grey, [0, 0, width, height]) + arrowLines(flow, longest) +
    image(flowColours(flow, longest), [width + gap, 0, width, height]) +
    `<g transform="translate(4 ${height + 24})">${keyArrow(flow, longest)}</g>` +
    `<g transform="translate(${width + gap + 4} ${height + 6})">${wheel(longest)}</g></svg>`;
}

function longestOf({ u, v }: FlowField): number {
  let longest = 0;
  for (let i = 0; i < u.length; i++) {
    const length = Math.hypot(u[i]!, v[i]!);
    if (!Number.isFinite(length)) {
      throw new RangeError(`The flow is (${u[i]}, ${v[i]}) at ${i}, which has no length to show`);
    }
    longest = Math.max(longest, length);
  }
  return longest;
}

type Box = readonly [x: number, y: number, width: number, height: number];

function image(picture: Volume, [x, y, width, height]: Box): string {
  return `<image x="${x}" y="${y}" width="${width}" height="${height}" ` +
    `preserveAspectRatio="none" style="image-rendering:pixelated" ` +
    `href="data:image/png;base64,${encodePng(picture).toBase64()}"/>`;
}

/** Distance of the arrows in pixels of the flow, and how many units of the picture a pixel spans. */
function arrowScale({ width }: FlowField, longest: number): { step: number; scale: number } {
  const step = Math.max(4, Math.round(width / 18));
  return { step, scale: longest === 0 ? 0 : enlarged * 2 * step / longest };
}

function arrowLines(flow: FlowField, longest: number): string {
  const { u, v, width, height } = flow;
  const { step, scale } = arrowScale(flow, longest);
  const lines: string[] = [];
  for (let y = step >> 1; y < height; y += step) {
    for (let x = step >> 1; x < width; x += step) {
      const i = y * width + x;
      const [dx, dy] = [scale * u[i]!, scale * v[i]!];
      if (Math.hypot(dx, dy) >= 1) lines.push(arrow([enlarged * x, enlarged * y], [dx, dy]));
    }
  }
  return `<g stroke="#ffd91a" fill="#ffd91a" stroke-width="1.5">${lines.join("")}</g>`;
}

/** A line with a dot where it starts. */
function arrow(
  [x, y]: readonly [number, number],
  [dx, dy]: readonly [number, number],
): string {
  return `<path d="M${x} ${y}l${dx.toFixed(1)} ${dy.toFixed(1)}"/>` +
    `<circle cx="${x}" cy="${y}" r="1.5"/>`;
}

/** An arrow of 1, 2 or 5 times a power of ten pixels, as the arrows above are drawn, and its length. */
function keyArrow(flow: FlowField, longest: number): string {
  if (longest === 0) return text(0, 4, "no motion");
  const power = 10 ** Math.floor(Math.log10(longest));
  const length = [5, 2, 1].map((n) => n * power).find((n) => n <= longest) ?? power;
  const drawn = length * arrowScale(flow, longest).scale;
  const said = Number(length.toPrecision(1));
  return `<g stroke="#1a1a1a" fill="#1a1a1a" stroke-width="1.5">${arrow([0, 0], [drawn, 0])}</g>` +
    text(drawn + 8, 4, `${said} ${said === 1 ? "pixel" : "pixels"}, from the dot`);
}

/** All directions, the longest displacement at the rim. */
function wheel(longest: number): string {
  const [side, radius] = [64, 31.5];
  const offset = (i: number) => (i - radius) / radius;
  const reach = longest === 0 ? 1 : longest;
  const component = (of: (i: number) => number) =>
    Float32Array.from({ length: side * side }, (_, i) => reach * offset(of(i)));
  const [u, v] = [component((i) => i % side), component((i) => Math.floor(i / side))];
  // White outside the circle, as no displacement is longer.
  for (let i = 0; i < u.length; i++) if (Math.hypot(u[i]!, v[i]!) > reach) u[i] = v[i] = 0;
  return image(flowColours({ u, v, width: side, height: side }, reach), [0, 0, side, side]) +
    text(side + 8, 18, "red right, green down,") +
    text(side + 8, 34, "cyan left, violet up;") +
    text(side + 8, 50, `rim: ${longest.toFixed(2)} pixels; white: none`);
}

function text(x: number, y: number, content: string): string {
  return `<text x="${x}" y="${y}" font-family="sans-serif" font-size="11" fill="#1a1a1a" ` +
    `stroke="none">${escapeHtml(content)}</text>`;
}

/**
 * A flow field in colours: hue by direction (red right, yellow-green down, cyan left, violet up),
 * saturation by length, white where nothing moves.
 *
 * @param longest the length that is fully saturated; longer ones look the same
 * @returns `[height, width, 3]`
 */
export function flowColours({ u, v, width, height }: FlowField, longest: number): Volume {
  const data = new Float32Array(width * height * 3);
  for (let i = 0; i < width * height; i++) {
    const share = longest === 0 ? 0 : Math.min(1, Math.hypot(u[i]!, v[i]!) / longest);
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
