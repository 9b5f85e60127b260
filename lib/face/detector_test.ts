import assert from "node:assert/strict";
import { SetupError } from "lib/core/errors.ts";
import { rng } from "lib/core/rng.ts";
import type { Frame } from "lib/preprocess/frame.ts";
import { openBackend, tf } from "lib/train/backend.ts";
import { type Detector, openDetector } from "./detector.ts";
import { requireWasm, surest } from "./nets.ts";
import { constant, photograph, widened } from "./testing.ts";

async function withDetector(body: (detector: Detector) => Promise<void>): Promise<void> {
  const detector = await openDetector();
  try {
    await body(detector);
  } finally {
    detector.close();
  }
}

/** A grey frame in three equal channels. */
function tripled({ data, width, height }: Frame): Frame {
  return {
    data: Uint8Array.from({ length: 3 * data.length }, (_, i) => data[Math.floor(i / 3)]!),
    width,
    height,
    channels: 3,
  };
}

Deno.test("detect() finds the face of a photograph, in equal bits for equal frames", async () => {
  await withDetector(async (detector) => {
    const found = await detector.detect(photograph());
    assert.equal(found?.detector, "tiny-416");
    assert.ok(found.score > 0.8 && found.score <= 1, `score ${found.score}`);
    // dlib's detector has the square (83, 83)..(170, 170); this one draws boxes with more forehead.
    const { x, y, width, height } = found.box;
    assert.ok(Math.hypot(x + width / 2 - 126.5, y + height / 2 - 126.5) < 12);
    assert.ok(width > 80 && width < 150 && height > 80 && height < 150, `${width} × ${height}`);
    assert.equal(found.landmarks.length, 136);
    const same = [photograph(), tripled(photograph()), widened(photograph())];
    // All at once: they wait for each other.
    for (const again of await Promise.all(same.map((frame) => detector.detect(frame)))) {
      assert.deepEqual(again, found);
    }
  });
});

Deno.test("detect() finds nothing in noise, in one grey and in frames of a few pixels", async () => {
  const stream = rng(1, "noise");
  const noise: Frame = {
    ...{ width: 160, height: 120, channels: 3 },
    data: Uint8Array.from({ length: 160 * 120 * 3 }, () => stream.integer(256)),
  };
  await withDetector(async (detector) => {
    for (const frame of [noise, constant(64, 64, 128), constant(1, 1, 255), constant(200, 3, 0)]) {
      assert.equal(await detector.detect(frame), undefined, `${frame.width} × ${frame.height}`);
    }
  });
});

Deno.test("detect() gives the same bits beside another backend, and leaves that active", async () => {
  await withDetector(async (detector) => {
    const before = await detector.detect(photograph());
    const { name } = await openBackend();
    const active = tf.getBackend();
    assert.deepEqual(await detector.detect(photograph()), before);
    await withDetector(async (later) => {
      assert.deepEqual(await later.detect(photograph()), before);
    });
    assert.equal(tf.getBackend(), active);
    assert.equal(active, name);
    assert.deepEqual(tf.add(1, 2).arraySync(), 3);
  });
});

Deno.test("detect() refuses after close(), and close() ends what is under way", async () => {
  const detector = await openDetector();
  const pending = detector.detect(photograph());
  const ended = assert.rejects(pending, /was closed/);
  // The question has to be on its way first.
  await new Promise((resolve) => setTimeout(resolve, 1));
  detector.close();
  await ended;
  await assert.rejects(detector.detect(photograph()), /was closed/);
});

Deno.test("surest() takes the highest score, then the largest face, then the leftmost", () => {
  const face = (score: number, x: number, width: number) => ({
    score,
    box: { x, y: 0, width, height: 10 },
  });
  assert.equal(surest([]), undefined);
  assert.deepEqual(surest([face(0.6, 0, 90), face(0.9, 5, 10)]), face(0.9, 5, 10));
  assert.deepEqual(surest([face(0.9, 5, 10), face(0.9, 7, 11)]), face(0.9, 7, 11));
  assert.deepEqual(surest([face(0.9, 7, 10), face(0.9, 5, 10)]), face(0.9, 5, 10));
});

Deno.test("requireWasm() refuses every backend but WebAssembly", () => {
  requireWasm("wasm");
  assert.throws(() => requireWasm("cpu"), SetupError);
  assert.throws(() => requireWasm("tensorflow"), /backend is 'tensorflow' instead of 'wasm'/);
});
