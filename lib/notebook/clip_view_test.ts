import assert from "node:assert/strict";
import { volume } from "lib/core/volume.ts";
import { faceCrop } from "lib/preprocess/crop.ts";
import { flowColours, framePanel } from "./clip_view.ts";
import { faceImage, frameImage } from "./face_view.ts";

Deno.test("framePanel() is one frame, clamped to what can be shown", () => {
  const clip = volume(Float32Array.of(0, 0.25, 0.5, 0.75, -1, 2, 0.5, 0.5), [2, 2, 2]);
  assert.deepEqual([...framePanel(clip, 1).values as Float32Array], [0, 1, 0.5, 0.5]);
  assert.throws(() => framePanel(clip, 2), /2 frames and no frame 2/);
});

Deno.test("flowColours() is white where nothing moves, and has a hue a direction", () => {
  const flow = {
    u: Float32Array.of(0, 1, -1, 0, 0),
    v: Float32Array.of(0, 0, 0, 1, -1),
    width: 5,
    height: 1,
  };
  const { data } = flowColours(flow, 1);
  const at = (i: number) => [...data.slice(3 * i, 3 * i + 3)].map((x) => Number(x.toFixed(2)));
  assert.deepEqual([0, 1, 2, 3, 4].map(at), [
    [1, 1, 1],
    [1, 0, 0],
    [0, 1, 1],
    [0.5, 1, 0],
    [0.5, 0, 1],
  ]);
  assert.ok(flowColours(flow, 0).data.every((value) => value === 1));
});

Deno.test("faceImage() marks points and crop on the frame, also beyond its border", () => {
  const frame = {
    data: new Uint8Array(60 * 50).fill(51),
    width: 60,
    height: 50,
    channels: 1,
  } as const;
  assert.ok(frameImage(frame).data.every((value) => Math.abs(value - 0.2) < 1e-6));
  const landmarks = new Float32Array(136);
  for (let i = 0; i < 68; i++) {
    landmarks.set(i < 36 ? [-5, 80] : i < 42 ? [20, 20] : i < 48 ? [40, 20] : [30, 40], 2 * i);
  }
  const face = {
    box: { x: 0, y: 0, width: 60, height: 50 },
    score: 0.9,
    detector: "tiny-416",
    landmarks,
    route: "dlib",
  } as const;
  const { data, shape } = faceImage(frame, face, faceCrop(landmarks));
  assert.deepEqual(shape, [50, 60, 3]);
  const at = (x: number, y: number) => [...data.slice(3 * (60 * y + x), 3 * (60 * y + x) + 3)];
  assert.ok(at(20, 20)[0]! > 0.9 && at(20, 20)[2]! < 0.2, "an eye is marked");
  // The crop is 48 pixels a side around (30, 30).
  assert.ok(at(6, 30)[2]! > 0.7 && at(54, 30)[2]! > 0.7, "the crop's sides are drawn");
});
