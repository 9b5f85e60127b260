/**
 * Clips on their way to a picture: cropped to the face, frame by frame, beside each other.
 *
 * @module
 */
import { type Volume, volume } from "lib/core/volume.ts";
import { DataError } from "lib/core/errors.ts";
import type { Clip } from "lib/data/clip.ts";
import { availableRoute, openFaceFinder } from "lib/face/face.ts";
import { cutFrames } from "lib/pipeline/clip.ts";
import { faceCrop } from "lib/preprocess/crop.ts";
import { matchClip } from "lib/preprocess/gain.ts";
import { framePanel } from "./clip_view.ts";

/**
 * The face of a clip from onset to offset, `[frames, side, side]`, brightness matched to the onset's: the
 * first stages of the way to a network's input.
 *
 * @throws DataError when no face is found in the onset frame
 */
export async function cropClip(clip: Clip, side = 134): Promise<Volume> {
  const finder = await openFaceFinder(await availableRoute());
  const face = await clip.frame(clip.onset).then(finder.find).finally(finder.close);
  if (face === undefined) {
    throw new DataError("No face was found in the onset frame", { file: clip.clip });
  }
  const places = Array.from({ length: clip.offset - clip.onset + 1 }, (_, i) => clip.onset + i);
  const crop = faceCrop(face.landmarks);
  return matchClip(await cutFrames(clip, places, { crop, side, margin: 0 }), 0).clip;
}

/** One frame of a clip `[frames, height, width]`, `[height, width]`, 0..1. */
export function frameOf(clip: Volume, frame: number): Volume {
  const { width, height, values } = framePanel(clip, frame);
  return volume(Float32Array.from(values), [height, width]);
}

/**
 * Clips of one size beside each other, `[frames, height, width × clips]`.
 *
 * @throws RangeError when their shapes differ
 */
export function sideBySide(clips: readonly Volume[]): Volume {
  const [frames = 0, height = 0, width = 0] = clips[0]?.shape ?? [];
  const data = new Float32Array(clips.length * frames * height * width);
  clips.forEach((clip, place) => {
    if (clip.shape.join() !== [frames, height, width].join()) {
      throw new RangeError(
        `A clip of [${clip.shape.join(", ")}] beside one of [${frames}, ${height}, ${width}]`,
      );
    }
    for (let row = 0; row < frames * height; row++) {
      const own = clip.data.subarray(row * width, (row + 1) * width);
      data.set(own, (row * clips.length + place) * width);
    }
  });
  return volume(data, [frames, height, width * clips.length]);
}
