import assert from "node:assert/strict";
import { rng } from "lib/core/rng.ts";
import { type Volume, volume } from "lib/core/volume.ts";
import { recordings } from "lib/data/synthetic/recordings.ts";
import { cropPlan, faceCrop } from "./crop.ts";
import { spotApexByFft } from "./fft_apex.ts";
import { toGrey } from "./frame.ts";
import { matchClip } from "./gain.ts";
import { pick, uniformFrames } from "./key_frames.ts";
import { clipOf, planeOf } from "./stages_testing.ts";
import golden from "./testdata/fft_apex.json" with { type: "json" };

/** The generator that `testdata/fft_apex.py` draws from too. */
function noise(seed: number, shape: readonly number[]): Volume {
  let x = seed;
  const next = () => (x = (Math.imul(1664525, x) + 1013904223) >>> 0) / 2 ** 32;
  return volume(Float32Array.from({ length: shape.reduce((a, b) => a * b) }, next), shape);
}

for (const { seed, shape, scores, ...options } of golden.records) {
  Deno.test(`spotApexByFft() gives numpy.fft's scores, ${options.blocks} blocks a side`, () => {
    const { apex, curve, blockScores } = spotApexByFft(noise(seed, shape), options);
    const expected = scores.flat();
    assert.deepEqual(blockScores.shape, [shape[0], options.blocks, options.blocks]);
    expected.forEach((value, i) => {
      assert.ok(Math.abs(blockScores.data[i]! - value) < 1e-4 * value, `${i}: ${value}`);
    });
    const sums = scores.map((row) => row.reduce((a, b) => a + b));
    sums.forEach((sum, i) => assert.ok(Math.abs(curve[i]! - sum) < 1e-4 * sum));
    assert.equal(apex, 1 + sums.slice(1, -1).indexOf(Math.max(...sums.slice(1, -1))));
  });
}

Deno.test("spotApexByFft() of single pixels, by hand", () => {
  // A block of one pixel that is 0 0 0 1 0 0 0. In a window of 3 the line that fits best is the mean where
  // the peak is in the middle, -1/3 2/3 -1/3, whose magnitudes at 1/3 and 2/3 are 1; beside the peak,
  // 0 0 1 leaves 1/6 -1/3 1/6, whose magnitudes are 1/2; at an edge the first frame stands still.
  const clip = volume(Float32Array.of(0, 0, 0, 1, 0, 0, 0), [7, 1, 1]);
  const { curve, apex } = spotApexByFft(clip, { blocks: 1, window: 3, cutoff: 0 });
  assert.deepEqual(curve.map((value) => Math.round(1e6 * value) / 1e6), [0, 0, 1, 2, 1, 0, 0]);
  assert.equal(apex, 3);
  // The only frequency in time of three frames is 2/3 of the largest.
  const above = spotApexByFft(clip, { blocks: 1, window: 3, cutoff: 0.67 });
  assert.deepEqual(above.curve, [0, 0, 0, 0, 0, 0, 0]);
  const below = spotApexByFft(clip, { blocks: 1, window: 3, cutoff: 0.66 });
  assert.deepEqual(below.curve, curve);
});

Deno.test("spotApexByFft() is blind to what stands still, and to what brightens evenly", () => {
  const still = noise(4, [1, 12, 12]);
  const clip = clipOf(
    Array.from(
      { length: 9 },
      (_, t) => planeOf(12, 12, (x, y) => still.data[12 * y + x]! + 0.01 * t),
    ),
  );
  const { curve } = spotApexByFft(clip, { blocks: 2, window: 5 });
  // But at the ends, where the first and the last frame stand still and the rise has a corner.
  assert.ok(curve.slice(2, -2).every((value) => value < 1e-4), `${curve}`);
});

Deno.test("spotApexByFft() says which block moves", () => {
  const clip = clipOf(Array.from({ length: 15 }, (_, t) =>
    planeOf(18, 18, (x, y) => {
      const moves = x >= 12 && y >= 6 && y < 12 ? 2 - 2 * Math.cos(2 * Math.PI * t / 14) : 0;
      return 0.5 + 0.3 * Math.sin(0.9 * (x + 0.4 * moves) + 0.5 * y);
    })));
  const { apex, blockScores } = spotApexByFft(clip, { blocks: 3 });
  assert.equal(apex, 7);
  const atApex = [...blockScores.data.subarray(9 * apex, 9 * apex + 9)];
  assert.equal(atApex.indexOf(Math.max(...atApex)), 5);
  assert.ok(atApex.every((value, block) => block === 5 || value < 1e-3 * atApex[5]!));
});

Deno.test("spotApexByFft() never takes an end of a clip unless it has only ends", () => {
  const stream = rng(5, "ends");
  for (let n = 0; n < 20; n++) {
    const clip = clipOf(Array.from({ length: 6 }, () => planeOf(8, 8, () => stream.next())));
    const { apex } = spotApexByFft(clip, { blocks: 2, window: 3 });
    assert.ok(apex >= 1 && apex <= 4);
  }
  const two = clipOf([planeOf(8, 8, () => 0), planeOf(8, 8, () => 1)]);
  assert.equal(spotApexByFft(two, { blocks: 2 }).apex, 1);
  const one = clipOf([planeOf(8, 8, () => 0)]);
  assert.equal(spotApexByFft(one, { blocks: 2 }).apex, 0);
});

Deno.test("spotApexByFft() refuses what it cannot look at", () => {
  const clip = noise(1, [5, 12, 12]);
  assert.throws(() => spotApexByFft(volume(new Float32Array(25), [5, 5])), RangeError);
  assert.throws(() => spotApexByFft(volume(new Float32Array(0), [0, 8, 8])), RangeError);
  for (
    const options of [
      ...[{ blocks: 13 }, { blocks: 0 }, { window: 4 }, { window: 1 }],
      ...[{ cutoff: -1 }, { cutoff: NaN }],
    ]
  ) {
    assert.throws(() => spotApexByFft(clip, options), RangeError, JSON.stringify(options));
  }
  clip.data[100] = NaN;
  assert.throws(() => spotApexByFft(clip), /not finite at 100/);
});

/** The errors of the spotted frame and of one at random on drawn clips, as shares of their lengths. */
async function drawnErrors(): Promise<{ spotted: number; chance: number }> {
  let [spotted, chance] = [0, 0];
  const clips = recordings("samm", "demo").slice(0, 12);
  for (const recording of clips) {
    const { onset, offset, truth } = recording;
    const frames = [];
    for (let number = onset; number <= offset; number++) {
      const frame = await recording.frame(number);
      const { width, height } = frame;
      const plan = cropPlan(faceCrop(truth.landmarks), { side: 64, extra: 0, width, height });
      frames.push(plan(toGrey(frame)));
    }
    const chosen = uniformFrames(frames.length, 16);
    const clip = pick(matchClip(clipOf(frames), 0).clip, chosen);
    const at = chosen[spotApexByFft(clip).apex]!;
    const [length, true_] = [offset - onset, recording.apex - onset];
    spotted += Math.abs(at - true_) / length;
    // The mean error of a frame chosen at random.
    chance += (true_ ** 2 + (length - true_) ** 2) / (2 * length ** 2);
  }
  return { spotted: spotted / clips.length, chance: chance / clips.length };
}

Deno.test("spotApexByFft() finds the apex of drawn clips far better than chance", async () => {
  const { spotted, chance } = await drawnErrors();
  assert.ok(
    spotted < 0.1 && spotted < chance / 2.5,
    `${spotted} of the length, by chance ${chance}`,
  );
});
