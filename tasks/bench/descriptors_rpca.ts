/**
 * Robust PCA of clips beside NumPy's singular value decomposition.
 *
 * @module
 */
import { join } from "@std/path";
import { robustPca } from "lib/features/rpca.ts";
import { compare, millisecondsOf } from "./compare.ts";
import {
  type ClipFile,
  type DescriptorPlace,
  drawClips,
  largestDifference,
  readDoubles,
} from "./descriptors_clips.ts";
import type { Comparison } from "./preprocessing_table.ts";

/** In less than NumPy's time. */
const goal = 1;
const tolerance = 1e-7;

/** Compares on matrices with a row a frame, both in double precision. */
export async function compareRpca(place: DescriptorPlace): Promise<Comparison[]> {
  const rows: Comparison[] = [];
  for (const clip of await drawClips(place.folder)) rows.push(...await compareClip(clip, place));
  return rows;
}

async function compareClip(
  { clip, file }: ClipFile,
  { peers, folder, rounds }: DescriptorPlace,
): Promise<Comparison[]> {
  const frames = clip.shape[0]!;
  const pixels = clip.data.length / frames;
  const out = join(folder, "low.f64");
  const weight = 1 / Math.sqrt(Math.max(frames, pixels));
  const job = { do: "rpca", matrix: file, shape: [frames, pixels], out, weight, tolerance };
  const solve = () => robustPca(clip.data, frames, { tolerance });
  let steps = 0;
  return await compare({
    what: `robust PCA, ${clip.shape.join("×")}`,
    unit: "ms",
    ours: () => millisecondsOf(solve),
    rivals: [{
      beside: `${peers.title("NumPy")} (pip), inexact ALM`,
      missing: peers.missing("NumPy"),
      goal,
      async run() {
        const answer = await peers.ask(job);
        steps = Number(answer.steps);
        return Number(answer.ms);
      },
      async note() {
        const { lowRank, iterations } = solve();
        const difference = largestDifference(lowRank, await readDoubles(out));
        return `low-rank part: ${difference}; ${iterations} iterations, theirs ${steps}`;
      },
    }],
  }, rounds);
}
