import assert from "node:assert/strict";
import { type Volume, volume } from "lib/core/volume.ts";
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
  assert.throws(() => faceCrop(face(40), { margin: NaN }), /A margin of NaN leaves nothing/);
  assert.throws(() => faceCrop(face(40), { margin: -0.5 }), /A margin of -0.5 leaves nothing/);
  assert.throws(() => faceCrop(new Float32Array(136)), /The eyes of these landmarks coincide/);
});

Deno.test("cutOut() of whole pixels copies them, and its margin comes from the frame", () => {
  const plane = planeOf(16, 20, (x, y) => (x + 20 * y) / 320);
  const expected = (extra: number) =>
    planeOf(8 + 2 * extra, 8 + 2 * extra, (x, y) => (x + 6 - extra + 20 * (y + 4 - extra)) / 320);
  assertClose(cutOut(plane, still, 8).data, expected(0).data, 1e-6);
  assertClose(cutOut(plane, still, 8, 3).data, expected(3).data, 1e-6);
});

Deno.test("cutOut() goes on with the border outside the frame, at each side of it", () => {
  const plane = planeOf(16, 20, (x, y) => (x + 20 * y) / 320);
  for (const [x, y] of [[0, 8], [19, 8], [9.5, 0], [9.5, 15], [-40, 90]] as const) {
    const expected = planeOf(9, 9, (column, row) => {
      const px = Math.min(19, Math.max(0, x - 4 + column));
      const py = Math.min(15, Math.max(0, y - 4 + row));
      return (px + 20 * py) / 320;
    });
    assertClose(cutOut(plane, { ...still, x, y, size: 9 }, 9).data, expected.data, 1e-6);
  }
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

Deno.test("cutOut() follows a shift by a fraction of a pixel, also where it shrinks the frame", () => {
  const wave = (x: number, y: number) => 0.5 + 0.4 * Math.sin(x / 9 + 0.4) * Math.cos(y / 11);
  for (const step of [0.6, 1, 1.7, 2.5]) {
    for (const shift of [0.1, 0.25, 0.5, 0.9]) {
      const crop = { ...still, x: 60, y: 58, size: 32 * step };
      const frame = planeOf(120, 120, wave);
      const moved = planeOf(120, 120, (x, y) => wave(x + shift, y - shift / 2));
      const by = { ...crop, x: crop.x + shift, y: crop.y - shift / 2 };
      // Moving the crop is the same as moving the picture.
      assertClose(cutOut(moved, crop, 32).data, cutOut(frame, by, 32).data, 0.002);
    }
  }
});

Deno.test("cutOut() lets texture finer than its pixels average out", () => {
  const stripes = planeOf(100, 100, (x) => x % 2);
  const { data } = cutOut(stripes, { ...still, x: 49.3, y: 50, size: 80 }, 32);
  assert.ok(Math.max(...data) - Math.min(...data) < 0.25, "stripes of one pixel survive");
});

Deno.test("cutOut() of a zone plate shows no rings where its own pixels cannot hold them", () => {
  // Rings whose frequency grows from the centre to half a cycle a pixel at a distance of 125. Shrunk by
  // 2.5, the result can hold those up to a distance of 50: further out is grey, or false.
  const plate = planeOf(250, 250, (x, y) => {
    const square = (x - 124.5) ** 2 + (y - 124.5) ** 2;
    return 0.5 + 0.5 * Math.cos(Math.PI * square / 250);
  });
  const crop = { ...still, x: 124.5, y: 124.5, size: 250 };
  const contrast = ({ data }: Volume, least: number, most: number) => {
    const squares = [...data].flatMap((value, i) => {
      const distance = Math.hypot(i % 100 - 49.5, Math.floor(i / 100) - 49.5);
      return distance >= least && distance < most ? [(value - 0.5) ** 2] : [];
    });
    return Math.sqrt(squares.reduce((a, b) => a + b) / squares.length);
  };
  const small = cutOut(plate, crop, 100);
  assert.ok(contrast(small, 0, 10) > 0.25, "coarse rings stay");
  assert.ok(contrast(small, 35, 50) < 0.06, `fine rings: ${contrast(small, 35, 50)}`);
  // Every pixel read off where it is, without means, has them all.
  const picked = planeOf(
    100,
    100,
    (x, y) => plate.data[250 * Math.round(2.5 * y) + Math.round(2.5 * x)]!,
  );
  assert.ok(contrast(picked, 35, 50) > 0.3);
});

Deno.test("cutOut() agrees with OpenCV's warpAffine where nothing shrinks", () => {
  // OpenCV 5 interpolates in single precision.
  for (const each of golden.crop) assertClose(cutGolden(each), each.result, 2e-4);
});

Deno.test("cutOut() agrees with SciPy where it shrinks, over the frame's border too", () => {
  // The means of the golden crops are sums over fine strips.
  for (const each of golden.shrunkCrop) assertClose(cutGolden(each), each.result, 2e-5);
});

function cutGolden(each: (typeof golden.crop)[number]): Float32Array {
  const { x, y, angle, size, side, extra } = each;
  const image = volume(Float32Array.from(each.plane), each.shape);
  return cutOut(image, { x, y, angle, size, corners: [] }, side, extra).data;
}

Deno.test("cutOut() of a constant frame is constant, and NaN stays where it is", () => {
  const grey = cutOut(planeOf(30, 40, () => 0.3), { ...still, size: 37.7, angle: 0.4 }, 11, 2);
  assertClose(grey.data, new Float32Array(15 * 15).fill(0.3), 1e-6);
  const holed = cutOut(planeOf(16, 20, (x, y) => x === 8 && y === 6 ? NaN : 1), still, 8);
  assert.ok(Number.isNaN(holed.data[8 * 2 + 2]) && holed.data[0] === 1 && holed.data[63] === 1);
});

Deno.test("cropPlan() serves many frames, each result an array of its own", () => {
  const plan = cropPlan({ ...still, size: 12.3 }, { side: 6, width: 20, height: 16 });
  const frames = [0.1, 0.7].map((level) => planeOf(16, 20, (x) => level + x / 100));
  const cuts = frames.map(plan);
  cuts.forEach((cut, i) => assert.deepEqual(cut, plan(frames[i]!)));
  assert.notEqual(cuts[0]!.data.buffer, cuts[1]!.data.buffer);
});

Deno.test("cropPlan() names a wrong size", () => {
  const size = { width: 20, height: 16 };
  assert.throws(() => cropPlan(still, { side: 0, ...size }), /Cannot cut 0 \+ 2 × 0 pixels/);
  assert.throws(() => cropPlan(still, { side: 8, extra: -1, ...size }), /8 \+ 2 × -1 pixels/);
  assert.throws(() => cropPlan({ ...still, size: 0 }, { side: 8, ...size }), /the size 0/);
  assert.throws(() => cropPlan({ ...still, x: NaN }, { side: 8, ...size }), /A crop at \(NaN/);
  assert.throws(() => cutOut(volume(new Float32Array(0), [0, 0]), still, 8), /out of 0 × 0/);
  const plan = cropPlan(still, { side: 8, ...size });
  assert.throws(() => plan(planeOf(20, 16, () => 0)), /planned for \[16, 20\], got \[20, 16\]/);
});
