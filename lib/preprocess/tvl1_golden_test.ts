import assert from "node:assert/strict";
import { type Volume, volume } from "lib/core/volume.ts";
import type { FlowField } from "./flow_field.ts";
import { type Bump, bumpFlow, endPointErrors } from "./image_flow_testing.ts";
import { medianFilter } from "./tvl1_steps.ts";
import { tvl1, type Tvl1Options } from "./tvl1.ts";
import { tvl1Plain } from "./tvl1_plain.ts";
import golden from "./testdata/tvl1.json" with { type: "json" };

const { buffer } = await Deno.readFile(new URL("./testdata/tvl1.bin", import.meta.url));
const types = { uint8: Uint8Array, int16: Int16Array, float32: Float32Array };

function stored(name: string): { data: Float32Array; shape: readonly number[] } {
  const { type, shape, offset } = golden.arrays[name as keyof typeof golden.arrays];
  const length = shape.reduce((product, side) => product * side, 1);
  const data = new types[type as keyof typeof types](buffer, offset, length);
  return { data: Float32Array.from(data), shape };
}

function storedImage(name: string): Volume {
  const { data, shape } = stored(name);
  return volume(data.map((value) => value / 255), shape);
}

function storedFlow(name: string, unit = 1): FlowField {
  const { data, shape: [, height = 0, width = 0] } = stored(name);
  const values = data.map((value) => value * unit);
  return {
    u: values.subarray(0, width * height),
    v: values.subarray(width * height),
    width,
    height,
  };
}

for (const { name, options, initial } of golden.cases) {
  Deno.test(`tvl1() and its twin agree with OpenCV 5 after a fixed number of iterations: ${name}`, () => {
    const from = storedImage(`${name}.first`), to = storedImage(`${name}.second`);
    const expected = storedFlow(`${name}.flow`);
    const settings = {
      ...options as Partial<Tvl1Options>,
      ...(initial ? { initial: storedFlow(`${name}.initial`) } : {}),
    };
    for (const flow of [tvl1, tvl1Plain]) {
      const { mean, p99, max } = endPointErrors(flow(from, to, settings), expected);
      const all = `${flow.name}: ${mean}, ${p99}, ${max}`;
      assert.ok(mean <= 1e-4 && p99 <= 1e-3 && max <= 0.05, all);
    }
  });
}

Deno.test("tvl1() with the defaults is as close to the truth as OpenCV 5, and close to it", () => {
  let ours = 0, theirs = 0;
  for (const { name, drift, bumps } of golden.defaults) {
    const expected = storedFlow(`${name}.flow`, 1 / 4096);
    const truth = bumpFlow(expected, drift as [number, number], bumps as unknown as Bump[]);
    const flow = tvl1(storedImage(`${name}.first`), storedImage(`${name}.second`));
    // A rounding can end a warp an iteration earlier, which moves single pixels by a pixel or two.
    const { mean, p99 } = endPointErrors(flow, expected);
    assert.ok(mean <= 0.03 && p99 <= 0.25, `${name}: ${mean}, ${p99}`);
    ours += endPointErrors(flow, truth).mean;
    theirs += endPointErrors(expected, truth).mean;
  }
  assert.ok(ours <= 1.03 * theirs, `${ours} against ${theirs}`);
});

Deno.test("medianFilter() equals OpenCV's medianBlur bit by bit", () => {
  const { data, shape: [height = 0, width = 0] } = stored("median.input");
  for (const side of [3, 5] as const) {
    assert.deepEqual(medianFilter({ data, width, height }, side), stored(`median.${side}`).data);
  }
});
