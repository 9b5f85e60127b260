/**
 * What an image file says about itself, read from its first bytes without decoding it.
 *
 * @module
 */
import { DataError } from "lib/core/errors.ts";

/** The form of an image file. */
export interface ImageHeader {
  readonly format: "jpeg" | "png" | "bmp";
  readonly width: number;
  readonly height: number;
  /** Colour channels of the pixels, without alpha; 4 is a JPEG in CMYK. A palette counts as 3. */
  readonly channels: 1 | 3 | 4;
  /** Bits a channel that a decoded pixel needs. */
  readonly depth: 8 | 16;
}

// Far above what the databases hold (2040×1088), far below what would exhaust memory, even with as many
// images at once as are read side by side.
const maxPixels = 4096 * 4096;

/** The largest image file that is read, in bytes. */
export const maxImageBytes: number = 64 * 2 ** 20;

/** What to do about a bad image. */
export const copyAgain = "Copy the file again from where the data set came from";

/**
 * Reads the header of a JPEG, PNG or BMP file, told apart by content, whatever the name says.
 *
 * @param file its name for the message
 * @throws DataError naming the file when it is empty, of another format, cut off within its header,
 * without pixels, or so large (over 4096×4096 pixels or 64 MiB) that it can only be meant to harm
 */
export function imageHeader(bytes: Uint8Array, file: string): ImageHeader {
  if (bytes.length === 0) throw new DataError("The file is empty", { file, fix: copyAgain });
  if (bytes.length > maxImageBytes) {
    throw tooLarge(`${Math.round(bytes.length / 2 ** 20)} MiB`, file);
  }
  const header = readHeader(bytes);
  if (header === "unknown") {
    throw new DataError("Not a JPEG, PNG or BMP image", { file, fix: copyAgain });
  }
  if (header === "cut") throw new DataError("The image is cut off", { file, fix: copyAgain });
  const { width, height } = header;
  if (width < 1 || height < 1) throw new DataError("The image has no pixels", { file });
  if (width * height > maxPixels) throw tooLarge(`${width}×${height} pixels`, file);
  return header;
}

function tooLarge(size: string, file: string): DataError {
  return new DataError(`${size} are more than a frame can have`, {
    file,
    fix: "Frames have at most 4096×4096 pixels; remove the file or copy it again",
  });
}

type Read = ImageHeader | "cut" | "unknown";

function readHeader(bytes: Uint8Array): Read {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    if (startsWith(bytes, [0xff, 0xd8, 0xff])) return jpegHeader(view);
    if (startsWith(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return pngHeader(view);
    if (startsWith(bytes, [0x42, 0x4d])) return bmpHeader(view);
  } catch (error) {
    // DataView's word for reading past the end.
    if (error instanceof RangeError) return "cut";
    throw error;
  }
  return "unknown";
}

function startsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, i) => bytes[i] === byte);
}

function pngHeader(view: DataView): Read {
  const type = view.getUint8(25);
  // Colour types: 0 grey, 2 RGB, 3 palette, 4 grey with alpha, 6 RGB with alpha.
  return {
    format: "png",
    width: view.getUint32(16),
    height: view.getUint32(20),
    channels: type === 0 || type === 4 ? 1 : 3,
    depth: view.getUint8(24) === 16 ? 16 : 8,
  };
}

function bmpHeader(view: DataView): Read {
  return {
    format: "bmp",
    width: view.getInt32(18, true),
    height: Math.abs(view.getInt32(22, true)), // Negative: the rows run from top to bottom.
    channels: 3,
    depth: 8,
  };
}

/** Walks the segments up to the first frame header (SOF), which holds the size. */
function jpegHeader(view: DataView): Read {
  let at = 2;
  while (true) {
    while (view.getUint8(at) === 0xff) at++; // The marker's first byte may repeat as padding.
    const marker = view.getUint8(at++);
    // C4, C8 and CC share the range of frame headers but are tables and extensions.
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      const components = view.getUint8(at + 7);
      if (components !== 1 && components !== 3 && components !== 4) return "unknown";
      return {
        format: "jpeg",
        height: view.getUint16(at + 3),
        width: view.getUint16(at + 5),
        channels: components,
        depth: 8,
      };
    }
    if (marker === 0xd9 || marker === 0xda) return "cut"; // Image data or the end without a size.
    if (marker < 0x01 || (marker >= 0xd0 && marker <= 0xd7)) return "unknown";
    at += view.getUint16(at);
  }
}
