import assert from "node:assert/strict";
import { rng } from "lib/core/rng.ts";
import { type Volume, volume } from "lib/core/volume.ts";
import { magnify, type MagnifyOptions } from "./magnify.ts";
import { magnifyPlain } from "./magnify_plain.ts";
import { assertClose, clipOf, planeOf } from "./stages_testing.ts";

interface Golden {
  readonly alpha: number;
  readonly fps: number;
  readonly lowHz: number;
  readonly highHz: number;
  readonly cases: readonly {
    readonly filter: "ideal" | "iir";
    readonly shape: readonly [number, number, number];
    readonly levels: number;
    /** Absent where it is the one of the case before. */
    readonly clip: readonly number[] | null;
    readonly shown: readonly number[];
    readonly result: readonly number[];
  }[];
}

const golden: Golden = JSON.parse(
  await Deno.readTextFile(new URL("./testdata/magnify.json", import.meta.url)),
);

const ideal = { filter: "ideal", alpha: 10, fps: 200, lowHz: 4, highHz: 60 } as const;
const iir = { filter: "iir", alpha: 10, fps: 200 } as const;

function noise(shape: readonly [number, number, number]): Volume {
  const stream = rng(1, "noise", ...shape);
  const size = shape[0] * shape[1] * shape[2];
  return volume(Float32Array.from({ length: size }, () => stream.next()), shape);
}

Deno.test("magnify() agrees with NumPy and SciPy to a thousandth of a grey level", () => {
  let clip: readonly number[] = [];
  for (const { filter, shape, levels, shown, result, ...rest } of golden.cases) {
    clip = rest.clip ?? clip;
    const { alpha, fps, lowHz, highHz } = golden;
    const options: MagnifyOptions = filter === "ideal"
      ? { filter, alpha, fps, levels, lowHz, highHz }
      : { filter, alpha, fps, levels };
    const { data } = magnify(volume(Float32Array.from(clip), shape), options);
    const size = shape[1] * shape[2];
    const found = shown.flatMap((t) => [...data.subarray(t * size, (t + 1) * size)]);
    assertClose(found, result, 1e-3 / 255);
  }
});

Deno.test("magnify() agrees with its plain twin on every width, odd ones too", () => {
  for (let width = 16; width <= 41; width++) {
    const clip = noise([5, 16 + width % 7, width]);
    for (const options of [ideal, iir]) {
      assertClose(magnify(clip, options).data, magnifyPlain(clip, options).data, 2e-6);
    }
  }
  const clip = noise([4, 134, 134]);
  assertClose(magnify(clip, ideal).data, magnifyPlain(clip, ideal).data, 5e-6);
});

Deno.test("magnify() gives equal bits again, whatever was magnified before", () => {
  const [small, large] = [noise([6, 20, 23]), noise([9, 70, 66])];
  const first = magnify(small, ideal).data;
  magnify(large, iir);
  assert.deepEqual(magnify(small, ideal).data, first);
});

/** A smooth pattern of so many pixels a wave that swings by `reach` pixels at so many hertz. */
function swinging(hertz: number, wavelength = 16, reach = 0.1): Volume {
  return clipOf(Array.from({ length: 40 }, (_, t) => {
    const shift = reach * Math.sin(2 * Math.PI * hertz * t / 200);
    return planeOf(64, 96, (x) => 0.5 + 0.2 * Math.sin(2 * Math.PI * (x - shift) / wavelength));
  }));
}

/** The swing of the pattern at the middle of the picture, in pixels, over time: from its phase. */
function reachOf({ data }: Volume, wavelength = 16): number {
  const phases = Array.from({ length: 40 }, (_, t) => {
    let [sine, cosine] = [0, 0];
    for (let x = 24; x < 24 + 3 * wavelength; x++) {
      const value = data[(t * 64 + 32) * 96 + x]!;
      sine += value * Math.sin(2 * Math.PI * x / wavelength);
      cosine += value * Math.cos(2 * Math.PI * x / wavelength);
    }
    return -Math.atan2(cosine, sine) * wavelength / (2 * Math.PI);
  });
  return (Math.max(...phases) - Math.min(...phases)) / 2;
}

Deno.test("magnify() moves a pattern 1 + α times as far within the band, and not at all outside", () => {
  // Waves of 16 pixels are neither on the finest nor on the coarsest level, and longer than the cut-off.
  const cutoffWavelength = 4;
  const band = { ...ideal, alpha: 5, lowHz: 8, highHz: 12, cutoffWavelength };
  const clip = swinging(10);
  assert.ok(Math.abs(reachOf(clip) - 0.1) < 0.01, `drawn with ${reachOf(clip)}`);
  const inside = reachOf(magnify(clip, band));
  assert.ok(inside > 0.5 && inside <= 0.62, `0.1 pixels became ${inside}`);
  const outside = reachOf(magnify(swinging(30), band));
  assert.ok(Math.abs(outside - 0.1) < 0.01, `outside the band 0.1 became ${outside}`);
});

Deno.test("magnify() is linear in what it adds", () => {
  const [a, b] = [noise([8, 24, 24]), noise([8, 24, 25])];
  const other = volume(b.data.slice(0, a.data.length), a.shape);
  const sum = volume(a.data.map((value, i) => value + other.data[i]!), a.shape);
  const [x, y] = [magnify(a, ideal).data, magnify(other, ideal).data];
  assertClose(magnify(sum, ideal).data, x.map((value, i) => value + y[i]!), 1e-5);
});

Deno.test("magnify() leaves alone what does not change, and everything when told to add nothing", () => {
  const still = clipOf(Array(9).fill(planeOf(20, 21, (x, y) => x * y / 420)));
  assertClose(magnify(still, ideal).data, still.data, 1e-5);
  assertClose(magnify(still, iir).data, still.data, 1e-5);
  const clip = noise([8, 20, 20]);
  assert.deepEqual(magnify(clip, { ...ideal, alpha: 0 }), clip);
  assert.deepEqual(magnify(clip, { ...ideal, lowHz: 1, highHz: 2 }), clip);
  const one = noise([1, 20, 20]);
  assert.deepEqual(magnify(one, ideal), one);
});

Deno.test("magnify() names what is wrong", () => {
  const clip = noise([8, 20, 20]);
  const holed = volume(clip.data.slice(), clip.shape);
  holed.data[7] = NaN;
  const cases: [() => Volume, RegExp][] = [
    [() => magnify(holed, ideal), /The clip has the value NaN at 7/],
    [() => magnify(noise([8, 15, 20]), ideal), /at least 16 pixels a side/],
    [() => magnify(volume(clip.data, [160, 20]), ideal), /Cannot magnify \[160, 20\]/],
    [() => magnify(clip, { ...ideal, alpha: -1 }), /alpha: Expected at least 0, got -1/],
    [() => magnify(clip, { ...ideal, fps: 0 }), /fps: Expected above 0, got 0/],
    [
      () => magnify(clip, { ...ideal, lowHz: 60 }),
      /lowHz: Expected less than highHz, got 60 and 60/,
    ],
    [() => magnify(clip, { ...ideal, highHz: 101 }), /highHz: Expected 0 to 100, got 101/],
    [() => magnify(clip, { ...ideal, levels: 9 }), /levels: Expected 1 to 3 for 20 × 20, got 9/],
    [() => magnify(clip, { ...iir, r1: 2 }), /r1: Expected 0 to 1, got 2/],
    [() => magnify(clip, { ...iir, cutoffWavelength: 0 }), /cutoffWavelength: Expected above 0/],
  ];
  for (const [call, message] of cases) assert.throws(call, message);
});
