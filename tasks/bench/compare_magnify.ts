/**
 * Eulerian magnification beside NumPy with SciPy, and NumPy with OpenCV's pyramids.
 *
 * @module
 */
import { join } from "@std/path";
import type { Volume } from "lib/core/volume.ts";
import { magnify, type MagnifyOptions } from "lib/preprocess/magnify.ts";
import { planMagnification } from "lib/preprocess/magnify_options.ts";
import { type BenchPlace, compare, millisecondsOf, type Rival } from "./compare.ts";
import { drawMotion } from "./drawn_motion.ts";
import type { Comparison } from "./preprocessing_table.ts";

const fps = 200;
const clips = [{ frames: 60, side: 256 }, { frames: 70, side: 134 }] as const;
const filters = ["ideal", "iir"] as const;
type Filter = typeof filters[number];

/** How many times as fast we want to be. */
const goals = { scipy: 10, cv2: 1.5 } as const;

const alpha = 8;
const [lowHz, highHz] = [2, 10];

/** Compares both filters on a usual clip of benches and on one of the pipeline's size. */
export async function compareMagnify(place: BenchPlace): Promise<Comparison[]> {
  const rows: Comparison[] = [];
  for (const { frames, side } of clips) {
    const clip = drawMotion(frames, side, fps);
    await Deno.writeFile(join(place.folder, "clip.f32"), new Uint8Array(clip.data.slice().buffer));
    for (const filter of filters) rows.push(...await compareFilter(clip, filter, place));
  }
  return rows;
}

async function compareFilter(
  clip: Volume,
  filter: Filter,
  { peers, folder, rounds }: BenchPlace,
): Promise<Comparison[]> {
  const options = filter === "ideal"
    ? { alpha, fps, filter, lowHz, highHz }
    : { alpha, fps, filter };
  const job = jobOf(clip, options, folder);
  const rival = (pyramid: "scipy" | "cv2"): Pick<Rival, "run" | "note" | "goal"> => {
    const run = async () => Number((await peers.ask({ ...job, pyramid })).ms);
    return {
      run,
      goal: goals[pyramid],
      async note() {
        await run();
        const theirs = new Float32Array((await Deno.readFile(job.out)).buffer);
        return describeDifference(magnify(clip, options).data, theirs);
      },
    };
  };
  return await compare({
    what: `magnification (${filter}), ${clip.shape.join("×")}`,
    unit: "ms",
    ours: () => millisecondsOf(() => magnify(clip, options)),
    rivals: [
      {
        ...rival("scipy"),
        beside: `${peers.title("NumPy")} and ${peers.title("SciPy")} (pip)`,
        missing: peers.missing("NumPy", "SciPy"),
      },
      {
        ...rival("cv2"),
        beside: `${peers.title("NumPy")} and ${peers.title("OpenCV")} (pip)`,
        missing: peers.missing("NumPy", "SciPy", "OpenCV"),
      },
    ],
  }, rounds);
}

/** The others are told the factor of each level: what is compared is the computing. */
function jobOf(clip: Volume, options: MagnifyOptions, folder: string) {
  const { alphas, filter } = planMagnification(clip, options);
  return {
    do: "magnify",
    clip: join(folder, "clip.f32"),
    out: join(folder, "magnified.f32"),
    filter: filter.kind,
    ...{ shape: clip.shape, alphas, fps },
    ...(filter.kind === "ideal"
      ? { low: lowHz, high: highHz }
      : { fast: filter.r1, slow: filter.r2 }),
  };
}

/** Both differences in grey levels of 255. OpenCV's pyramids have other borders at odd sizes. */
function describeDifference(ours: Float32Array, theirs: Float32Array): string {
  if (ours.length !== theirs.length) return `${ours.length} values, theirs ${theirs.length}`;
  let [sum, largest] = [0, 0];
  for (let i = 0; i < ours.length; i++) {
    const difference = Math.abs(ours[i]! - theirs[i]!);
    sum += difference;
    largest = Math.max(largest, difference);
  }
  const mean = sum / ours.length;
  return `differs by ${(255 * mean).toFixed(5)} of 255 on average, ${
    (255 * largest).toFixed(4)
  } at most`;
}
