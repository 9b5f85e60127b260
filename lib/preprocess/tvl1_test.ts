import assert from "node:assert/strict";
import { type Volume, volume } from "lib/core/volume.ts";
import { bumpFlow, endPointErrors, movedPair } from "./image_flow_testing.ts";
import * as kernel from "./kernels/tvl1.wasm";
import { tvl1, type Tvl1Options, tvl1WithReport } from "./tvl1.ts";
import { tvl1Plain, tvl1PlainWithReport } from "./tvl1_plain.ts";

// Equal work for both implementations: with an early stop, one rounding can decide about an
// iteration.
const fixed: Partial<Tvl1Options> = {
  epsilon: 0,
  nscales: 3,
  warps: 2,
  outerIterations: 2,
  innerIterations: 6,
};

function plane(width: number, height: number, value: (i: number) => number): Volume {
  return volume(Float32Array.from({ length: width * height }, (_, i) => value(i)), [height, width]);
}

function assertNear(actual: number, most: number, what: string): void {
  assert.ok(actual <= most, `${what}: ${actual} is more than ${most}`);
}

/** Fails unless the kernels and the twin agree to rounding. */
function assertTwins(width: number, height: number, options = fixed): void {
  const { from, to } = movedPair(width, height);
  const kernel = tvl1WithReport(from, to, options), plain = tvl1PlainWithReport(from, to, options);
  assert.deepEqual(kernel.report, plain.report);
  const { mean, max } = endPointErrors(kernel.flow, plain.flow);
  assertNear(mean, 1e-5, `mean at ${width}×${height}`);
  assertNear(max, 2e-3, `maximum at ${width}×${height}`);
}

Deno.test("tvl1() equals its plain twin at every width from 16 to 70", () => {
  for (let width = 16; width <= 70; width++) assertTwins(width, 16 + width % 11);
});

Deno.test("tvl1() equals its plain twin at odd and long sizes", () => {
  for (const [width, height] of [[17, 23], [23, 17], [16, 120], [131, 16], [101, 34], [99, 57]]) {
    assertTwins(width!, height!);
  }
});

Deno.test("tvl1() equals its plain twin with other settings", () => {
  for (
    const options of [
      { medianFiltering: 1 },
      { medianFiltering: 3 },
      { scaleStep: 0.5, nscales: 4 },
      { tau: 0.1, lambda: 0.05, theta: 0.5 },
      { initial: bumpFlow({ width: 41, height: 38 }, [0.5, 0], [[20, 20, 6, -2, 1]]) },
      // Far outside, where the warped image is black.
      { initial: bumpFlow({ width: 41, height: 38 }, [1e6, -1e6], []) },
    ] as const
  ) assertTwins(41, 38, { ...fixed, ...options });
});

Deno.test("tvl1() takes images of a thousand pixels a side", () => {
  const width = 1102, height = 1030;
  const wave = (shift: number) =>
    plane(
      width,
      height,
      (i) => 0.5 + 0.4 * Math.sin((i % width + shift) / 3) * Math.cos(i / width / 4),
    );
  const { u, v } = tvl1(wave(0.5), wave(0), { nscales: 2, warps: 1, outerIterations: 1 });
  const middle = 500 * width + 500;
  assertNear(Math.abs(u[middle]! - 0.5), 0.05, "u");
  assertNear(Math.abs(v[middle]!), 0.05, "v");
});

Deno.test("tvl1() finds no motion between equal images, exactly", () => {
  const { from } = movedPair(45, 33);
  const { u, v } = tvl1(from, from);
  assert.ok([...u, ...v].every((value) => value === 0));
});

Deno.test("tvl1() finds no motion in constant images, exactly, bright or dark", () => {
  for (const [a, b] of [[0, 0], [0.3, 0.3], [1, 0.1]] as const) {
    for (const flow of [tvl1, tvl1Plain]) {
      const { u, v } = flow(plane(37, 29, () => a), plane(37, 29, () => b));
      assert.ok([...u, ...v].every((value) => value === 0), `${flow.name} of ${a} and ${b}`);
    }
  }
});

Deno.test("tvl1() gives the same bits again, whatever is in the kernel's memory", () => {
  const { from, to } = movedPair(50, 41);
  const first = tvl1(from, to);
  const large = movedPair(90, 80, { seed: 2 });
  tvl1(large.from, large.to, { medianFiltering: 3 });
  assert.deepEqual(tvl1(from, to), first);
  new Float32Array(kernel.memory.buffer).fill(NaN);
  assert.deepEqual(tvl1(from, to), first);
});

