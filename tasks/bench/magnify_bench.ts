/**
 * Our magnification alone, for work on it: `deno bench -A tasks/bench/magnify_bench.ts`. The comparison
 * with SciPy and OpenCV is `deno task bench preprocessing`.
 *
 * @module
 */
import { magnify } from "lib/preprocess/magnify.ts";
import { drawMotion } from "./drawn_motion.ts";

const fps = 200;
for (const [frames, side] of [[60, 256], [70, 134]] as const) {
  const clip = drawMotion(frames, side, fps);
  const common = { alpha: 8, fps };
  Deno.bench({
    name: `magnification (ideal), ${frames}×${side}×${side}`,
    fn: () => void magnify(clip, { ...common, filter: "ideal", lowHz: 2, highHz: 10 }),
  });
  Deno.bench({
    name: `magnification (iir), ${frames}×${side}×${side}`,
    fn: () => void magnify(clip, { ...common, filter: "iir" }),
  });
}
