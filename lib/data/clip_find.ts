/**
 * Finds the files of a set of clips.
 *
 * @module
 */
import { DataError } from "lib/core/errors.ts";
import type { ClipLayout } from "./clip_layout.ts";
import { listFiles } from "./files.ts";
import { chooseEdition, type FrameFolder, frameFolders, isImagePath } from "./frame_folders.ts";
import { findSheet } from "./sheet.ts";

/** The sheet and the folders of frames of a data set. */
export interface FoundFiles {
  readonly folders: readonly FrameFolder[];
  /** Below the folder; empty where there is none. */
  readonly sheet: string;
  /** Which edition was chosen, where there are several. */
  readonly notes: readonly string[];
}

/**
 * Finds the files of a data set: its sheet and the frames of one edition.
 *
 * @throws DataError when there are no frames, no sheet or two
 */
export async function findClipFiles(folder: string, layout: ClipLayout): Promise<FoundFiles> {
  const paths = await listFiles(
    folder,
    (path) => !path.endsWith("/") && !isImagePath(path) && !/\.xlsx?$/i.test(path),
  );
  const looked = layout.frames.map(({ pattern }) => frameFolders(folder, paths, pattern));
  const { folders, others } = chooseEdition(looked.find((found) => found.length > 0) ?? []);
  const examples = layout.frames.map(({ example }) => example).join(" or ");
  if (folders.length === 0) {
    throw new DataError("There are no folders of frames here", {
      file: folder,
      fix: `Expected files such as ${examples}`,
    });
  }
  const sheet = findSheet(folder, paths, layout.sheet);
  if (sheet === undefined && layout.sheet.needed(folders)) {
    throw new DataError("There is no sheet with the annotation here", {
      file: folder,
      fix: `Put the official one there, such as ${layout.sheet.example}`,
    });
  }
  const edition = folders[0]!.edition.replace(/\/$/, "") || "the folder itself";
  const notes = others.length === 0 ? [] : [
    `Frames are those of '${edition}'; passed over: ${
      others.map((other) => `'${other.replace(/\/$/, "") || "."}'`).join(", ")
    }.`,
  ];
  return { folders, sheet: sheet ?? "", notes };
}
