/**
 * Clips as animated PNG files, which play in browsers without scripts or styles; programs that do not
 * know them show the first frame.
 *
 * @module
 */
import { crc32 } from "node:zlib";
import { encode } from "fast-png";
import type { Volume } from "lib/core/volume.ts";

const signatureLength = 8;

/** A piece of a PNG file. */
interface Chunk {
  readonly type: string;
  readonly data: Uint8Array;
}

/**
 * Encodes a clip as a grey animated PNG that repeats for ever (W3C, "Portable Network Graphics
 * Specification, third edition": chunks acTL, fcTL and fdAT).
 *
 * @param clip `[frames, height, width]`, intensities 0..1; what is outside is clipped
 * @param fps frames a second, of the display
 * @throws RangeError when the clip has no pixels, or the frame rate is not within 0.01..1000
 */
export function encodeAnimatedPng({ data, shape }: Volume, fps: number): Uint8Array {
  const [frames = 0, height = 0, width = 0] = shape;
  if (shape.length !== 3 || data.length === 0) {
    throw new RangeError(`Cannot animate a clip of [${shape.join(", ")}]`);
  }
  if (!(fps >= 0.01 && fps <= 1000)) {
    throw new RangeError(`Expected 0.01 to 1000 frames a second, got ${fps}`);
  }
  const size = height * width;
  const pictures = Array.from({ length: frames }, (_, i) => {
    const levels = Uint8Array.from(
      data.subarray(i * size, (i + 1) * size),
      (x) => Math.min(255, Math.max(0, Math.round(255 * x))),
    );
    return encode({ data: levels, width, height, channels: 1, depth: 8 });
  });
  const header = chunksOf(pictures[0]!).find(({ type }) => type === "IHDR")!;
  let sequence = 0;
  const chunks = pictures.flatMap((picture, i): Chunk[] => {
    const control = { type: "fcTL", data: frameControl(sequence++, [width, height], fps) };
    const pixels = chunksOf(picture).filter(({ type }) => type === "IDAT");
    if (i === 0) return [control, ...pixels];
    const numbered = pixels.map(({ data }) => ({
      type: "fdAT",
      data: joined([bigEndian(sequence++), data]),
    }));
    return [control, ...numbered];
  });
  const animation = { type: "acTL", data: joined([bigEndian(frames), bigEndian(0)]) };
  const end = { type: "IEND", data: new Uint8Array() };
  const all = [header, animation, ...chunks, end].map(chunkBytes);
  return joined([pictures[0]!.subarray(0, signatureLength), ...all]);
}

/** Whole frames, each shown in place of the one before for 1 / fps seconds. */
function frameControl(
  sequence: number,
  [width, height]: readonly [number, number],
  fps: number,
): Uint8Array {
  // The delay is a fraction of two 16-bit numbers: below one frame a second, hundredths.
  const [numerator, denominator] = fps < 1
    ? [Math.round(100 / fps), 100]
    : [50, Math.round(50 * fps)];
  const short = (value: number) => Uint8Array.of(value >> 8, value & 255);
  return joined([
    ...[sequence, width, height, 0, 0].map(bigEndian),
    short(numerator),
    short(denominator),
    Uint8Array.of(0, 0),
  ]);
}

/** The pieces of a PNG file. */
function chunksOf(png: Uint8Array): Chunk[] {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  const chunks: Chunk[] = [];
  for (let at = signatureLength; at < png.length;) {
    const length = view.getUint32(at);
    const type = new TextDecoder("latin1").decode(png.subarray(at + 4, at + 8));
    chunks.push({ type, data: png.subarray(at + 8, at + 8 + length) });
    at += length + 12;
  }
  return chunks;
}

function chunkBytes({ type, data }: Chunk): Uint8Array {
  const body = joined([new TextEncoder().encode(type), data]);
  return joined([bigEndian(data.length), body, bigEndian(crc32(body))]);
}

function bigEndian(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
