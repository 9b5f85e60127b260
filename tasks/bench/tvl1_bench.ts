/**
 * Our TV-L1 flow alone, for work on it: `deno bench -A tasks/bench/tvl1_bench.ts`. The comparison with
 * OpenCV is `deno task bench preprocessing`.
 *
 * @module
 */
import { tvl1 } from "lib/preprocess/tvl1.ts";
import { tvl1Plain } from "lib/preprocess/tvl1_plain.ts";
import { drawPair } from "./pairs.ts";

for (const side of [134, 224]) {
  const { from, to } = drawPair(1, side);
  const group = `TV-L1 ${side}×${side}`;
  Deno.bench({
    name: `${group}, WebAssembly`,
    group,
    baseline: true,
    fn: () => void tvl1(from, to),
  });
  Deno.bench({ name: `${group}, plain`, group, fn: () => void tvl1Plain(from, to) });
}
