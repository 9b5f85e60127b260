import assert from "node:assert/strict";
import { volume } from "lib/core/volume.ts";
import { attentionPanel, colourSheet } from "./slstt_view.ts";

Deno.test("attentionPanel() lays the patches out row by row, the largest share white", () => {
  const { width, height, values } = attentionPanel([0.1, 0.2, 0.4, 0]);
  assert.deepEqual([width, height, ...Array.from(values)], [2, 2, 0.25, 0.5, 1, 0]);
});

Deno.test("colourSheet() keeps colours apart, with white between pictures", () => {
  const red = volume(Float32Array.of(1, 0, 0), [1, 1, 3]);
  const blue = volume(Float32Array.of(0, 0, 0.5), [1, 1, 3]);
  const { data, shape } = colourSheet([[red, blue]]);
  assert.deepEqual(shape, [120, 236, 3]);
  const at = (x: number) => [...data.subarray(3 * (60 * 236 + x), 3 * (60 * 236 + x) + 3)];
  assert.deepEqual([at(0), at(60), at(180)], [[1, 1, 1], [1, 0, 0], [0, 0, 0.5]]);
});
