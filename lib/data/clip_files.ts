/**
 * A clip over files: how its frames are read, and its fingerprint.
 *
 * @module
 */
import { join } from "@std/path";
import { DataError } from "lib/core/errors.ts";
import { digest } from "lib/core/json.ts";
import type { Clip } from "./clip.ts";
import type { FrameFact } from "./frame_facts.ts";
import { decodeFrame } from "./frames.ts";
import { maxImageBytes } from "./image_header.ts";
import { readBounded } from "./read_bounded.ts";

/** What a clip over files is made from. */
export interface ClipParts extends Omit<Clip, "digest" | "frame"> {
  /** The data set's folder. */
  readonly folder: string;
  /** By frame. */
  readonly facts: readonly FrameFact[];
}

/**
 * Makes a clip. Its digest covers the bytes of its frames and the annotation, but not the names of
 * files, nor the label, which a scheme makes from the emotion.
 *
 * @throws DataError naming the first frame that has another size than the first
 */
export function clipOverFiles({ folder, facts, ...clip }: ClipParts): Clip {
  const first = facts[0]!;
  const size = `${first.width}×${first.height}`;
  const odd = facts.findIndex(({ width, height }) =>
    width !== first.width || height !== first.height
  );
  if (odd !== -1) {
    const { width, height } = facts[odd]!;
    throw new DataError(
      `${clip.clip}: this frame has ${width}×${height} pixels, the first ${size}`,
      {
        file: join(folder, clip.frameNames[odd]!),
        fix: "Frames of a clip have one size: copy the folder again",
      },
    );
  }
  const { clip: name, subject, database, emotion, fps, onset, apex, offset } = clip;
  const annotation = { clip: name, subject, database, emotion, fps, onset, apex, offset };
  return {
    ...clip,
    digest: digest({ ...annotation, frames: facts.map(({ sha256 }) => sha256) }),
    async frame(position) {
      const path = clip.frameNames[position];
      if (path === undefined) {
        throw new RangeError(
          `${name} has frames 0..${clip.frameNames.length - 1}, not ${position}`,
        );
      }
      const file = join(folder, path);
      const frame = await decodeFrame(await readBounded(file, maxImageBytes), file);
      if (frame.width === first.width && frame.height === first.height) return frame;
      throw new DataError(
        `${name}: this frame has ${frame.width}×${frame.height} pixels, the first ${size}`,
        { file, fix: "Frames of a clip have one size: copy the folder again" },
      );
    },
  };
}
