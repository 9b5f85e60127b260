/**
 * Windows bitmaps, in the forms that cameras and MATLAB write.
 *
 * @module
 */
import { decode } from "fast-bmp";
import { DataError } from "lib/core/errors.ts";
import type { Frame } from "lib/preprocess/frame.ts";
import { copyAgain } from "./image_header.ts";

const resave = "Save the frame as a BMP of 8, 24 or 32 bits without compression, or as a PNG";

interface Layout {
  readonly width: number;
  readonly height: number;
  readonly bits: 8 | 24 | 32;
  readonly topDown: boolean;
  readonly masks: boolean;
  /** Where the pixels begin. */
  readonly pixels: number;
  /** Where the palette begins; it ends where the pixels begin. */
  readonly palette: number;
}

/**
 * Decodes a BMP of 8 bits (grey or palette), 24 or 32 bits, without compression.
 *
 * @returns one channel when a palette of 8 bits holds nothing but greys, else three
 * @throws DataError naming the file when it is cut off or of another form
 */
export function decodeBmp(bytes: Uint8Array, file: string): Frame {
  const layout = layoutOf(bytes, file);
  const { width, height, bits } = layout;
  const pixels = decoded(bits === 32 && !layout.masks ? withMasks(bytes) : upright(bytes), file);
  const rows = layout.topDown ? flipped(pixels, pixels.length / height) : pixels;
  if (bits === 24) return { data: rows, width, height, channels: 3 };
  if (bits === 32) return { data: withoutAlpha(rows), width, height, channels: 3 };
  return coloured(rows, bytes, layout);
}

function decoded(bytes: Uint8Array, file: string): Uint8Array {
  // The library reads masks even where there are none, past the end of an image of two pixels.
  const padded = new Uint8Array(bytes.length < shortest ? shortest : 0);
  if (padded.length > 0) padded.set(bytes);
  try {
    return decode(padded.length > 0 ? padded : bytes).data as Uint8Array;
  } catch (error) {
    const what = `The image is damaged (${(error as Error).message})`;
    throw new DataError(what, { file, fix: copyAgain });
  }
}

/** Both headers and three masks. */
const shortest = 66;

function layoutOf(bytes: Uint8Array, file: string): Layout {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const cut = bytes.length < (bytes.length > 30 && bytes[30] === 3 ? shortest : 54);
  if (cut) throw new DataError("The image is cut off", { file, fix: copyAgain });
  const [headerSize, compression] = [view.getUint32(14, true), view.getUint32(30, true)];
  const [bits, height] = [view.getUint16(28, true), view.getInt32(22, true)];
  const fields = compression === 3 && bits === 32;
  if (headerSize < 40 || (bits !== 8 && bits !== 24 && bits !== 32)) {
    throw new DataError(`Cannot read a BMP of ${bits} bits a pixel`, { file, fix: resave });
  }
  if (compression !== 0 && !fields) {
    throw new DataError("Cannot read a BMP with compression", { file, fix: resave });
  }
  const layout: Layout = {
    width: view.getInt32(18, true),
    height: Math.abs(height),
    bits,
    topDown: height < 0,
    masks: fields,
    pixels: view.getUint32(10, true),
    palette: 14 + headerSize,
  };
  const rowBytes = 4 * Math.ceil((layout.width * bits) / 32);
  if (layout.pixels < layout.palette || bytes.length < layout.pixels + rowBytes * layout.height) {
    throw new DataError("The image is cut off", { file, fix: copyAgain });
  }
  if (
    fields && [0xff0000, 0xff00, 0xff].some((mask, i) => view.getUint32(54 + 4 * i, true) !== mask)
  ) {
    throw new DataError("Cannot read a BMP with unusual colour masks", { file, fix: resave });
  }
  return layout;
}

/** The library knows rows from bottom to top only. */
function upright(bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice();
  const view = new DataView(copy.buffer);
  view.setInt32(22, Math.abs(view.getInt32(22, true)), true);
  return copy;
}

/** The library wants 32-bit pixels to come with masks, which older headers leave out. */
function withMasks(bytes: Uint8Array): Uint8Array {
  const pixels = new DataView(bytes.buffer, bytes.byteOffset).getUint32(10, true);
  const copy = new Uint8Array(66 + bytes.length - pixels);
  copy.set(bytes.subarray(0, 54));
  copy.set(bytes.subarray(pixels), 66);
  const view = new DataView(copy.buffer);
  view.setUint32(10, 66, true);
  view.setUint32(30, 3, true);
  [0xff0000, 0xff00, 0xff].forEach((mask, i) => view.setUint32(54 + 4 * i, mask, true));
  return upright(copy);
}

function flipped(pixels: Uint8Array, row: number): Uint8Array {
  const turned = new Uint8Array(pixels.length);
  for (let at = 0; at < pixels.length; at += row) {
    turned.set(pixels.subarray(at, at + row), pixels.length - row - at);
  }
  return turned;
}

function withoutAlpha(pixels: Uint8Array): Uint8Array {
  const data = new Uint8Array((pixels.length / 4) * 3);
  for (let i = 0, j = 0; i < pixels.length; i += 4, j += 3) {
    data[j] = pixels[i]!;
    data[j + 1] = pixels[i + 1]!;
    data[j + 2] = pixels[i + 2]!;
  }
  return data;
}

/** Looks pixels up in the palette: four bytes an entry, blue, green, red and unused. */
function coloured(pixels: Uint8Array, bytes: Uint8Array, { width, height, ...at }: Layout): Frame {
  // No pixel can ask for more than 256 entries, whatever room there is before the pixels.
  const palette = bytes.subarray(at.palette, Math.min(at.pixels, at.palette + 4 * 256));
  const entries = Math.floor(palette.length / 4);
  const greys = Array.from({ length: entries }, (_, i) => palette.subarray(4 * i, 4 * i + 3))
    .every(([b, g, r]) => b === g && g === r);
  if (greys) {
    // A file without a palette means its numbers as they are.
    const data = entries === 0 ? pixels : pixels.map((index) => palette[4 * index] ?? 0);
    return { data, width, height, channels: 1 };
  }
  const data = new Uint8Array(3 * pixels.length);
  pixels.forEach((index, i) => {
    for (let c = 0; c < 3; c++) data[3 * i + c] = palette[4 * index + 2 - c] ?? 0;
  });
  return { data, width, height, channels: 3 };
}
