import assert from "node:assert/strict";
import { affa } from "./affa.ts";
import { attention } from "./attention.ts";
import { backConv } from "./back_conv.ts";
import type { Block } from "./block.ts";
import { convNorm } from "./conv_norm.ts";
import { cost, sumCosts } from "./cost.ts";
import { graph, type Wired } from "./graph.ts";
import { head } from "./heads.ts";
import { rc3 } from "./multi_scale/rc3.ts";
import { flatten } from "./tree.ts";
import { rng } from "lib/core/rng.ts";
import { sizeOf } from "lib/core/volume.ts";

/** A little of everything that prices itself. */
const network: Block & Wired = graph({
  stem: convNorm({ filters: 8, kernel: [3, 7, 7], strides: [1, 2, 2] }),
  attention: attention(),
  rc: rc3({ channels: 8 }),
  half: convNorm({ filters: 16, kernel: 3, strides: 2 }),
  up: { merge: backConv(), from: ["half", "rc"] },
  fusion: { merge: affa({ channels: 8 }), from: ["up", "rc"] },
  head: head({ classes: 3, hidden: 4 }),
});

Deno.test("cost() counts the parameters that init() draws, and gives its shapes", () => {
  const rows = cost(network, [5, 9, 11, 2]);
  const { params, outputShape } = network.init(rng(1), [5, 9, 11, 2]);
  const drawn = new Map<string, number>();
  for (const [name, { shape }] of flatten(params)) {
    const part = name.split(".")[0] as string;
    drawn.set(part, (drawn.get(part) ?? 0) + sizeOf(shape));
  }
  const parts = sumCosts(rows);
  assert.deepEqual(
    Object.fromEntries(parts.map(({ name, parameters }) => [name, parameters])),
    Object.fromEntries(parts.map(({ name }) => [name, drawn.get(name) ?? 0])),
  );
  assert.deepEqual(rows.at(-1)?.outputShape, outputShape);
});

Deno.test("cost() counts multiply-adds as by hand", () => {
  const parts = Object.fromEntries(sumCosts(cost(network, [5, 9, 11, 2])).map((p) => [p.name, p]));
  assert.deepEqual(parts.stem?.outputShape, [5, 5, 6, 8]);
  assert.equal(parts.stem?.multiplyAdds, 3 * 7 * 7 * 2 * 8 * (5 * 5 * 6));
  // The temporal gate has 5 hidden units for 5 frames, twice; the spatial one 7×7 of 2 maps.
  assert.equal(parts.attention?.multiplyAdds, 2 * (5 * 5 + 5 * 5) + 7 * 7 * 2 * (5 * 5 * 6));
  // Eight channels, two inside: places times (reduce, factorised; reduce; six heads; point), and the
  // convolution of the single point that global pooling leaves.
  const places = 5 * 5 * 6;
  assert.equal(
    parts.rc?.multiplyAdds,
    places * (8 * 2 + 3 * 3 * 2 * 2 + 8 * 2 + 6 * 3 * 2 * 8 + 8 * 8) + 8 * 8,
  );
  assert.equal(parts.half?.multiplyAdds, 27 * 8 * 16 * (3 * 3 * 3));
  assert.equal(parts.up?.multiplyAdds, 27 * 16 * 8 * (3 * 3 * 3));
  assert.equal(parts.head?.multiplyAdds, 8 * 4 + 4 * 3);
});

Deno.test("sumCosts() keeps the order and the last shape, to any depth", () => {
  const rows = [
    { name: "a.x", outputShape: [1], parameters: 1, multiplyAdds: 10 },
    { name: "a.y.z", outputShape: [2], parameters: 2, multiplyAdds: 20 },
    { name: "b", outputShape: [3], parameters: 4, multiplyAdds: 40 },
  ];
  assert.deepEqual(sumCosts(rows), [
    { name: "a", outputShape: [2], parameters: 3, multiplyAdds: 30 },
    { name: "b", outputShape: [3], parameters: 4, multiplyAdds: 40 },
  ]);
  assert.deepEqual(sumCosts(rows, 2).map(({ name }) => name), ["a.x", "a.y", "b"]);
});
