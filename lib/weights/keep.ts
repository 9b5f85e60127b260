/**
 * Keeping weights that a user gives, under a name that says what they are.
 *
 * @module
 */
import type { Tree } from "lib/blocks/tree.ts";
import { DataError } from "lib/core/errors.ts";
import { sha256 } from "lib/core/json.ts";
import { writeAtomic } from "lib/core/files.ts";
import { schemaOf } from "lib/experiment/parameters.ts";
import type { Experiment } from "lib/experiment/types.ts";
import type { Volume } from "lib/core/volume.ts";
import { encodeWeights } from "lib/train/weights.ts";
import { keptWeights } from "./folder.ts";
import { readWeights } from "./read.ts";

/** What a parameter of the type `weights` is after a file was kept. */
export const keptName = /^sha256-[0-9a-f]{64}$/;

/**
 * Keeps the arrays of a file and names them by what they are: `sha256-…` of names and numbers, so that
 * the same weights have one name, whichever format they came in. Results depend on that name, and on no
 * path.
 *
 * @param path a `.safetensors` file, or one of `torch.save`
 * @throws DataError as `readWeights`
 */
export async function keepWeights(path: string): Promise<string> {
  const bytes = encodeWeights(nested([...await readWeights(path)], path));
  const name = `sha256-${sha256(bytes)}`;
  await writeAtomic(keptWeights(name), bytes);
  return name;
}

/** Far above the levels of a network's names. */
const mostLevels = 50;

/** Arrays by dotted name as a tree. */
function nested(
  arrays: readonly (readonly [string, Volume])[],
  file: string,
  level = 0,
): Tree<Volume> {
  if (level > mostLevels) {
    throw new DataError("A name has more parts than those of a network", { file });
  }
  const parts = Map.groupBy(arrays, ([name]) => name.split(".", 1)[0] as string);
  return Object.fromEntries(
    [...parts].map(([part, inner]) => {
      const deeper = inner.filter(([name]) => name !== part);
      if (deeper.length === 0) return [part, inner[0]![1]];
      if (deeper.length < inner.length) {
        throw new DataError("An array has the name of a table of arrays", { file, field: part });
      }
      const rest = deeper.map(([name, array]) => [name.slice(part.length + 1), array] as const);
      return [part, nested(rest, file, level + 1)];
    }),
  );
}

/**
 * Given parameters with kept weights in the place of files.
 *
 * @throws DataError as `readWeights`
 */
export async function withKeptWeights(
  experiment: Experiment,
  given: Readonly<Record<string, unknown>>,
): Promise<Readonly<Record<string, unknown>>> {
  const schema = schemaOf(experiment);
  const entries = await Promise.all(
    Object.entries(given).map(async ([name, value]): Promise<[string, unknown]> => {
      const isFile = schema[name]?.type === "weights" && typeof value === "string" &&
        value !== "none" && !keptName.test(value);
      return [name, isFile ? await keepWeights(value) : value];
    }),
  );
  return Object.fromEntries(entries);
}
