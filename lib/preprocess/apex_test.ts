import assert from "node:assert/strict";
import { rng } from "lib/core/rng.ts";
import { type Volume, volume } from "lib/core/volume.ts";
import { midpoint, spotApex } from "./apex.ts";
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

interface Scene {
  readonly frames: number;
  readonly apex: number;
  readonly seed: number;
  /** Standard deviation of a pixel. */
  readonly noise?: number;
  /** Share by which the lamp's light changes. */
  readonly flicker?: number;
  /** Pixels that the head moves from the first to the last frame. */
  readonly drift?: number;
}

/** A face of smooth texture whose mouth moves by up to 1.5 pixels and back. */
function moving({ frames, apex, seed, noise = 0, flicker = 0, drift = 0 }: Scene): Volume {
  const stream = rng(seed, "moving");
  const [across, down] = [0.4 + 0.3 * stream.next(), 0.4 + 0.3 * stream.next()];
  const planes = Array.from({ length: frames }, (_, t) => {
    const phase = t <= apex ? t / apex : (frames - 1 - t) / (frames - 1 - apex);
    const shift = 1.5 * (0.5 - 0.5 * Math.cos(Math.PI * phase));
    const lamp = 1 + flicker * Math.sin(1.7 * t);
    const moved = drift * t / (frames - 1);
    return planeOf(64, 64, (column, y) => {
      const x = column + moved;
      const near = Math.exp(-((x - 32) ** 2 + (y - 48) ** 2) / 60);
      const skin = 0.5 + 0.2 * Math.sin(across * x) * Math.cos(down * (y + shift * near));
      return lamp * skin + noise * stream.normal();
    });
  });
  return clipOf(planes);
}

/** Frames between the spotted and the true apex, over clips of several lengths: their mean and maximum. */
function errorsOf(disturbed: Partial<Scene>): { mean: number; max: number } {
  const errors = [[40, 20], [40, 12], [60, 38], [21, 9]].flatMap(([frames, apex]) =>
    [1, 2, 3].map((seed) => {
      const clip = moving({ frames: frames!, apex: apex!, seed, ...disturbed });
      const { apex: found, curve } = spotApex(clip, points);
      assert.equal(curve.length, frames);
      return Math.abs(found - apex!);
    })
  );
  return { mean: errors.reduce((a, b) => a + b) / errors.length, max: Math.max(...errors) };
}

Deno.test("spotApex() finds the apex within frames, through noise, flicker and a drifting head", () => {
  // Measured mean and maximum, in frames of clips of 21 to 60. Where the head drifts by a pixel, the
  // largest plain difference to the onset is 17 frames off: it is near the end of the clip.
  const cases: [Partial<Scene>, { mean: number; max: number }][] = [
    [{}, { mean: 0.5, max: 1 }],
    [{ noise: 0.02 }, { mean: 0.75, max: 3 }],
    [{ flicker: 0.1 }, { mean: 1.25, max: 2 }],
    [{ drift: 2 }, { mean: 0.5, max: 1 }],
    [{ noise: 0.01, flicker: 0.02, drift: 1 }, { mean: 0.75, max: 2 }],
  ];
  for (const [disturbed, measured] of cases) {
    const { mean, max } = errorsOf(disturbed);
    const text = `${JSON.stringify(disturbed)}: ${mean}, at most ${max}`;
    assert.ok(mean <= measured.mean + 0.25 && max <= measured.max + 1, text);
  }
});

Deno.test("spotApex() of short and still clips lies inside them", () => {
  const still = planeOf(64, 64, () => 0.5);
  assert.equal(spotApex(clipOf([still]), points).apex, 0);
  assert.equal(spotApex(clipOf([still, still]), points).apex, 1);
  assert.deepEqual(spotApex(clipOf(Array(5).fill(still)), points), {
    apex: 2,
    curve: Array(5).fill(0),
  });
  assert.deepEqual([1, 2, 5, 6].map(midpoint), [0, 0, 2, 2]);
});

Deno.test("spotApex() is blind to what moves outside of brows and mouth", () => {
  // A blink at frame 4 between the brows and the mouth, a brow that rises at frame 11.
  const clip = clipOf(
    Array.from({ length: 16 }, (_, t) =>
      planeOf(64, 64, (x, y) => {
        const skin = 0.5 + 0.1 * Math.sin(0.5 * x) * Math.cos(0.4 * y);
        const eye = Math.exp(-((x - 20) ** 2 + (y - 26) ** 2) / 20 - (t - 4) ** 2);
        const brow = Math.exp(-((x - 20) ** 2 + (y - 12) ** 2) / 20 - (t - 11) ** 2 / 8);
        return skin - 0.3 * eye + 0.05 * brow;
      })),
  );
  assert.ok(Math.abs(spotApex(clip, points).apex - 11) <= 1);
});

Deno.test("spotApex() names what is wrong", () => {
  const clip = moving({ frames: 5, apex: 2, seed: 1 });
  assert.throws(() => spotApex(clip, points.subarray(2)), /Expected 68 finite landmarks, got 67/);
  assert.throws(
    () => spotApex(clip, points.map(() => 500)),
    /brows and mouth are not in the frame/,
  );
  const holed = volume(clip.data.map((value, i) => i === 2 * 64 * 64 ? NaN : value), clip.shape);
  assert.throws(() => spotApex(holed, points), /Frame 2 of the clip is not finite/);
  assert.throws(() => spotApex(planeOf(4, 4, () => 0), points), /a clip of \[4, 4\]/);
  assert.throws(() => spotApex(volume(new Float32Array(0), [0, 4, 4]), points), /\[0, 4, 4\]/);
});
