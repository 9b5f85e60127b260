/**
 * Frames from image files: JPEG and PNG by libvips, BMP by fast-bmp.
 *
 * Values are those that the file stores: no colour profile, gamma or orientation is applied. JPEG comes
 * out bit by bit as from libjpeg-turbo, which OpenCV uses too.
 *
 * @module
 */
import { DataError } from "lib/core/errors.ts";
import type { Frame } from "lib/preprocess/frame.ts";
import { decodeBmp } from "./bmp.ts";
import { copyAgain, type ImageHeader, imageHeader } from "./image_header.ts";

type Sharp = typeof import("sharp")["default"];

let library: Promise<Sharp> | undefined;

/** The image library, loaded by its first user: it takes a tenth of a second. */
export function imageLibrary(): Promise<Sharp> {
  library ??= import("sharp").then(({ default: sharp }) => {
    // Clips are decoded side by side already, and no file twice.
    sharp.concurrency(1);
    sharp.cache(false);
    return sharp;
  });
  return library;
}

/**
 * Decodes a JPEG, PNG or BMP file, told apart by content. Alpha is dropped; 16-bit PNG gives 16 bits.
 *
 * @param file its name for the message
 * @throws DataError naming the file when it is empty, no image, cut off, damaged, in CMYK, or larger
 * than a frame can be
 */
export async function decodeFrame(bytes: Uint8Array, file: string): Promise<Frame> {
  const header = imageHeader(bytes, file);
  if (header.channels === 4) {
    throw new DataError("The image is in CMYK", { file, fix: "Convert it to RGB or grey" });
  }
  if (header.format === "bmp") return decodeBmp(bytes, file);
  return await decodeByLibrary(bytes, file, header);
}

async function decodeByLibrary(
  bytes: Uint8Array,
  file: string,
  { width, height, channels, depth }: ImageHeader,
): Promise<Frame> {
  const sharp = await imageLibrary();
  const space = channels === 1
    ? (depth === 16 ? "grey16" : "b-w")
    : (depth === 16 ? "rgb16" : "srgb");
  let decoded;
  try {
    decoded = await sharp(bytes, { failOn: "warning", ignoreIcc: true })
      .removeAlpha().toColourspace(space).raw({ depth: depth === 16 ? "ushort" : "uchar" })
      .toBuffer({ resolveWithObject: true });
  } catch {
    // The library's own words differ from time to time for the same damage.
    throw new DataError("The image is cut off or damaged", { file, fix: copyAgain });
  }
  const { data, info } = decoded;
  if (info.width !== width || info.height !== height || info.channels !== channels) {
    throw new DataError("The image contradicts its own header", { file, fix: copyAgain });
  }
  return { data: plainArray(data, depth), width, height, channels: channels as 1 | 3 };
}

function plainArray(data: Uint8Array, depth: 8 | 16): Frame["data"] {
  // A copy begins at an even address, which numbers of 16 bits need.
  if (depth === 16) return new Uint16Array(new Uint8Array(data).buffer);
  return new Uint8Array(data.buffer, data.byteOffset, data.length);
}
