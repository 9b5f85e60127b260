/**
 * A look at PNG files of known size before they are decoded: a file of some kilobytes can hold an image of
 * gigabytes, whatever its first bytes say of it.
 *
 * @module
 */
import { inflateSync } from "node:zlib";
import { join } from "@std/path";
import { DataError } from "lib/core/errors.ts";
import { mapFiles } from "./files.ts";
import type { ImageForm } from "./image.ts";
import { readBounded } from "./read_bounded.ts";

/** Far above a map. What is as large and packed as tightly as can be unpacks to 64 MiB. */
const mostBytes = 2 ** 16;

/**
 * Checks that no PNG among some files can unpack to much more than an image of this form. What else may be
 * wrong with a file is left to who decodes it.
 *
 * @param paths below the folder
 * @throws DataError naming the first file that is none, too large, or larger inside than it may be
 */
export async function checkMaps(
  folder: string,
  paths: readonly string[],
  form: ImageForm,
): Promise<void> {
  await mapFiles(paths, async (path) => {
    const file = join(folder, path);
    refuseInflated(await readBounded(file, mostBytes), file, form);
  });
}

/**
 * Checks one file; see {@linkcode checkMaps}.
 *
 * @throws DataError naming the file
 */
export function refuseInflated(bytes: Uint8Array, file: string, form: ImageForm): void {
  const { width, height } = form;
  // Eight bytes are the most that a pixel has, and each row has a byte of its own; twice that for interlaced rows.
  const limit = 2 * height * (8 * width + 1) + 1024;
  const data: Uint8Array[] = [];
  for (const { type, content } of chunksOf(bytes)) {
    if (type === "IDAT") data.push(content);
    if (type === "iCCP" && inflates(afterName(content), 2 ** 20)) throw bomb(file, form);
  }
  const whole = new Uint8Array(data.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of data) {
    whole.set(part, at);
    at += part.length;
  }
  if (inflates(whole, limit)) throw bomb(file, form);
}

function bomb(file: string, { width, height }: ImageForm): DataError {
  return new DataError(`This holds far more than an image of ${width}×${height} pixels`, {
    file,
    fix: "Copy the file again from where the data set came from",
  });
}

function* chunksOf(bytes: Uint8Array): Generator<{ type: string; content: Uint8Array }> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 8; at + 8 <= bytes.length;) {
    const length = view.getUint32(at);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    yield { type, content: bytes.subarray(at + 8, at + 8 + length) };
    at += 12 + length;
  }
}

/** The compressed part of a colour profile: after a name, a zero and the method. */
function afterName(content: Uint8Array): Uint8Array {
  return content.subarray(content.indexOf(0) + 2);
}

/** Whether data unpacks to more than a limit; damaged data does not. */
function inflates(data: Uint8Array, limit: number): boolean {
  try {
    inflateSync(data, { maxOutputLength: limit });
    return false;
  } catch (error) {
    return (error as { code?: string }).code === "ERR_BUFFER_TOO_LARGE";
  }
}
