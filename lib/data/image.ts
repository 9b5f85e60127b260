/**
 * Images from files, with every way in which a file can be bad told apart.
 *
 * @module
 */
import { decode, encode, hasPngSignature } from "fast-png";
import { DataError } from "lib/core/errors.ts";
import { type Volume, volume } from "lib/core/volume.ts";

/** What an image has to be like. */
export interface ImageForm {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
}

const again = "Copy the file again from where the data set came from";

/**
 * Decodes an 8-bit PNG without palette and checks its checksums and its form.
 *
 * @param file its name for the message
 * @returns `[height, width, channels]`, intensities 0..1 in the file's channel order
 * @throws DataError naming the file when it is empty, no PNG, cut off, damaged or of another form
 */
export function decodePng(bytes: Uint8Array, file: string, form: ImageForm): Volume {
  if (bytes.length === 0) throw new DataError("The file is empty", { file, fix: again });
  if (bytes.length < 8 || !hasPngSignature(bytes)) {
    throw new DataError("Not a PNG file", { file, fix: again });
  }
  const image = decodeChecked(bytes, file);
  const { width, height, channels, depth } = image;
  if (width !== form.width || height !== form.height) {
    throw new DataError(
      `Expected an image of ${form.width}×${form.height} pixels, got ${width}×${height}`,
      { file, fix: "Use the maps as published, without resizing" },
    );
  }
  if (channels !== form.channels || depth !== 8 || image.palette) {
    const got = image.palette ? "a palette" : `${channels} of ${depth} bits`;
    throw new DataError(`Expected ${form.channels} channels of 8 bits, got ${got}`, {
      file,
      fix: "Use the maps as published, without conversion",
    });
  }
  return volume(Float32Array.from(image.data, (level) => level / 255), [height, width, channels]);
}

function decodeChecked(bytes: Uint8Array, file: string): ReturnType<typeof decode> {
  try {
    return decode(bytes, { checkCrc: true });
  } catch (error) {
    // Every whole PNG ends with this chunk, so its absence is the plainest sign of a broken copy.
    const whole = new TextDecoder("latin1").decode(bytes.subarray(-8, -4)) === "IEND";
    const what = whole ? `The PNG is damaged (${(error as Error).message})` : "The PNG is cut off";
    throw new DataError(what, { file, fix: again });
  }
}

/**
 * Encodes an image as an 8-bit PNG. Values are rounded to 1/255, so an image that came from
 * {@linkcode decodePng} survives unchanged.
 *
 * @param image `[height, width, channels]` with 1 to 4 channels, intensities 0..1
 * @throws RangeError when the shape is not that of an image
 */
export function encodePng({ data, shape }: Volume): Uint8Array {
  const [height, width, channels] = shape;
  if (!height || !width || !channels || channels > 4 || shape.length !== 3) {
    throw new RangeError(`Cannot write the shape [${shape.join(", ")}] as an image`);
  }
  const levels = Uint8Array.from(data, (x) => Math.min(255, Math.max(0, Math.round(255 * x))));
  return encode({ data: levels, width, height, channels, depth: 8 });
}
