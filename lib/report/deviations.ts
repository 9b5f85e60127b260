/**
 * The `DEVIATION:` comments of the code: where it departs from what it reproduces, and why.
 *
 * @module
 */
import { join, relative } from "@std/path";
import { root } from "lib/experiment/find.ts";

/** One departure. */
export interface Deviation {
  /** From the repository's root. */
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

const mark = "DEVIATION:";

/**
 * The departures that a source text names. A departure goes on to the end of its paragraph.
 *
 * @param file its name, for the answer
 */
export function deviationsIn(source: string, file: string): Deviation[] {
  const lines = source.split("\n");
  return lines.flatMap((line, i): Deviation[] => {
    const opening = commentOf(line);
    if (!opening?.startsWith(mark)) return [];
    const texts = [opening.slice(mark.length).trim()];
    for (const next of lines.slice(i + 1)) {
      const text = commentOf(next);
      // An empty line, a tag, the next departure, or the comment's end.
      if (text === undefined || text === "" || text.startsWith("@") || text.startsWith(mark)) break;
      texts.push(text);
    }
    return [{ file, line: i + 1, text: texts.join(" ") }];
  });
}

/** The text of a line of a comment, or nothing. */
function commentOf(line: string): string | undefined {
  const found = /^\s*(?:\/\*\*?|\*(?!\/)|\/\/)\s?(.*?)\s*(?:\*\/)?$/.exec(line);
  return found?.[1]?.trim();
}

/** Every departure of the library and the records, by file and line. */
export async function gatherDeviations(): Promise<Deviation[]> {
  const files = (await Promise.all(["experiments", "lib"].map((name) => sources(join(root, name)))))
    .flat().sort();
  const found = await Promise.all(
    files.map(async (file) => deviationsIn(await Deno.readTextFile(file), relative(root, file))),
  );
  return found.flat();
}

async function sources(folder: string): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(folder));
  const paths = await Promise.all(entries.map(({ name, isDirectory }) => {
    const path = join(folder, name);
    if (isDirectory) return name === "testdata" ? [] : sources(path);
    return name.endsWith(".ts") && !name.endsWith("_test.ts") ? [path] : [];
  }));
  return paths.flat();
}
