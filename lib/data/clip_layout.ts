/**
 * What differs between the databases of clips: where frames lie, what the sheet is like, and how a row
 * becomes annotations. What is common to them is in `clip_survey.ts`.
 *
 * @module
 */
import type { DataError } from "lib/core/errors.ts";
import type { FrameFolder } from "./frame_folders.ts";
import type { SheetColumns, SheetRow } from "./sheet.ts";
import type { SetName } from "./synthetic/recording.ts";

/** One expression, as a sheet or a folder describes it, with frames by their numbers. */
export interface Annotation {
  /** As clips are named: `sub01`, `006`, `s03`. */
  readonly subject: string;
  readonly name: string;
  readonly emotion: string;
  readonly onset: number | undefined;
  readonly apex: number | undefined;
  readonly offset: number | undefined;
  /** Row of the sheet, for messages; absent when no sheet was needed. */
  readonly row?: number;
  /** Its folder, where there is one. */
  readonly folder?: FrameFolder;
}

/** What a layout has made of rows and folders. */
export interface Annotated {
  readonly annotations: readonly Annotation[];
  readonly notes: readonly string[];
  readonly problems: readonly DataError[];
}

/** Rows and folders, and the place to name in messages. */
export interface Sources {
  readonly rows: readonly SheetRow[];
  readonly folders: readonly FrameFolder[];
  /** The sheet's path; empty where there is none. */
  readonly sheet: string;
}

/** The layout of a database on disk. */
export interface ClipLayout {
  readonly set: SetName;
  readonly fps: number;
  readonly sheet: {
    readonly pattern: RegExp;
    readonly example: string;
    readonly columns: SheetColumns;
    /** Whether the folders say enough without it. */
    readonly needed: (folders: readonly FrameFolder[]) => boolean;
  };
  /** Each edition of the frames: a pattern of a clip's folder and an example of a frame. */
  readonly frames: readonly { readonly pattern: RegExp; readonly example: string }[];
  annotate(sources: Sources): Annotated;
}
