/**
 * What the list of data sets knows about each of them.
 *
 * @module
 */
import type { Dataset } from "./types.ts";

/** A data set that can be loaded by name. */
export interface DataSource {
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
  /** Loads it; the digest is that of its files' names and bytes (`treeDigest`). */
  load(folder: string): Promise<Dataset>;
}
