import assert from "node:assert/strict";
import { join } from "@std/path";
import { DataError } from "lib/core/errors.ts";
import { rng } from "lib/core/rng.ts";
import { readRegressor } from "./regressor_file.ts";
import { float, handmade, int, testdata } from "./testing.ts";

const tiny = Deno.readFileSync(join(testdata, "tiny.dat"));

const refused = (bytes: Uint8Array, message: RegExp): void =>
  assert.throws(() => readRegressor(bytes, "some.dat"), (error) => {
    assert.ok(error instanceof DataError);
    assert.match(error.message, /^some\.dat: This is not a shape predictor of dlib: it /);
    assert.match(error.message, message);
    return true;
  });

Deno.test("readRegressor() reads every number of a file made by hand", () => {
  assert.deepEqual(readRegressor(handmade(), "some.dat"), {
    sizes: { points: 1, cascades: 1, trees: 1, depth: 1, pixels: 2 },
    initial: Float32Array.of(0.5, 0.25),
    thresholds: Float32Array.of(-10),
    leaves: Float32Array.of(1.5, -0.25, 1.5, -0.25),
    deltas: Float32Array.of(0, 1, -1, 0.125),
    pairs: Uint16Array.of(0, 1),
    anchors: Uint16Array.of(0, 0),
  });
});

Deno.test("readRegressor() refuses what does not fit together, and says what", () => {
  refused(handmade({ version: int(2) }), /has version 2/);
  refused(handmade({ shape: [...int(-3), ...int(-1)] }), /mean shape of 3 numbers/);
  refused(handmade({ shape: [...int(-2), ...int(-2)] }), /matrix of 2 × 2/);
  refused(handmade({ stages: int(0) }), /has 0 stages/);
  refused(handmade({ stages: int(2) }), /./);
  refused(handmade({ questions: int(2) }), /depth|ends too early/);
  refused(handmade({ question: [...int(0), ...int(2), ...float(1)] }), /asks about pixel 2 of 2/);
  refused(handmade({ question: [...int(-1), ...int(0), ...float(1)] }), /has the index -1/);
  refused(handmade({ leaves: int(3) }), /tree of 3 leaves/);
  refused(handmade({ leaf: [...int(-4), ...int(-1)] }), /leaf of 4 numbers/);
  refused(handmade({ anchors: [...int(1), ...int(1), ...int(1)] }), /pixel at landmark 1/);
  refused(handmade({ anchors: [...int(2)] }), /pixels for 2 of 1 stages/);
  refused(
    handmade({ deltas: [...int(1), ...int(1), ...float(1), ...float(1)] }),
    /1 offsets for 2/,
  );
  refused(handmade({ end: [0] }), /goes on for 1 bytes/);
});

Deno.test("readRegressor() refuses infinities, NaN and numbers that are none", () => {
  for (const mark of [32000, 32001, 32002]) {
    const question = [...int(0), ...int(1), ...float(0, mark)];
    refused(handmade({ question }), /not finite/);
  }
  refused(handmade({ version: [0] }), /no number at byte 0/);
  refused(handmade({ version: [0x0f, ...new Array(15).fill(1)] }), /no number at byte 0/);
  refused(
    new TextEncoder().encode("<!DOCTYPE html><title>404"),
    /no number at byte 0|ends too early/,
  );
});

Deno.test("readRegressor() takes no memory for what a file merely claims to hold", () => {
  refused(handmade({ stages: int(1000), trees: int(100_000), questions: int(4095) }), /early/);
  refused(handmade({ anchors: [...int(1), ...int(65_535)], deltas: [] }), /early/);
  refused(handmade({ trees: int(2 ** 40) }), /trees in a stage/);
});

Deno.test("readRegressor() refuses a file that is cut short anywhere", () => {
  refused(new Uint8Array(), /ends too early/);
  for (let length = 0; length < tiny.length; length += 97) {
    refused(tiny.subarray(0, length), /./);
  }
  refused(tiny.subarray(0, -1), /ends too early/);
});

Deno.test("readRegressor() ends with an answer or a DataError on damaged bytes", () => {
  const stream = rng(1, "damage");
  for (let round = 0; round < 200; round++) {
    const damaged = tiny.slice();
    for (let i = 0; i < 3; i++) damaged[stream.integer(damaged.length)] = stream.integer(256);
    try {
      readRegressor(damaged, "some.dat");
    } catch (error) {
      assert.ok(error instanceof DataError, `${error}`);
    }
  }
});
