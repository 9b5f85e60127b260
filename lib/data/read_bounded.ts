/**
 * Reading files of a data set that nobody has looked at yet.
 *
 * @module
 */
import { DataError } from "lib/core/errors.ts";
import { fileProblem } from "lib/core/files.ts";
import { readDataFile } from "./files.ts";

/**
 * Reads a file of a data set whose size and kind are checked first.
 *
 * @param most the largest number of bytes that such a file can have
 * @throws DataError naming the file when it is no file, larger, or cannot be read
 */
export async function readBounded(file: string, most: number): Promise<Uint8Array> {
  const problem = await fileProblem(file, most);
  if (problem !== undefined) {
    throw new DataError(problem, {
      file,
      fix: "Remove it, or copy it again from where the data set came from",
    });
  }
  return await readDataFile(file);
}
