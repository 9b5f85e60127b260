/**
 * What the list of data sets knows about each of them.
 *
 * @module
 */
import type { ClipSet, LabelScheme, SizeProfile } from "./clip.ts";
import type { ClipGlance, ClipSurvey } from "./clip_survey.ts";
import type { Dataset } from "./types.ts";

/** What every data set has, whatever it holds. */
interface Source {
  /** What users type, and the name of its folder under the data root. */
  readonly name: string;
  /** One line for lists. */
  readonly title: string;
  /** True when no camera was involved. */
  readonly synthetic: boolean;
  /** What one may do with it. */
  readonly licence: string;
  /** How to get it and where to apply, as full sentences. */
  readonly obtain: string;
  /** Whether it is read from a folder; if not, the folder given to the functions below is unused. */
  readonly needsRoot: boolean;
  /** Whether a folder looks like this data set, so that the data root itself can be its folder. */
  hasLayout(folder: string): Promise<boolean>;
  /** The paths of its files below the folder, sorted, readable or not; none if it is generated. */
  list(folder: string): Promise<string[]>;
}

/** A data set of flow maps that can be loaded by name. */
export interface DataSource extends Source {
  readonly kind?: "maps";
  /** Loads it; the digest is that of its files' names and bytes (`treeDigest`). */
  load(folder: string): Promise<Dataset>;
}

/** Which clips of a set are meant. */
export interface ClipOptions {
  readonly labels: LabelScheme;
  /** Sets that were filmed have one size and pass this over. */
  readonly size: SizeProfile;
  /** Called now and then while many files are read or made. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** A data set of clips that can be loaded by name. */
export interface ClipSource extends Source {
  readonly kind: "clips";
  /**
   * Loads it.
   *
   * @throws DataError naming clip and file when anything is wrong with it
   */
  loadClips(folder: string, options: ClipOptions): Promise<ClipSet>;
  /** Counts its clips without reading or drawing a frame. */
  glance(folder: string, options: ClipOptions): Promise<ClipGlance>;
  /** Opens it and lists what is wrong instead of stopping there. */
  survey(folder: string, options: ClipOptions): Promise<ClipSurvey>;
}

/** Any data set. */
export type AnySource = DataSource | ClipSource;
