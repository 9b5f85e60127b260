/**
 * Keeping the one table of all benches: as Arrow, as Markdown, and in the README.
 *
 * @module
 */
import { join } from "@std/path";
import { exists, writeAtomic } from "lib/core/files.ts";
import { type BenchPart, type BenchTable, decodeBench, encodeBench } from "./record.ts";
import { benchMarkdown, withTable } from "./record_text.ts";

/**
 * The table that is kept below a folder; empty when there is none.
 *
 * @throws UserError when it is damaged
 */
export async function readBench(root: string): Promise<BenchTable> {
  const file = join(root, "results", "bench", "bench.arrow");
  return await exists(file) ? decodeBench(await Deno.readFile(file), file) : {};
}

/** Puts what a bench measured in the place of what it measured before; other benches stay. */
export async function keepRecords(root: string, part: string, measured: BenchPart): Promise<void> {
  const table = { ...await readBench(root), [part]: measured };
  // As they are read back, in the order of their names.
  const bytes = encodeBench(table);
  const sorted = decodeBench(bytes, "bench.arrow");
  const folder = join(root, "results", "bench");
  await writeAtomic(join(folder, "bench.arrow"), bytes);
  await writeAtomic(join(folder, "bench.md"), benchMarkdown(sorted));
  const readme = join(root, "README.md");
  if (await exists(readme)) {
    await writeAtomic(readme, withTable(await Deno.readTextFile(readme), sorted));
  }
}
