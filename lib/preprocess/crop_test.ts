import assert from "node:assert/strict";
import { volume } from "lib/core/volume.ts";
import { type Crop, cropPlan, cutOut, faceCrop, pointsInCrop } from "./crop.ts";
import { assertClose, golden, planeOf } from "./stages_testing.ts";

/** Landmarks with eyes, and a mouth below them, turned by an angle. */
function face(distance: number, angle = 0): Float32Array {
  const points = new Float32Array(136);
  const put = (from: number, to: number, across: number, down: number) => {
    for (let i = from; i < to; i++) {
      points[2 * i] = 100 + Math.cos(angle) * across - Math.sin(angle) * down;
      points[2 * i + 1] = 80 + Math.sin(angle) * across + Math.cos(angle) * down;
    }
  };
  put(36, 42, -distance / 2, 0);
  put(42, 48, distance / 2, 0);
  put(48, 68, 0, distance);
  return points;
}

/** A crop that covers whole pixels, side by side with the frame's. */
const still: Crop = { x: 9.5, y: 7.5, size: 8, angle: 0, corners: [] };

Deno.test("faceCrop() puts eyes and mouth at fixed places, however large or turned the face is", () => {
  for (const [distance, angle] of [[40, 0], [65, 0.3], [40, -0.4]] as const) {
    const landmarks = face(distance, angle);
    const crop = faceCrop(landmarks);
    assert.ok(Math.abs(crop.size - 2.4 * distance) < 1e-3);
    assert.ok(Math.abs(crop.angle - angle) < 1e-6);
    const inside = pointsInCrop(landmarks, crop, 96);
    const place = (i: number) => [inside[2 * i]!, inside[2 * i + 1]!];
    assertClose(place(36), [47.5 - 20, 47.5 - 20], 1e-3);
    assertClose(place(42), [47.5 + 20, 47.5 - 20], 1e-3);
    assertClose(place(48), [47.5, 47.5 + 20], 1e-3);
    assertClose(pointsInCrop(crop.corners.flat(), crop, 96), [
      ...[-0.5, -0.5, 95.5, -0.5, 95.5, 95.5, -0.5, 95.5],
    ], 1e-3);
  }
  assert.equal(faceCrop(face(40), { margin: 0.25 }).size, 2.4 * 40 * 1.5);
});

Deno.test("faceCrop() refuses what is not a face", () => {
  assert.throws(() => faceCrop(new Float32Array(10)), /Expected 68 finite landmarks, got 5/);
  assert.throws(() => faceCrop(new Float32Array(136).fill(NaN)), /68 finite landmarks/);
  assert.throws(() => faceCrop(new Float32Array(136)), /The eyes of these landmarks coincide/);
});

Deno.test("cutOut() of whole pixels copies them, and its margin comes from the frame", () => {
  const plane = planeOf(16, 20, (x, y) => (x + 20 * y) / 320);
  const expected = (extra: number) =>
    planeOf(8 + 2 * extra, 8 + 2 * extra, (x, y) => (x + 6 - extra + 20 * (y + 4 - extra)) / 320);
  assertClose(cutOut(plane, still, 8).data, expected(0).data, 1e-6);
  assertClose(cutOut(plane, still, 8, 3).data, expected(3).data, 1e-6);
});

Deno.test("cutOut() goes on with the border outside the frame", () => {
  const plane = planeOf(16, 20, (x) => x / 20);
  const { data } = cutOut(plane, { ...still, x: 0 }, 8);
  assert.equal(data[0], 0);
  assert.ok(data.every(Number.isFinite));
});

Deno.test("cutOut() follows a smooth image to a fraction of a pixel, shifted and turned", () => {
  const wave = (x: number, y: number) => 0.5 + 0.4 * Math.sin(x / 6) * Math.cos(y / 7);
  const crop = { ...still, x: 30.37, y: 28.81, size: 24, angle: 0.25 };
  const { data } = cutOut(planeOf(64, 64, wave), crop, 24);
  const expected = planeOf(24, 24, (column, row) => {
    const [across, down] = [column - 11.5, row - 11.5];
    const [cos, sin] = [Math.cos(crop.angle), Math.sin(crop.angle)];
    return wave(crop.x + cos * across - sin * down, crop.y + sin * across + cos * down);
  });
  assertClose(data, expected.data, 0.004);
});

Deno.test("cutOut() lets texture finer than its pixels average out", () => {
  const stripes = planeOf(100, 100, (x) => x % 2);
  const { data } = cutOut(stripes, { ...still, x: 49.3, y: 50, size: 80 }, 32);
  assert.ok(Math.max(...data) - Math.min(...data) < 0.25, "stripes of one pixel survive");
});

Deno.test("cutOut() agrees with OpenCV's warpAffine where nothing shrinks", () => {
  for (const { shape, plane, x, y, angle, size, side, extra, result } of golden.crop) {
    const image = volume(Float32Array.from(plane), shape);
    const crop = { x, y, angle, size, corners: [] };
    // OpenCV 5 interpolates in single precision.
    assertClose(cutOut(image, crop, side, extra).data, result, 2e-4);
  }
});

Deno.test("cropPlan() names a wrong size", () => {
  const size = { width: 20, height: 16 };
  assert.throws(() => cropPlan(still, { side: 0, ...size }), /Cannot cut 0 \+ 2 × 0 pixels/);
  const plan = cropPlan(still, { side: 8, ...size });
  assert.throws(() => plan(planeOf(20, 16, () => 0)), /planned for \[16, 20\], got \[20, 16\]/);
});
