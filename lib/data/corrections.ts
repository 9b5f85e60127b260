/**
 * Known faults of the databases, as data: what is wrong, what is right, and why.
 *
 * @module
 */
import type { SetName } from "./synthetic/recording.ts";

/** A field of an annotation that can be wrong. */
export type FrameField = "onset" | "apex" | "offset";

/** A value of a sheet that is known to be wrong. */
export interface Correction {
  readonly set: SetName;
  /** Subject and clip, such as `013/013_1_9`. */
  readonly clip: string;
  readonly field: FrameField;
  /** The wrong number, or `impossible`: outside onset..offset or of a frame that does not exist. */
  readonly from: number | "impossible";
  /** The right number, or `none` where it is not known. */
  readonly to: number | "none";
  readonly reason: string;
}

/** The known wrong values. Each is applied only where the sheet still has it. */
export const corrections: readonly Correction[] = [
  {
    set: "samm",
    clip: "013/013_1_9",
    field: "offset",
    from: "impossible",
    to: 5739,
    reason: "the frames end there (as in the loader of MEB, Varanka et al. 2023)",
  },
  ...["028/028_4_1", "032/032_3_1", "032/032_3_2"].map((clip): Correction => ({
    set: "samm",
    clip,
    field: "apex",
    from: "impossible",
    to: "none",
    reason: "the sheet's apex lies outside onset..offset",
  })),
];

/** Frames that the published folders lack, so that their absence is not taken for a broken copy. */
export interface KnownGap {
  readonly set: SetName;
  readonly clip: string;
  /** At most so many frames between onset and offset. */
  readonly frames: number;
  readonly reason: string;
}

/** The known gaps. */
export const knownGaps: readonly KnownGap[] = [
  {
    set: "casme2",
    clip: "sub16/EP01_08",
    frames: 14,
    reason: "the published folder 'Cropped' ends 14 frames before the sheet's offset",
  },
  ...([["s03/s03_po_08", 2], ["s03/s03_sur_01", 1], ["s03/s03_sur_05", 1], [
    "s03/s03_ne_16",
    1,
  ]] as const)
    .map(([clip, frames]): KnownGap => ({
      set: "smic",
      clip,
      frames,
      reason: `the published folder 'SMIC_all_cropped' lacks ${frames} of its frames`,
    })),
];
