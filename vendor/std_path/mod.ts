/**
 * A small stand-in for `jsr:@std/path` over `node:path`: the part of its API that fleeting uses.
 *
 * @module
 */
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** Joins parts and normalises the result. */
export const join: (...parts: string[]) => string = path.join;
/** The folder part of a path. */
export const dirname: (path: string) => string = path.dirname;
/** The last part of a path, without `suffix` if given. */
export const basename: (path: string, suffix?: string) => string = path.basename;
/** The extension with its dot. */
export const extname: (path: string) => string = path.extname;
/** An absolute path, relative parts taken from the working folder. */
export const resolve: (...parts: string[]) => string = path.resolve;
/** The way from one path to another. */
export const relative: (from: string, to: string) => string = path.relative;
/** Whether a path is absolute. */
export const isAbsolute: (path: string) => boolean = path.isAbsolute;
/** A path without needless dots and separators. */
export const normalize: (path: string) => string = path.normalize;
/** Root, folder, name and extension of a path. */
export const parse: (path: string) => path.ParsedPath = path.parse;
/** The path of such parts. */
export const format: (parts: Partial<path.ParsedPath>) => string = path.format;
/** The separator of this platform. */
export const SEPARATOR: string = path.sep;

/** The path of a `file:` URL. */
export function fromFileUrl(url: string | URL): string {
  return fileURLToPath(url);
}

/** The `file:` URL of a path. */
export function toFileUrl(path_: string): URL {
  return pathToFileURL(path_);
}
