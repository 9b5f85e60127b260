/**
 * A picture of some clips: onset, apex and offset side by side.
 *
 * @module
 */
import { toPng } from "lib/charts/render.ts";
import type { Clip, ClipSet } from "lib/data/clip.ts";
import { imageLibrary } from "lib/data/frames.ts";
import type { Frame } from "lib/preprocess/frame.ts";

const width = 150;
const gap = 8;
const text = 16;

/**
 * Draws the first clips of each class, a row a class.
 *
 * @param each how many clips a class
 * @returns a PNG
 */
export async function contactSheet({ clips, classes }: ClipSet, each = 3): Promise<Uint8Array> {
  const first = await clips[0]!.frame(0);
  const height = Math.round((width * first.height) / first.width);
  const cell = { width: 3 * width + 2 * gap, height: height + text + 2 * gap };
  const parts: string[] = [];
  for (const [label, name] of classes.entries()) {
    const top = label * (cell.height + text + gap) + gap;
    parts.push(words(gap, top + text - 3, name, "bold"));
    const shown = spread(clips.filter((clip) => clip.label === label), each);
    for (const [i, clip] of shown.entries()) {
      parts.push(
        await clipParts(clip, { x: gap + i * (cell.width + 2 * gap), y: top + text, height }),
      );
    }
  }
  const [w, h] = [
    each * (cell.width + 2 * gap) + gap,
    classes.length * (cell.height + text + gap) + gap,
  ];
  return await toPng(
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${w}" ` +
      `height="${h}"><rect width="100%" height="100%" fill="white"/>${parts.join("")}</svg>`,
    1,
  );
}

/** Some of the clips at equal distances: the first ones would all be of one subject. */
function spread(clips: readonly Clip[], count: number): Clip[] {
  const shown = Math.min(count, clips.length);
  return Array.from({ length: shown }, (_, i) => clips[Math.floor((i * clips.length) / shown)]!);
}

async function clipParts(
  clip: Clip,
  { x, y, height }: { x: number; y: number; height: number },
): Promise<string> {
  const middle = Math.floor((clip.onset + clip.offset) / 2);
  const positions = [clip.onset, clip.apex ?? middle, clip.offset];
  const pictures = await Promise.all(positions.map(async (position, i) => {
    const left = x + i * (width + gap);
    return `<image x="${left}" y="${y}" width="${width}" height="${height}" preserveAspectRatio="none" ` +
      `xlink:href="data:image/jpeg;base64,${await small(await clip.frame(position), height)}"/>`;
  }));
  const apex = clip.apex === undefined ? `middle ${middle}` : `apex ${clip.apex}`;
  const line = `${clip.clip} ${clip.emotion}: onset ${clip.onset}, ${apex}, offset ${clip.offset}`;
  return pictures.join("") + words(x, y + height + text - 3, line, "normal");
}

/** A frame as a small JPEG, in base64. */
async function small(
  { data, width: w, height: h, channels }: Frame,
  height: number,
): Promise<string> {
  const sharp = await imageLibrary();
  const bytes = data instanceof Uint8Array ? data : Uint8Array.from(data, (value) => value >> 8);
  const jpeg = await sharp(bytes, { raw: { width: w, height: h, channels } })
    .resize(2 * width, 2 * height, { fit: "fill" }).jpeg().toBuffer();
  return jpeg.toString("base64");
}

function words(x: number, y: number, line: string, weight: string): string {
  const escaped = line.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<text x="${x}" y="${y}" font-family="DejaVu Sans" font-size="11" font-weight="${weight}">` +
    `${escaped}</text>`;
}
