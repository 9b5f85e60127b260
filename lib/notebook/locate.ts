/**
 * Finds where in a cell an error happened.
 *
 * The kernel runs a JavaScript version of a cell and reports places in that. `deno transpile` makes
 * the same version together with a map back to the source.
 *
 * @module
 */
import { SourceMap } from "node:module";
import { join } from "@std/path";
import { scratchFolder } from "lib/core/scratch.ts";

/** A place in a cell's source; both count from 1. */
export interface CellPlace {
  readonly line: number;
  readonly column: number;
}

// What the kernel puts before the first line.
const prefix = "'use strict'; void 0;".length;

/**
 * The place in a cell's source that a traceback points at, or undefined when it cannot be told.
 *
 * A frame does not say which cell it belongs to, and functions of earlier cells have frames too. The
 * outermost frame outside any function is the one that is surely of this cell.
 */
export async function locateFrame(
  source: string,
  traceback: readonly string[],
): Promise<CellPlace | undefined> {
  const frame = traceback
    .map((line) => /^\s*at (?:async )?<anonymous>:(\d+):(\d+)$/.exec(line))
    .findLast((found) => found !== null);
  if (!frame) return undefined;
  const line = Number(frame[1]), column = Number(frame[2]);
  const { map } = await transpile(source);
  if (map === undefined) return undefined;
  // Both sides count from 0 in a source map.
  const shift = line === 1 ? Math.min(prefix, column - 1) : 0;
  const entry = map.findEntry(line - 1, column - 1 - shift);
  if (!("originalLine" in entry)) return undefined;
  return { line: entry.originalLine + 1, column: entry.originalColumn + 1 };
}

/** A cell's syntax error, which the kernel does not tell; undefined when the cell has none. */
export async function findSyntaxError(
  source: string,
): Promise<(CellPlace & { readonly message: string }) | undefined> {
  const { said } = await transpile(source);
  const found = /SyntaxError: (.*?)\n[\s\S]*?\.ts:(\d+):(\d+)/.exec(said);
  if (!found) return undefined;
  return { message: found[1]!, line: Number(found[2]), column: Number(found[3]) };
}

async function transpile(source: string): Promise<{ map?: SourceMap; said: string }> {
  const folder = await Deno.makeTempDir({ dir: scratchFolder(), prefix: "cell-" });
  try {
    const config = join(folder, "deno.json");
    await Deno.writeTextFile(join(folder, "cell.ts"), source);
    // Unused imports keep their line, as they do in the kernel.
    await Deno.writeTextFile(config, '{"compilerOptions":{"verbatimModuleSyntax":true}}');
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["transpile", "--quiet", "-c", config, "--source-map", "separate", "-o"]
        .concat(join(folder, "cell.js"), join(folder, "cell.ts")),
      cwd: folder,
      env: { NO_COLOR: "1" },
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).output();
    const said = new TextDecoder().decode(stderr);
    if (!success) return { said };
    const map = JSON.parse(await Deno.readTextFile(join(folder, "cell.js.map")));
    return { map: new SourceMap(map), said };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
