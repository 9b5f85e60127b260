/**
 * The list of data sets, and where each lies.
 *
 * @module
 */
import { dirname, fromFileUrl, join } from "@std/path";
import { DataError, didYouMean, ParameterError } from "lib/core/errors.ts";
import { casme2 } from "./casme2.ts";
import type { LabelScheme, SizeProfile } from "./clip.ts";
import { isFolder } from "./files.ts";
import { checkFolder } from "./folder_bounds.ts";
import { megc2019Flow } from "./megc2019_flow.ts";
import { samm } from "./samm.ts";
import { smicHs } from "./smic_hs.ts";
import type { AnySource, DataSource } from "./source.ts";
import { syntheticCasme2 } from "./synthetic_casme2.ts";
import { syntheticFlow } from "./synthetic_flow.ts";
import { syntheticSamm } from "./synthetic_samm.ts";
import { syntheticSmic } from "./synthetic_smic.ts";

/** Every data set, sorted by name. To add one, write its source and name it here. */
export const dataSources: readonly AnySource[] = [
  casme2,
  megc2019Flow,
  samm,
  smicHs,
  syntheticCasme2,
  syntheticFlow,
  syntheticSamm,
  syntheticSmic,
];

/** The names of {@linkcode dataSources}. */
export const datasetNames: readonly string[] = dataSources.map(({ name }) => name);

/** Where a data set is looked for. */
export interface DataOptions {
  /** The data root, as `--data-root` gives it; see {@linkcode dataRoot}. */
  readonly root?: string;
  /** The lock file; see {@linkcode lockPath}. */
  readonly lockFile?: string;
}

/** Which clips of a set are loaded. */
export interface ClipCall extends DataOptions {
  /** How emotions become classes; `paper` by default. */
  readonly labels?: LabelScheme;
  /** Of a generated set; `demo` by default. */
  readonly size?: SizeProfile;
  /** Called now and then while many files are read or made. */
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Finds a data set in the list.
 *
 * @throws ParameterError with the closest name when there is none of this name
 */
export function dataSource(name: "megc2019-flow" | "synthetic-flow"): DataSource;
export function dataSource(name: string): AnySource;
export function dataSource(name: string): AnySource {
  const source = dataSources.find((source) => source.name === name);
  if (source === undefined) {
    throw new ParameterError(`There is no data set '${name}'`, {
      fix: didYouMean(name, datasetNames),
    });
  }
  return source;
}

/**
 * The folder of a data set: `<root>/<name>`, or the root itself when it has the data set's layout. The
 * root is the argument, else the environment variable FLEETING_DATA, else `data` in the repository.
 * Returns the empty string for a generated data set.
 *
 * @throws ParameterError for an unknown name
 * @throws DataError when neither folder is there; it says how to get the data and how to point to it
 * @throws DataError when something in it does not belong into a data set: see {@linkcode checkFolder}
 */
export async function dataRoot(name: string, root?: string): Promise<string> {
  const source = dataSource(name);
  if (!source.needsRoot) return "";
  const base = root || Deno.env.get("FLEETING_DATA") ||
    join(dirname(fromFileUrl(import.meta.url)), "..", "..", "data");
  const own = join(base, name);
  const folder = await isFolder(own) ? own : await source.hasLayout(base) ? base : undefined;
  if (folder !== undefined) {
    await checkFolder(folder, base);
    return folder;
  }
  throw new DataError(`Data set '${name}' is not there (looked for this folder)`, {
    file: own,
    fix: `${source.obtain}. Then put it there, or say where it is by --data-root FOLDER or ` +
      "FLEETING_DATA=FOLDER",
  });
}
