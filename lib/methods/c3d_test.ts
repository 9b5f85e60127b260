import assert from "node:assert/strict";
import { flatten } from "lib/blocks/tree.ts";
import { rng } from "lib/core/rng.ts";
import { volume } from "lib/core/volume.ts";
import { openBackend } from "lib/train/backend.ts";
import { c3d, method, threeFrames } from "./c3d.ts";

await openBackend();

function parametersOf(block: ReturnType<typeof c3d>, shape: readonly number[]): number {
  const { params } = block.init(rng(1), shape);
  return flatten(params).reduce((sum, [, { data }]) => sum + data.length, 0);
}

Deno.test("c3d() has the parameters of the published layers, an eighth as wide", () => {
  // Convolutions of 27 cells with biases; 4 × 4 × 64 values reach the first dense layer.
  const conv = (from: number, to: number) => 27 * from * to + to;
  const [w, h] = [8, 64];
  const convolutions = conv(3, w) + conv(w, 2 * w) + conv(2 * w, 4 * w) + conv(4 * w, 4 * w) +
    conv(4 * w, 8 * w) + 3 * conv(8 * w, 8 * w);
  const layers = 4 * 4 * 8 * w * h + h + h * h + h + h * 3 + 3;
  const block = c3d({ classes: 3, width: w, hidden: h });
  assert.equal(parametersOf(block, [16, 112, 112, 3]), convolutions + layers);
  // The same sums at full width are the 78.0 million of the original.
  const full = conv(3, 64) + conv(64, 128) + conv(128, 256) + conv(256, 256) + conv(256, 512) +
    3 * conv(512, 512) + 8192 * 4096 + 4096 + 4096 * 4096 + 4096 + 4096 * 3 + 3;
  assert.equal(full, 78_008_067);
});

Deno.test("c3d() brings 16 frames of 112 pixels to one of 4, and three frames to three", () => {
  const features = (frames: number, poolTime: boolean) => {
    const block = c3d({ classes: 3, width: 1, hidden: 1, poolTime });
    const { params } = block.init(rng(1), [frames, 112, 112, 2]);
    return new Map(flatten(params)).get("fc6.kernel")!.shape;
  };
  assert.deepEqual(features(16, true), [1, 1 * 4 * 4 * 8]);
  assert.deepEqual(features(3, false), [1, 3 * 4 * 4 * 8]);
});

Deno.test("threeFrames() takes the first frame, the one farthest from it, and the last", () => {
  const clip = volume(Float32Array.of(1, 1, 2, 1, -3, 1, 2, 2), [4, 1, 2, 1]);
  const { data, shape } = threeFrames(clip);
  assert.deepEqual([...shape], [3, 1, 2, 1]);
  assert.deepEqual([...data], [1, 1, -3, 1, 2, 2]);
});

Deno.test("the variant squ-c3d sees three frames", () => {
  const clip = (frames: number) =>
    volume(Float32Array.from({ length: frames * 8 }, (_, i) => i), [frames, 2, 2, 2]);
  const seen = (frames: number, variant: string) =>
    method.look!(clip(frames), { variant, clipScale: "none" }).shape;
  assert.deepEqual([...seen(5, "squ-c3d")], [3, 2, 2, 2]);
  assert.deepEqual([...seen(16, "c3d")], [16, 2, 2, 2]);
  assert.throws(() => seen(15, "c3d"), /c3d: keyFrames: C3D halves time .* 15 .*at least 16/);
});
