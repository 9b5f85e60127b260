import assert from "node:assert/strict";
import { join } from "@std/path";
import { findModelFile, openModel } from "./model.ts";
import { predict, type Regressor } from "./regressor.ts";
import { readRegressor } from "./regressor_file.ts";
import {
  boxOf,
  coloured,
  constant,
  type GoldenFace,
  pattern,
  photograph,
  readGolden,
  testdata,
  widened,
} from "./testing.ts";

const golden = readGolden();
const tiny = readRegressor(Deno.readFileSync(join(testdata, "tiny.dat")), "tiny.dat");
const drawn = pattern(97, 83);

const rounded = (points: Float32Array): number[] =>
  Array.from(points, (value) => Math.floor(value + 0.5));

function assertAsDlib(regressor: Regressor, frame: typeof drawn, faces: readonly GoldenFace[]) {
  assert.ok(faces.length > 0);
  for (const { box, points } of faces) {
    assert.deepEqual(rounded(predict(regressor, frame, boxOf(box))), points, `box ${box}`);
  }
}

Deno.test("predict() finds dlib's points with a small predictor trained by dlib", () => {
  assert.deepEqual(tiny.sizes, { points: 5, cascades: 3, trees: 12, depth: 3, pixels: 40 });
  assertAsDlib(tiny, drawn, golden.tiny.grey);
  assertAsDlib(tiny, coloured(drawn), golden.tiny.colour);
});

Deno.test("predict() sees 16-bit frames as their 8-bit ones", () => {
  assertAsDlib(tiny, widened(drawn), golden.tiny.grey);
  assertAsDlib(tiny, widened(coloured(drawn)), golden.tiny.colour);
});

Deno.test("predict() keeps fractions and gives the same bits twice", () => {
  const box = boxOf(golden.tiny.grey[0]!.box);
  const points = predict(tiny, drawn, box);
  assert.ok(points.some((value) => value !== Math.round(value)));
  assert.deepEqual(predict(tiny, drawn, box), points);
});

Deno.test("predict() rounds to single precision without crossing the middle between pixels", () => {
  const box = { x: 690.4999999, y: 12.4999999, width: 1, height: 1 };
  assert.equal(Math.fround(box.x), 690.5);
  assert.deepEqual(rounded(predict(tiny, drawn, box)).slice(0, 2), [690, 12]);
});

Deno.test("predict() moves with whole pixels: a shifted frame gives shifted points", () => {
  const { width, height, data } = drawn;
  const wide = { width: width + 9, height: height + 4, channels: 1 as const };
  const shifted = new Uint8Array(wide.width * wide.height);
  for (let y = 0; y < height; y++) {
    shifted.set(data.subarray(y * width, (y + 1) * width), (y + 4) * wide.width + 9);
  }
  const box = boxOf(golden.tiny.grey[2]!.box);
  const moved = { ...box, x: box.x + 9, y: box.y + 4 };
  const expected = Array.from(
    predict(tiny, drawn, box),
    (value, i) => value + (i % 2 === 0 ? 9 : 4),
  );
  predict(tiny, { ...wide, data: shifted }, moved).forEach((value, i) =>
    assert.ok(Math.abs(value - expected[i]!) < 1e-4)
  );
});

Deno.test("predict() works in a frame of one pixel and far outside of a frame", () => {
  for (const box of [boxOf([0, 0, 0, 0]), boxOf([-900, 500, -860, 540])]) {
    const points = predict(tiny, constant(1, 1, 200), box);
    assert.equal(points.length, 10);
    assert.ok(points.every(Number.isFinite));
  }
});

const { ok: file, problem } = await findModelFile().then(
  (ok) => ({ ok, problem: "no model file: run `deno task setup`" }),
  (error: Error) => ({ ok: undefined, problem: error.message }),
);

Deno.test({
  name: "predict() finds dlib's 68 points with the published model" +
    (file === undefined ? ` (skipped: ${problem})` : ""),
  ignore: file === undefined,
  fn: async () => {
    const { regressor } = await openModel(file!);
    assertAsDlib(regressor, photograph(), golden.face.grey);
    assertAsDlib(regressor, coloured(photograph()), golden.face.colour);
  },
});
