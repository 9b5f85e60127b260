/**
 * Measures descriptors and what is fitted on them beside scikit-image, scikit-learn and NumPy.
 *
 * @module
 */
import type { DescriptorPlace } from "./descriptors_clips.ts";
import { compareLbp } from "./descriptors_lbp.ts";
import { compareRpca } from "./descriptors_rpca.ts";
import { compareSvm } from "./descriptors_svm.ts";
import { descriptorPackages, openLibraries } from "./peers.ts";
import type { Comparison } from "./preprocessing_table.ts";
import { findPython } from "./python.ts";

/** What came out. */
export interface DescriptorTimes {
  /** Everything that was compared with, with versions. */
  readonly libraries: readonly string[];
  readonly comparisons: readonly Comparison[];
}

/**
 * Measures everything. What is compared with a library that is missing is left out with the reason.
 *
 * @param options `python`: one with the packages; default: one is set up
 * @throws SetupError when there is no Python at all
 */
export async function measureDescriptors(
  { python: given, rounds }: { readonly python: string | undefined; readonly rounds: number },
): Promise<DescriptorTimes> {
  const python = await findPython(given, descriptorPackages);
  const folder = await Deno.makeTempDir({ prefix: "fleeting-bench-" });
  // Not `finally`: Ctrl-C comes by here too.
  globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
  const peers = await openLibraries(python, "descriptors.py");
  try {
    const place: DescriptorPlace = { peers, folder, rounds };
    const comparisons = [
      ...await compareLbp(place),
      ...await compareSvm(place),
      ...await compareRpca(place),
    ];
    return { libraries: peers.libraries, comparisons };
  } finally {
    await peers.end();
  }
}
