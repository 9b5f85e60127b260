import assert from "node:assert/strict";
import { rng } from "lib/core/rng.ts";
import { spotApex } from "./apex.ts";
import { matchClip } from "./gain.ts";
import { clipOf, planeOf } from "./stages_testing.ts";

/** Landmarks with brows at (12..28, 12) and (36..52, 12) and a mouth around (32, 48) of 64 × 64. */
const points = new Float32Array(136);
for (let i = 0; i < 68; i++) {
  const [x, y] = i < 22
    ? [12 + 4 * (i - 17), 12]
    : i < 27
    ? [36 + 4 * (i - 22), 12]
    : [22 + (i - 48), 46 + 4 * (i % 2)];
  points.set([x, y], 2 * i);
}

/** A face of smooth texture whose mouth moves by up to 1.5 pixels, with noise and a lamp that flickers. */
function moving(frames: number, apex: number, seed: number) {
  const stream = rng(seed, "moving");
  const planes = Array.from({ length: frames }, (_, t) => {
    const phase = t <= apex ? t / apex : (frames - 1 - t) / (frames - 1 - apex);
    const shift = 1.5 * (0.5 - 0.5 * Math.cos(Math.PI * phase));
    const lamp = 1 + 0.01 * Math.sin(1.7 * t);
    return planeOf(64, 64, (x, y) => {
      const near = Math.exp(-((x - 32) ** 2 + (y - 48) ** 2) / 60);
      const skin = 0.5 + 0.2 * Math.sin(0.7 * x) * Math.cos(0.6 * (y + shift * near));
      return lamp * skin + 0.005 * stream.normal();
    });
  });
  return matchClip(clipOf(planes), 0).clip;
}

Deno.test("spotApex() is within a tenth of the clip of the true apex, noise and flicker notwithstanding", () => {
  for (const [frames, apex] of [[40, 20], [40, 12], [60, 38], [21, 9]] as const) {
    for (const seed of [1, 2, 3]) {
      const { apex: found, curve } = spotApex(moving(frames, apex, seed), points);
      assert.equal(curve.length, frames);
      assert.ok(Math.abs(found - apex) <= frames / 10, `${found} for ${apex} of ${frames}`);
    }
  }
});

Deno.test("spotApex() of short and still clips lies inside them", () => {
  const still = planeOf(64, 64, () => 0.5);
  assert.equal(spotApex(clipOf([still]), points).apex, 0);
  assert.equal(spotApex(clipOf([still, still]), points).apex, 1);
  assert.equal(spotApex(clipOf(Array(5).fill(still)), points).apex, 2);
});
