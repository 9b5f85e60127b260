/**
 * Finding experiments by name: the folder `experiments/<table>` is the list.
 *
 * @module
 */
import { basename, dirname, fromFileUrl, join, toFileUrl } from "@std/path";
import { didYouMean, ParameterError } from "lib/core/errors.ts";
import { figures } from "./figures.ts";
import type { Experiment } from "./types.ts";

/** The repository's root folder. */
export const root: string = join(dirname(fromFileUrl(import.meta.url)), "..", "..");

/** The tables and figures that can be reproduced: the folders of `experiments`. */
export function listTables(): string[] {
  return [...Deno.readDirSync(join(root, "experiments"))]
    .filter((entry) => entry.isDirectory)
    .map((entry) => entry.name)
    .sort();
}

/**
 * The experiments of a table, the paper's rows first, by name.
 *
 * @throws ParameterError when there is no such table
 */
export async function findExperiments(table: string): Promise<Experiment[]> {
  if (!listTables().includes(table)) {
    throw new ParameterError(`Nothing to reproduce is called '${table}'`, {
      fix: didYouMean(table, [...listTables(), ...Object.keys(figures)]),
    });
  }
  const folder = join(root, "experiments", table);
  const files = [...Deno.readDirSync(folder)]
    .map((entry) => entry.name)
    .filter((name) => name.endsWith(".ts") && !name.endsWith("_test.ts"))
    .sort();
  const experiments = await Promise.all(files.map(async (name) => {
    const module = await import(toFileUrl(join(folder, name)).href);
    const experiment = module.experiment as Experiment | undefined;
    if (experiment?.id !== basename(name, ".ts") || experiment.table !== table) {
      throw new Error(`experiments/${table}/${name} must export an 'experiment' of its own name`);
    }
    return experiment;
  }));
  return experiments.sort((a, b) => Number("extra" in a.paper) - Number("extra" in b.paper));
}

/**
 * One experiment of a table.
 *
 * @throws ParameterError when the table or the row does not exist
 */
export async function findExperiment(table: string, id: string): Promise<Experiment> {
  const experiments = await findExperiments(table);
  const found = experiments.find((experiment) => experiment.id === id);
  if (found === undefined) {
    throw new ParameterError(`${table} has no row '${id}'`, {
      fix: didYouMean(id, experiments.map((experiment) => experiment.id)),
    });
  }
  return found;
}
