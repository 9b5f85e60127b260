/**
 * The tables that a report is about.
 *
 * @module
 */
import { join } from "@std/path";
import { UserError } from "lib/core/errors.ts";
import { readTable, type TableResults } from "lib/notebook/summary.ts";
import { compareText } from "lib/results/check.ts";

/** Which of the paper's data sets a set of clips is, or is shaped like. */
export const paperSets: Readonly<Record<string, string>> = {
  "smic-hs": "smic-hs",
  "samm": "samm",
  "casme2": "casme2",
  "synthetic-smic": "smic-hs",
  "synthetic-samm": "samm",
  "synthetic-casme2": "casme2",
};

/** Table 1 on one data set. */
export interface Table extends TableResults {
  readonly data: string;
  readonly synthetic: boolean;
}

/**
 * Table 1 of every data set that has results, in the paper's order; and what could not be read.
 *
 * @param only these data sets, where given
 * @param read a table that was read already
 */
export async function readTables(
  results: string,
  only?: readonly string[],
  read?: TableResults,
): Promise<{ tables: Table[]; unreadable: string[] }> {
  const names = (await Array.fromAsync(Deno.readDir(results)))
    .filter(({ isDirectory }) => isDirectory).map(({ name }) => name)
    .filter((name) => only?.includes(name) ?? true).sort();
  const tables: Table[] = [];
  const unreadable: string[] = [];
  for (const data of names) {
    try {
      const folder = join(results, data, "table1");
      const table = read?.folder === folder
        ? read
        : await readTable({ table: "table1", data, results });
      const synthetic = table.rows.some((row) => row.synthetic);
      tables.push({ ...table, data, synthetic });
      unreadable.push(...table.unreadable);
    } catch (error) {
      // Folders without such a table, as of figures and benches.
      if (!(error instanceof UserError)) throw error;
    }
  }
  const place = ({ data }: Table) => Object.keys(paperSets).indexOf(data);
  tables.sort((a, b) => place(a) - place(b) || compareText(a.data, b.data));
  return { tables, unreadable };
}
