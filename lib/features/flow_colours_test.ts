import assert from "node:assert/strict";
import { volume } from "lib/core/volume.ts";
import { flowColours } from "./flow_colours.ts";

/** One frame of flow vectors in a row. */
const frame = (...vectors: [number, number][]) =>
  volume(Float32Array.from(vectors.flat()), [1, 1, vectors.length, 2]);

Deno.test("flowColours() is hue by direction and brightness by length, from shortest to longest", () => {
  const third = Math.PI / 3;
  const flow = frame([0, 0], [2, 0], [2 * Math.cos(2 * third), 2 * Math.sin(2 * third)], [-1, 0]);
  const { data, shape } = flowColours(flow);
  assert.deepEqual(shape, [1, 1, 4, 3]);
  const expected = [0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0.5, 0.5];
  expected.forEach((value, i) => assert.ok(Math.abs(data[i]! - value) < 1e-6, `${i}: ${data[i]}`));
});

Deno.test("flowColours() goes round as OpenCV's hue does", () => {
  // cv2.cvtColor of (angle/2, 255, 255) from HSV to RGB, divided by 255, at 30, 60, 240 and 300 degrees.
  const known: [number, number[]][] = [
    [30, [1, 0.5, 0]],
    [60, [1, 1, 0]],
    [240, [0, 0, 1]],
    [300, [1, 0, 1]],
  ];
  for (const [degrees, colour] of known) {
    const angle = degrees * Math.PI / 180;
    const { data } = flowColours(frame([0, 0], [Math.cos(angle), Math.sin(angle)]));
    colour.forEach((value, i) => assert.ok(Math.abs(data[3 + i]! - value) < 1e-6, `${degrees}`));
  }
});

Deno.test("flowColours() scales each frame by itself, and an even frame is black", () => {
  const flow = volume(Float32Array.of(0, 0, 1, 0, 0, 0, 9, 0, 3, 4, 3, 4), [3, 1, 2, 2]);
  const { data } = flowColours(flow);
  assert.deepEqual([...data], [0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
  assert.throws(() => flowColours(volume(new Float32Array(3), [1, 1, 1, 3])), /two components/);
});
