/**
 * The folders of frames below a data set's folder: one folder a clip, one file a frame.
 *
 * @module
 */
import { join } from "@std/path";
import { DataError } from "lib/core/errors.ts";

/** A frame with the number that its file name gives it. */
export interface NumberedFrame {
  readonly number: number;
  /** Below the data set's folder. */
  readonly path: string;
}

/** A folder of frames. */
export interface FrameFolder {
  /** Below the data set's folder. */
  readonly path: string;
  /** What stands before the part that names the clip: which edition of the frames this is. */
  readonly edition: string;
  /** Subject and clip as the folders spell them. */
  readonly subject: string;
  readonly name: string;
  /** The emotion, where folders are sorted by it. */
  readonly emotion?: string;
  /** Sorted by number. */
  readonly frames: readonly NumberedFrame[];
}

const image = /\.(jpe?g|png|bmp)$/i;

/** Whether a path is that of an image by its name. */
export function isImagePath(path: string): boolean {
  return image.test(path);
}

/**
 * One spelling for names that differ in case and leading zeros only: `s3_ne_01` and `S03_ne_1`.
 */
export function nameKey(name: string): string {
  return name.trim().toLowerCase().replaceAll(/0+(?=\d)/g, (zeros, at: number, text: string) =>
    // A zero within a number counts.
    /\d/.test(text[at - 1] ?? "") ? zeros : "");
}

/** The number of a frame: the last one in its file's name, so that `img9.jpg` precedes `img10.jpg`. */
export function frameNumber(path: string): number | undefined {
  const digits = /(\d+)\D*\.\w+$/.exec(path.slice(path.lastIndexOf("/") + 1))?.[1];
  const number = Number(digits ?? NaN);
  return Number.isSafeInteger(number) ? number : undefined;
}

/**
 * Finds the folders of frames.
 *
 * @param folder the data set's folder, for messages
 * @param paths the files below it
 * @param pattern matches a clip's folder; groups `edition`, `subject`, `name` and perhaps `emotion`
 * @returns sorted by path
 * @throws DataError when an image has no number or two have the same
 */
export function frameFolders(
  folder: string,
  paths: readonly string[],
  pattern: RegExp,
): FrameFolder[] {
  const images = new Map<string, string[]>();
  for (const path of paths) {
    if (!isImagePath(path)) continue;
    const below = path.slice(0, Math.max(0, path.lastIndexOf("/")));
    const files = images.get(below);
    if (files === undefined) images.set(below, [path]);
    else files.push(path);
  }
  return [...images].flatMap(([path, files]) => {
    const { edition = "", subject, name, emotion } = pattern.exec(path)?.groups ?? {};
    if (subject === undefined || name === undefined) return [];
    return [{
      path,
      edition,
      subject,
      name,
      ...(emotion === undefined ? {} : { emotion }),
      frames: numbered(folder, files),
    }];
  }).sort((a, b) => (a.path < b.path ? -1 : 1));
}

function numbered(folder: string, files: readonly string[]): NumberedFrame[] {
  const frames = files.map((path) => {
    const number = frameNumber(path);
    if (number === undefined) {
      throw new DataError("The name of this image has no frame number", {
        file: join(folder, path),
        fix: "Move it away if it is no frame of this clip",
      });
    }
    return { number, path };
  }).sort((a, b) => a.number - b.number);
  frames.forEach(({ number, path }, i) => {
    if (i === 0 || frames[i - 1]!.number !== number) return;
    throw new DataError(`This has the same frame number as '${frames[i - 1]!.path}'`, {
      file: join(folder, path),
      fix: "Keep the one that came with the data set",
    });
  });
  return frames;
}

/**
 * Takes the frames of one edition where a folder has several, such as `Cropped` beside
 * `CASME2_RAW_selected`: as filmed before cropped, then in the order of the alphabet.
 *
 * @returns the folders of that edition, and the names of the others
 */
export function chooseEdition(
  folders: readonly FrameFolder[],
): { readonly folders: readonly FrameFolder[]; readonly others: readonly string[] } {
  const rank = (edition: string) => (/raw/i.test(edition) ? 0 : /crop/i.test(edition) ? 2 : 1);
  const editions = [...new Set(folders.map(({ edition }) => edition))]
    .sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
  const [chosen, ...others] = editions;
  return { folders: folders.filter(({ edition }) => edition === chosen), others };
}

/**
 * Whether a folder holds a clip's folder, looking at no more than 2000 folders, so that a large and
 * unrelated folder is told apart quickly.
 */
export async function hasClipFolder(folder: string, patterns: readonly RegExp[]): Promise<boolean> {
  let open = [""];
  for (let looked = 0; open.length > 0;) {
    const below: string[] = [];
    for (const path of open) {
      if (++looked > 2000) return false;
      // A folder that cannot be listed holds nothing that could be loaded.
      const entries = await Array.fromAsync(Deno.readDir(join(folder, path))).catch(() => []);
      for (const { name, isDirectory, isSymlink } of entries) {
        if (!isDirectory && !isSymlink) continue;
        const inner = path === "" ? name : `${path}/${name}`;
        if (patterns.some((pattern) => pattern.test(inner))) return true;
        if (inner.split("/").length < 7) below.push(inner);
      }
    }
    open = below.sort();
  }
  return false;
}
