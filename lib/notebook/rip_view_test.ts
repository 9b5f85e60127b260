import assert from "node:assert/strict";
import { volume } from "lib/core/volume.ts";
import { movingClips } from "lib/features/lbp/clips_testing.ts";
import { greyClip } from "lib/features/lbp/grey_clip.ts";
import { blocksPanel, partPanels, projectionCharts, strongestFrame } from "./rip_view.ts";

const options = {
  motion: "sparse",
  sparseness: 1,
  blocks: 3,
  mask: 5,
  radius: 1,
  radiusT: 1,
} as const;

Deno.test("strongestFrame() finds the frame of the largest motion, of either sign", () => {
  const data = Float32Array.of(0, 0, 1, 0, 0, 0, -2, 0, 0, 1, 1, 1);
  assert.equal(strongestFrame(volume(data, [3, 2, 2])), 1);
  assert.equal(strongestFrame(volume(new Float32Array(12), [3, 2, 2])), 0);
});

Deno.test("partPanels() shows nothing as grey, and the parts add up to the frame", () => {
  const still = volume(new Float32Array(5 * 36).fill(0.25), [5, 6, 6]);
  const [frame, common, ...motion] = partPanels(still, { ...options, motion: "difference" });
  assert.deepEqual(frame, common);
  assert.equal(motion.length, 5);
  assert.ok(motion.every(({ values }) => Array.from(values).every((value) => value === 0.5)));
  const [clip] = movingClips(1).map(({ input }) => greyClip(input));
  const panels = partPanels(clip!, options);
  assert.ok(panels.every(({ width, height }) => width === 40 && height === 40));
  assert.ok(panels.some(({ values }) => Array.from(values).includes(1)));
});

Deno.test("projectionCharts() has a curve a class and a point a pixel on either axis", () => {
  const samples = movingClips(1);
  const clips = { classes: ["still", "right", "down"], samples, options, share: 0.5 };
  const charts = projectionCharts(clips);
  assert.deepEqual(charts.map(({ alt }) => alt.split("\n")[0]), [
    "Projection on the horizontal axis.",
    "Projection on the vertical axis.",
  ]);
  for (const { alt } of charts) {
    assert.deepEqual(alt.match(/^(still|right|down): 40 values/gm)?.length, 3);
  }
});

Deno.test("blocksPanel() darkens the blocks that are not selected", () => {
  const face = { width: 4, height: 4, values: new Float32Array(16).fill(0.5) };
  const { values } = blocksPanel(face, [1, 2], 2);
  const [dark, light] = [Math.fround(0.15), 0.5];
  assert.deepEqual(Array.from(values), [
    ...[dark, dark, light, light],
    ...[dark, dark, light, light],
    ...[light, light, dark, dark],
    ...[light, light, dark, dark],
  ]);
});
