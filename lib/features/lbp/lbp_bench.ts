/**
 * LBP-TOP alone, for work on it: `deno bench -A lib/features/lbp/lbp_bench.ts`. The comparison with
 * scikit-image is `deno task bench descriptors`.
 *
 * @module
 */
import { rng } from "lib/core/rng.ts";
import { volume } from "lib/core/volume.ts";
import { lbpTop, type LbpTopOptions } from "./lbp_top.ts";
import { lbpTopPlain } from "./lbp_top_plain.ts";

for (const frames of [10, 64]) {
  const stream = rng(1, "bench", frames);
  const shape = [frames, 128, 128];
  const clip = volume(Float32Array.from({ length: frames * 128 ** 2 }, () => stream.next()), shape);
  for (const [neighbours, radius] of [[4, 1], [8, 1], [8, 3]] as const) {
    const options: LbpTopOptions = {
      radii: { x: radius, y: radius, t: radius },
      neighbours: { xy: neighbours, xt: neighbours, yt: neighbours },
      codes: "full",
      grid: { across: 8, down: 8, along: 1, overlap: 0 },
    };
    const group = `${shape.join("×")}, ${neighbours} neighbours at ${radius}`;
    Deno.bench({
      name: `${group}, WebAssembly`,
      group,
      baseline: true,
      fn: () => void lbpTop(clip, options),
    });
    // The long clip takes seconds.
    if (frames > 10) continue;
    Deno.bench({ name: `${group}, plain`, group, fn: () => void lbpTopPlain(clip, options) });
  }
}
