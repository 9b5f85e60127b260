/**
 * What a data set hands to a method.
 *
 * @module
 */
import type { Volume } from "lib/core/volume.ts";

/** A clip as a method sees it at test time: no label. */
export interface UnlabelledSample {
  /** Unique in the data set, such as `casme2/sub01/EP02_01f`. */
  readonly clip: string;
  /** Prefixed by its database, such as `casme2/sub01`: equal names of two databases stay apart. */
  readonly subject: string;
  /** The part of a composite data set: `smic`, `casme2`, `samm`. */
  readonly database: string;
  /** The network input or the raw material of a descriptor. */
  readonly input: Volume;
}

/** A clip with its class. */
export interface Sample extends UnlabelledSample {
  /** Shifted and mirrored versions of the input, where training clips are augmented. */
  readonly copies?: readonly Volume[];
  /** Index into {@linkcode Dataset.classes}. */
  readonly label: number;
}

/** A loaded data set: samples sorted by clip. */
export interface Dataset {
  readonly name: string;
  /** True when no camera was involved; every table and chart says so. */
  readonly synthetic: boolean;
  readonly classes: readonly string[];
  /** What the channels of `input` are, such as `["u", "v", "strain"]`. */
  readonly channels: readonly string[];
  readonly samples: readonly Sample[];
  /** SHA-256 over the names and bytes of its files. */
  readonly digest: string;
}
