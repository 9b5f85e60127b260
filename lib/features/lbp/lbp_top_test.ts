import assert from "node:assert/strict";
import { rng } from "lib/core/rng.ts";
import { type Volume, volume } from "lib/core/volume.ts";
import * as kernel from "./kernels/lbp.wasm";
import { lbpCodes, lbpTop, lbpTopLength, type LbpTopOptions } from "./lbp_top.ts";
import { lbpCodesPlain, lbpTopPlain } from "./lbp_top_plain.ts";
import { mappingOf } from "./mappings.ts";
import { type Plane, planes } from "./planes.ts";
import golden from "./testdata/lbp.json" with { type: "json" };

function noise(frames: number, height: number, width: number): Volume {
  const stream = rng(1, "noise", frames, height, width);
  const size = frames * height * width;
  return volume(Float32Array.from({ length: size }, () => stream.next()), [frames, height, width]);
}

const numbers = (text: string) => text.split(" ").map(Number);

function goldenClip(name: string): Volume {
  const text = golden.volumes[name as keyof typeof golden.volumes];
  return volume(Float32Array.from(numbers(text)), golden.shape);
}

const each = <T>(value: T): Record<Plane, T> => ({ xy: value, xt: value, yt: value });
const around = (neighbours: number, [x, y, t]: readonly [number, number, number] = [1, 1, 1]) => ({
  radii: { x, y, t },
  neighbours: each(neighbours),
});
const megc: LbpTopOptions = {
  ...around(4, [1, 1, 4]),
  codes: "full",
  grid: { across: 5, down: 5, along: 1, overlap: 0 },
};

Deno.test("lbpCodes() gives the codes worked by hand", () => {
  // deno-fmt-ignore: a frame of 3×3 a line, three frames
  const clip = volume(Float32Array.of(
    0, 1, 0,  7, 2, 6,  0, 9, 0,
    4, 6, 1,  3, 5, 5,  9, 8, 2,
    0, 4, 0,  6, 8, 1,  0, 5, 0,
  ), [3, 3, 3]);
  const code = (plane: Plane, count: number) => [...lbpCodes(clip, plane, around(count)).data];
  // Right 5, up 6, left 3, down 8 against 5.
  assert.deepEqual(code("xy", 4), [0b1011]);
  // Right 5, earlier 2, left 3, later 8.
  assert.deepEqual(code("xt", 4), [0b1001]);
  // Up 6, earlier 2, down 8, later 8.
  assert.deepEqual(code("yt", 4), [0b1101]);
  // Between them (d = 0.70711): right-up .0858·5 + .2071·(5 + 6) + .5·1 = 3.2; left-up
  // .0858·5 + .2071·(6 + 3) + .5·4 = 4.3; left-down .0858·5 + .2071·(3 + 8) + .5·9 = 7.2; right-down
  // .0858·5 + .2071·(8 + 5) + .5·2 = 4.1.
  assert.deepEqual(code("xy", 8), [0b01100101]);
});

for (const { volume: name, by, neighbours, radii, codes } of golden.cases) {
  const place = `${neighbours} neighbours at ${radii.join(", ")}, ${name}`;
  Deno.test(`lbpCodes() agrees with ${by} in every code: ${place}`, () => {
    const clip = goldenClip(name);
    const where = around(neighbours, radii as [number, number, number]);
    for (const plane of planes) {
      assert.deepEqual([...lbpCodes(clip, plane, where).data], numbers(codes[plane]), plane);
    }
  });
}

Deno.test("lbpTop() of the uniform set counts what scikit-image's nri_uniform gives", () => {
  for (const { volume: name, neighbours, radii, uniform } of golden.cases) {
    if (uniform === undefined) continue;
    const clip = goldenClip(name);
    const where = around(neighbours, radii as [number, number, number]);
    const { bins, table } = mappingOf("uniform", neighbours);
    const expected = numbers(uniform);
    assert.deepEqual(Array.from(lbpCodes(clip, "xy", where).data, (code) => table[code]), expected);
    const grid = { across: 1, down: 1, along: 1, overlap: 0 };
    const shares = lbpTop(clip, { ...where, codes: "uniform", grid }).subarray(0, bins);
    shares.forEach((share, bin) => {
      const count = expected.filter((value) => value === bin).length;
      assert.equal(Math.round(share * expected.length), count);
    });
  }
});

Deno.test("lbpCodes() equals its plain twin for every width, radius and number of neighbours", () => {
  for (let width = 3; width <= 26; width++) {
    const clip = noise(3, 4, width);
    for (const plane of planes) {
      const where = around(1 + width % 16);
      assert.deepEqual(lbpCodes(clip, plane, where), lbpCodesPlain(clip, plane, where));
    }
  }
  const clip = noise(9, 12, 19);
  for (const radii of [[1, 2, 3], [3, 1, 2], [2.5, 0.5, 1], [4, 4, 4]] as const) {
    for (const count of [3, 8, 16]) {
      for (const plane of planes) {
        const where = around(count, radii);
        assert.deepEqual(lbpCodes(clip, plane, where), lbpCodesPlain(clip, plane, where));
      }
    }
  }
});