Deno.test("tvl1() leaves its arguments as they are", () => {
  const { from, to, truth } = movedPair(20, 20);
  const copies = [from.data.slice(), to.data.slice(), truth.u.slice()];
  tvl1(from, to, { initial: truth });
  assert.deepEqual([from.data, to.data, truth.u], copies);
});

Deno.test("tvl1() stops as early as its plain twin, to 2 %", () => {
  let kernel = 0, plain = 0;
  for (const seed of [1, 2, 3]) {
    const { from, to } = movedPair(64, 58, { seed });
    kernel += tvl1WithReport(from, to).report.iterations;
    plain += tvl1PlainWithReport(from, to).report.iterations;
  }
  assertNear(Math.abs(kernel / plain - 1), 0.02, `${kernel} and ${plain} iterations`);
});

Deno.test("tvl1() points right and down", () => {
  const size = { width: 60, height: 52 };
  for (const [u, v] of [[1.3, 0], [0, 0.8], [-2.2, 1.4]] as const) {
    const { from, to, truth } = movedPair(60, 52, { flow: bumpFlow(size, [u, v], []) });
    assertNear(endPointErrors(tvl1(from, to), truth).mean, 0.06, `shift by ${u}, ${v}`);
  }
});

Deno.test("tvl1() recovers a smooth field", () => {
  for (const seed of [1, 2]) {
    const { from, to, truth } = movedPair(110, 96, { seed });
    const still = { ...truth, u: truth.u.map(() => 0), v: truth.v.map(() => 0) };
    const motion = endPointErrors(still, truth).mean;
    assertNear(endPointErrors(tvl1(from, to), truth).mean, 0.3 * motion, `seed ${seed}`);
  }
});

Deno.test("tvl1() takes a change of brightness for motion, unless gamma lets it be one", () => {
  const { from } = movedPair(40, 36);
  const brighter = plane(40, 36, (i) => from.data[i]! + 0.03);
  const still = bumpFlow({ width: 40, height: 36 }, [0, 0], []);
  const without = endPointErrors(tvl1(from, brighter), still).mean;
  const withGamma = endPointErrors(tvl1(from, brighter, { gamma: 1 }), still).mean;
  assertNear(withGamma, 0.5 * without, `with gamma, of ${without} without`);
});

Deno.test("tvl1() refuses planes it cannot compare, in one line", () => {
  const ok = plane(20, 18, (i) => i / 360);
  const cases: readonly [Volume, Volume, RegExp][] = [
    [ok, plane(18, 20, () => 0), /one size, got \[18, 20\] and \[20, 18\]$/],
    [volume(new Float32Array(360), [18, 20, 1]), ok, /two planes \[height, width\]/],
    [plane(15, 40, () => 0), plane(15, 40, () => 0), /at least 16×16 pixels, got 15×40$/],
    [plane(20, 18, (i) => (i === 45 ? NaN : 0)), ok, /got NaN at \(5, 2\) of the first plane$/],
    [ok, plane(20, 18, () => -Infinity), /got -Infinity at \(0, 0\) of the second plane$/],
    [ok, plane(20, 18, () => 200), /about 0\.\.1 .* got 200 at/],
  ];
  for (const [from, to, message] of cases) {
    for (const flow of [tvl1, tvl1Plain]) {
      assert.throws(
        () => flow(from, to),
        (error: Error) => error instanceof RangeError && message.test(error.message),
      );
    }
  }
});

Deno.test("tvl1() names the setting that is out of range", () => {
  const ok = plane(20, 18, (i) => i / 360);
  const field = bumpFlow({ width: 20, height: 18 }, [0, 0], []);
  const cases: readonly [keyof Tvl1Options, unknown][] = [
    ["tau", 0],
    ["lambda", -1],
    ["theta", NaN],
    ["nscales", 0],
    ["warps", 1.5],
    ["epsilon", -0.1],
    ["innerIterations", Infinity],
    ["outerIterations", 0],
    ["scaleStep", 1],
    ["gamma", -1],
    ["medianFiltering", 7],
    ["initial", { ...field, width: 18, height: 20 }],
    ["initial", { ...field, u: field.u.map(() => NaN) }],
  ];
  for (const [name, value] of cases) {
    assert.throws(
      () => tvl1(ok, ok, { [name]: value }),
      (error: Error) =>
        error instanceof RangeError && error.message.startsWith(`TV-L1: ${name} must be`),
      `${name} = ${value}`,
    );
  }
});
