import assert from "node:assert/strict";
import { flatten } from "lib/blocks/tree.ts";
import { rng } from "lib/core/rng.ts";
import { ststNet } from "./stst_net.ts";

Deno.test("ststNet() has the 1,683 parameters of the authors' PyTorch code", () => {
  const { params } = ststNet(3).init(rng(1), [28, 28, 3]);
  const counts = Object.fromEntries(flatten(params).map(([name, { data }]) => [name, data.length]));
  assert.deepEqual(counts, {
    "conv.kernel": 27 * (3 + 5 + 8),
    "conv.bias": 16,
    "norm.gamma": 16,
    "norm.beta": 16,
    "scores.kernel": 5 * 5 * 16 * 3,
    "scores.bias": 3,
  });
  assert.equal(Object.values(counts).reduce((sum, count) => sum + count), 1683);
});

Deno.test("ststNet() refuses maps that are too small for its pooling", () => {
  assert.throws(() => ststNet(3).init(rng(1), [1, 1, 3]), /does not fit/);
});
