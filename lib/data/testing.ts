/**
 * Data sets on disk for tests: small, generated, in the layouts of the real ones.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import { encodePng } from "./image.ts";
import type { Dataset, Sample } from "./types.ts";

/**
 * Where a sample's map lies in the `megc2019-flow` layout. The name ends in a space before `.png`, as
 * the published ones do.
 */
export function megcPath({ clip, label }: Sample): string {
  const [, subject, name] = clip.split("/");
  return `${subject}/u_test/${label}/${subject}_${name} .png`;
}

/**
 * Writes a data set of flow maps in the `megc2019-flow` layout, so that tests can damage it. Maps with
 * 8-bit values, as those of `synthetic-flow`, come back unchanged from the loader.
 *
 * @param folder the data set's folder, such as `<data root>/megc2019-flow`; created if missing
 * @param dataset subjects must be named as the loader expects (`sub01`, `s01`, `006`)
 * @returns the paths written, below the folder, sorted
 * @example
 * ```ts ignore
 * const root = await Deno.makeTempDir();
 * const some = await loadDataset("synthetic-flow");
 * await writeMegcLayout(join(root, "megc2019-flow"), { samples: some.samples.slice(0, 20) });
 * const same = await loadDataset("megc2019-flow", { root });
 * ```
 */
export async function writeMegcLayout(
  folder: string,
  { samples }: Pick<Dataset, "samples">,
): Promise<string[]> {
  for (const sample of samples) {
    const file = join(folder, megcPath(sample));
    await Deno.mkdir(dirname(file), { recursive: true });
    await Deno.writeFile(file, encodePng(sample.input));
  }
  return samples.map(megcPath).sort();
}