Deno.test("lbpTop() equals its plain twin, with and without overlap", () => {
  const clip = noise(12, 31, 27);
  for (const codes of ["full", "uniform"] as const) {
    for (
      const grid of [
        { across: 5, down: 4, along: 1, overlap: 0 },
        { across: 4, down: 3, along: 2, overlap: 0.4 },
        { across: 6, down: 6, along: 1, overlap: 0.7 },
      ]
    ) {
      const options = { ...around(8, [1, 2, 3]), neighbours: { xy: 8, xt: 4, yt: 5 }, codes, grid };
      const descriptor = lbpTop(clip, options);
      assert.deepEqual(descriptor, lbpTopPlain(clip, options));
      assert.equal(descriptor.length, lbpTopLength(options));
    }
  }
});

Deno.test("lbpTop() has a histogram that sums to 1 for each block and plane", () => {
  const descriptor = lbpTop(noise(10, 40, 36), megc);
  assert.equal(descriptor.length, 5 * 5 * 3 * 16);
  for (let start = 0; start < descriptor.length; start += 16) {
    const sum = descriptor.subarray(start, start + 16).reduce((a, b) => a + b);
    assert.ok(Math.abs(sum - 1) < 1e-6, `${start}: ${sum}`);
  }
});

Deno.test("lbpTop() orders blocks by rows, and planes xy, xt, yt within a block", () => {
  // Flat and still; in the lower left it gets darker to the left. Blocks are voxels 1 to 5 and 6 to 10.
  const data = Float32Array.from({ length: 3 * 12 * 12 }, (_, i) => {
    const [y, x] = [Math.floor(i / 12) % 12, i % 12];
    return y >= 7 && x < 5 ? x : 9;
  });
  const grid = { across: 2, down: 2, along: 1, overlap: 0 };
  const options = { ...around(4), codes: "full", grid } as const;
  const descriptor = lbpTop(volume(data, [3, 12, 12]), options);
  const counts = (block: number, plane: number) => {
    const start = (block * 3 + plane) * 16;
    const shares = [...descriptor.subarray(start, start + 16)];
    return Object.fromEntries(
      shares.map((share, code) => [code, Math.round(25 * share)]).filter(([, n]) => n !== 0),
    );
  };
  for (const block of [0, 1, 3]) {
    for (const plane of [0, 1, 2]) assert.deepEqual(counts(block, plane), { 15: 25 });
  }
  assert.deepEqual(counts(2, 0), { 0b1011: 20, 0b0111: 4, 15: 1 });
  assert.deepEqual(counts(2, 1), { 0b1011: 20, 15: 5 });
  assert.deepEqual(counts(2, 2), { 0b1011: 4, 15: 21 });
});

Deno.test("lbpTop() does not see a change of brightness and contrast", () => {
  const clip = noise(6, 20, 20);
  const options: LbpTopOptions = {
    ...around(8, [2, 2, 1]),
    codes: "uniform",
    grid: { across: 3, down: 3, along: 1, overlap: 0.2 },
  };
  // By a power of two, so that nothing is rounded.
  const changed = volume(clip.data.map((value) => 0.25 * value), clip.shape);
  assert.deepEqual(lbpTop(changed, options), lbpTop(clip, options));
});

Deno.test("lbpTop() does not see a monotone change where neighbours lie on voxels", () => {
  const clip = noise(10, 24, 24);
  const changed = volume(clip.data.map((value) => Math.sqrt(value) + value ** 3), clip.shape);
  const options = { ...megc, grid: { ...megc.grid, across: 4, down: 4 } };
  assert.deepEqual(lbpTop(changed, options), lbpTop(clip, options));
});

Deno.test("lbpCodes() sets every bit in a flat neighbourhood", () => {
  for (const value of [0, 0.1, 1 / 3, 0.7]) {
    const flat = volume(new Float32Array(7 * 7 * 7).fill(value), [7, 7, 7]);
    for (const plane of planes) {
      assert.ok(lbpCodes(flat, plane, around(8, [2, 3, 1])).data.every((code) => code === 255));
    }
  }
});

Deno.test("lbpTop() does not depend on what is in the kernel's memory", () => {
  const clip = noise(10, 30, 31);
  const first = lbpTop(clip, megc);
  new Uint8Array(kernel.memory.buffer).fill(255, 1024);
  assert.deepEqual(lbpTop(clip, megc), first);
});

Deno.test("lbpTop() refuses clips and options that have no histograms", () => {
  const refuses = (clip: Volume, changes: Partial<LbpTopOptions>, message: RegExp) =>
    assert.throws(() => lbpTop(clip, { ...megc, ...changes }), { name: "RangeError", message });
  const clip = noise(10, 20, 20);
  refuses(noise(8, 20, 20), {}, /no voxel with neighbours at 1, 1 and 4/);
  refuses(noise(10, 5, 20), {}, /length of 3 cannot be divided into 5/);
  refuses(volume(clip.data, [4000, 1]), {}, /Expected a clip \[frames, height, width\]/);
  refuses(clip, around(17), /Patterns have 1 to 16 bits, got 17/);
  assert.throws(() => lbpCodes(clip, "xy", around(0)), /1 to 16 neighbours, got 0 for xy/);
  refuses(clip, around(4, [0, 1, 1]), /radius must be positive, got 0 for x/);
  refuses(clip, { grid: { ...megc.grid, overlap: 1 } }, /less than 1, got 1/);
  const broken = noise(10, 20, 20);
  broken.data[77] = NaN;
  refuses(broken, {}, /not finite/);
});
