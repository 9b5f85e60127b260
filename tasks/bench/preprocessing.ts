/**
 * Measures preprocessing beside OpenCV, SciPy and dlib, and the whole way of a clip.
 *
 * @module
 */
import type { BenchPlace } from "./compare.ts";
import { compareDecode } from "./compare_decode.ts";
import { compareFace } from "./compare_face.ts";
import { compareFlow } from "./compare_flow.ts";
import { compareMagnify } from "./compare_magnify.ts";
import { openPeers, peerPackages } from "./peers.ts";
import type { Comparison, WholeClip } from "./preprocessing_table.ts";
import { findPython } from "./python.ts";
import { measureClips } from "./whole_clip.ts";

/** Settings of {@linkcode measurePreprocessing}. */
export interface PreprocessingOptions {
  /** A Python with the packages; default: one is set up. */
  readonly python: string | undefined;
  readonly rounds: number;
}

/** What came out. */
export interface PreprocessingTimes {
  /** Everything that was compared with, with versions. */
  readonly libraries: readonly string[];
  readonly comparisons: readonly Comparison[];
  readonly clips: readonly WholeClip[];
}

/**
 * Measures everything. What is compared with a library that is missing is left out with the reason.
 *
 * @throws SetupError when there is no Python at all
 */
export async function measurePreprocessing(
  { python: given, rounds }: PreprocessingOptions,
): Promise<PreprocessingTimes> {
  const python = await findPython(given, peerPackages);
  const folder = await Deno.makeTempDir({ prefix: "fleeting-bench-" });
  // Not `finally`: Ctrl-C comes by here too.
  globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
  const peers = await openPeers(python, folder);
  try {
    const place: BenchPlace = { peers, folder, rounds };
    const comparisons = [
      ...await compareFlow(place),
      ...await compareMagnify(place),
      ...await compareDecode(place),
      ...await compareFace(place),
    ];
    return { libraries: peers.libraries, comparisons, clips: await measureClips(folder, rounds) };
  } finally {
    await peers.end();
  }
}
