import assert from "node:assert/strict";
import { rng } from "lib/core/rng.ts";
import { drawBias, drawKernel, type Initialiser } from "./initialise.ts";

const kernel = { shape: [100, 200], fanIn: 100, fanOut: 200 };

function draw(initialiser: Initialiser): Float32Array {
  return drawKernel(rng(1), kernel, initialiser).data;
}

function largest(values: Float32Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

function variance(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value ** 2, 0) / values.length;
}

Deno.test("drawKernel() keeps the bounds and variances of the papers", () => {
  const relative = (found: number, expected: number) => Math.abs(found / expected - 1);
  assert.ok(largest(draw("torch")) <= 0.1);
  assert.ok(relative(variance(draw("torch")), 0.1 ** 2 / 3) < 0.05);
  assert.ok(largest(draw("glorot")) <= Math.sqrt(6 / 300));
  assert.ok(relative(variance(draw("glorot")), 2 / 300) < 0.05);
  assert.ok(relative(variance(draw("he")), 2 / 100) < 0.05);
});

Deno.test("drawKernel() gives equal arrays for equal streams", () => {
  assert.deepEqual(draw("he"), draw("he"));
  assert.notDeepEqual(draw("he"), drawKernel(rng(2), kernel, "he").data);
});

Deno.test("drawBias() is zero but for PyTorch's rule", () => {
  const bias = (initialiser: Initialiser) =>
    drawBias(rng(1), { channels: 50, fanIn: 4 }, initialiser).data;
  assert.equal(largest(bias("he")), 0);
  assert.equal(largest(bias("glorot")), 0);
  assert.ok(largest(bias("torch")) <= 0.5 && largest(bias("torch")) > 0.4);
});
