/**
 * A clip as its database holds it: frames and annotation, before any preprocessing.
 *
 * @module
 */
import type { Frame } from "lib/preprocess/frame.ts";

/** How emotions become classes; see `lib/data/labels.ts`. */
export type LabelScheme = "paper" | "megc3" | "original5";

/** How large a generated set is; sets that were filmed have one size. */
export type SizeProfile = "demo" | "paper";

/** One annotated clip. Frame positions count from 0 in {@linkcode Clip.frameNames}. */
export interface Clip {
  /** Unique in the data set, such as `casme2/sub01/EP02_01f`. */
  readonly clip: string;
  /** Prefixed by its database, such as `casme2/sub01`. */
  readonly subject: string;
  /** `smic`, `samm` or `casme2`. */
  readonly database: string;
  /** The emotion in the words of the database's own sheet. */
  readonly emotion: string;
  /** Index into {@linkcode ClipSet.classes}. */
  readonly label: number;
  /** Frames per second. */
  readonly fps: number;
  /** The frames in order of time: file names below the data set's folder. */
  readonly frameNames: readonly string[];
  /** First frame of the expression. */
  readonly onset: number;
  /** Frame of its greatest intensity; absent where the sheet has none (SMIC) or none that holds. */
  readonly apex?: number;
  /** Last frame of the expression, onset <= apex <= offset. */
  readonly offset: number;
  /** SHA-256 over the frames' bytes and the annotation above, but for the label and file names. */
  readonly digest: string;
  /**
   * Reads and decodes one frame.
   *
   * @throws DataError naming clip and file when it is missing, empty, cut off or of another size
   */
  frame(position: number): Promise<Frame>;
}

/** A loaded set of clips, sorted by clip. */
export interface ClipSet {
  readonly name: string;
  readonly synthetic: boolean;
  /** Where the {@linkcode Clip.frameNames} lie, as an absolute path. */
  readonly folder: string;
  readonly classes: readonly string[];
  readonly clips: readonly Clip[];
  /** Clips of the sheet that the label scheme leaves out, or that cannot be used: clip and reason. */
  readonly leftOut: readonly { readonly clip: string; readonly reason: string }[];
  /** What was corrected or looks wrong but can be used, one full sentence each. */
  readonly notes: readonly string[];
  /** SHA-256 over the digests of the clips. */
  readonly digest: string;
}
