/**
 * Writes generated recordings as the folders and the sheet of a licensed data set.
 *
 * @module
 */
import { encode } from "fast-bmp";
import { dirname, join } from "@std/path";
import { DataError } from "lib/core/errors.ts";
import { writeAtomic } from "lib/core/files.ts";
import { imageLibrary } from "lib/data/frames.ts";
import type { Recording, SetName } from "lib/data/synthetic/recording.ts";
import type { Frame } from "lib/preprocess/frame.ts";
import { officialLayouts } from "./official.ts";
import { workbook } from "./workbook.ts";

/** How frames that are stored as JPEG are compressed: little enough to leave movements of a tenth of a pixel. */
export const jpegQuality = 95;

/** How writing is watched. */
export interface WriteOptions {
  /** Called after each recording with the number of those done. */
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Writes frames and sheet in the official layout of a database. Equal recordings give equal bytes.
 *
 * @param recordings subjects, names and emotions as the database spells them
 * @param folder the data set's folder; made if missing
 * @throws UserError naming the file that cannot be written
 */
export async function writeLayout(
  set: SetName,
  recordings: readonly Recording[],
  folder: string,
  options: WriteOptions = {},
): Promise<void> {
  await writeFrames(set, recordings, folder, options);
  await writeSheet(set, recordings, folder);
}

/** Writes the sheet alone. */
export async function writeSheet(
  set: SetName,
  recordings: readonly Recording[],
  folder: string,
): Promise<void> {
  const { sheet } = officialLayouts[set];
  await writeAtomic(join(folder, sheet.path), await workbook(sheet.page, sheet.rows(recordings)));
}

/** Writes the frames alone. */
export async function writeFrames(
  set: SetName,
  recordings: readonly Recording[],
  folder: string,
  { onProgress }: WriteOptions = {},
): Promise<void> {
  for (const [i, recording] of recordings.entries()) {
    await writeRecording(set, recording, folder);
    onProgress?.(i + 1, recordings.length);
  }
}

async function writeRecording(set: SetName, recording: Recording, folder: string): Promise<void> {
  const { image, framePath } = officialLayouts[set];
  // Compressing and writing go on in threads while the next frames are drawn.
  let open: Promise<void>[] = [];
  for (let i = 0; i < recording.frameCount; i++) {
    const number = recording.firstNumber + i;
    const file = join(folder, framePath(recording, number));
    if (i === 0) await Deno.mkdir(dirname(file), { recursive: true });
    const frame = recording.frame(number);
    open.push(encodeFrame(frame, image).then((bytes) => writeNew(file, bytes)));
    if (open.length === 8) {
      await Promise.all(open);
      open = [];
    }
  }
  await Promise.all(open);
}

async function writeNew(file: string, bytes: Uint8Array): Promise<void> {
  try {
    await Deno.writeFile(file, bytes);
  } catch (error) {
    throw new DataError(`Cannot write this file (${(error as Error).message})`, {
      file,
      fix: "Free some disk space or make the folder writable, then run the command again",
    });
  }
}

/** Encodes a frame of 8 bits as a BMP or as a JPEG of quality {@linkcode jpegQuality}. */
export async function encodeFrame(
  { data, width, height, channels }: Frame,
  image: "bmp" | "jpeg",
): Promise<Uint8Array> {
  if (image === "bmp") {
    return encode({
      width,
      height,
      channels,
      components: channels,
      bitsPerPixel: 8 * channels,
      data,
    });
  }
  const sharp = await imageLibrary();
  const raw = sharp(data, { raw: { width, height, channels } });
  return await (channels === 1 ? raw.toColourspace("b-w") : raw)
    .jpeg({ quality: jpegQuality, chromaSubsampling: "4:2:0" })
    .toBuffer();
}
