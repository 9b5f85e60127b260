import assert from "node:assert/strict";
import { volume } from "lib/core/volume.ts";
import { channelPanel, panelSheet, stretched } from "./maps.ts";

Deno.test("channelPanel() picks one channel of an image", () => {
  const image = volume(new Float32Array([1, 2, 3, 4, 5, 6]), [1, 2, 3]);
  assert.deepEqual([...Array.from(channelPanel(image, 1).values)], [2, 5]);
});

Deno.test("stretched() maps the range to 0..1, and a constant panel to 0", () => {
  const panel = { width: 3, height: 1, values: [2, 4, 3] };
  assert.deepEqual(stretched(panel).values, [0, 1, 0.5]);
  assert.deepEqual(stretched({ ...panel, values: [7, 7, 7] }).values, [0, 0, 0]);
});

Deno.test("panelSheet() enlarges each panel into its cell and leaves white between", () => {
  const panel = { width: 2, height: 1, values: [0, 0.5] };
  const sheet = panelSheet([[panel, panel]], 2);
  assert.deepEqual(sheet.shape, [10, 16, 3]);
  const at = (y: number, x: number) => sheet.data[(y * 16 + x) * 3];
  assert.deepEqual([at(4, 4), at(4, 5), at(5, 4), at(5, 5)], [0, 0.5, 0, 0.5]);
  assert.deepEqual([at(3, 4), at(4, 3), at(4, 6), at(4, 10)], [1, 1, 1, 0]);
});
