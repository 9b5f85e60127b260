import assert from "node:assert/strict";
import { rng } from "lib/core/rng.ts";
import { openBackend, tf } from "lib/train/backend.ts";
import { stripPool, type StripPoolOptions } from "./strip_pool.ts";

await openBackend();

const mode = { training: false, rng: rng(1) };

/** Applies a pooling to a batch of images `[batch, height, width, channels]`. */
function pool(options: StripPoolOptions, x: tf.Tensor): tf.Tensor {
  return stripPool(options).apply({}, {}, x, mode)[0];
}

/** An image of one channel whose pixel (x, y) is 10 y + x. */
const image = tf.tensor(
  Array.from({ length: 24 }, (_, i) => 10 * Math.floor(i / 6) + i % 6),
  [1, 4, 6, 1],
);

Deno.test("stripPool() takes the largest value of each cell of each strip", () => {
  const pooled = pool({ strips: [[0, 1], [0, 0.5], [0.5, 1]], size: 2 }, image);
  assert.deepEqual(pooled.shape, [1, 3, 2, 2, 1]);
  // Columns 0..2 and 3..5 of rows 0..1 and 2..3; of three columns the cells are 0..1 and 1..2.
  assert.deepEqual([...pooled.dataSync()], [
    ...[12, 15, 32, 35],
    ...[11, 12, 31, 32],
    ...[14, 15, 34, 35],
  ]);
});

Deno.test("stripPool() gives strips that are narrower than its cells each pixel several times", () => {
  const narrow = pool({ strips: [[0.5, 0.55]], size: 3 }, image);
  // Column 3; of four rows the cells are 0..1, 1..2 and 2..3.
  assert.deepEqual([...narrow.dataSync()], [13, 13, 13, 23, 23, 23, 33, 33, 33]);
  const last = pool({ strips: [[0.999, 1]], size: 1 }, image);
  assert.deepEqual([...last.dataSync()], [35]);
});

Deno.test("stripPool() keeps samples and channels apart", () => {
  const x = tf.concat([image, tf.sub(100, image)], 0);
  const two = tf.concat([x, tf.mul(x, 2)], 3);
  const pooled = pool({ strips: [[0, 1]], size: 1 }, two);
  assert.deepEqual([...pooled.dataSync()], [35, 70, 100, 200]);
});

Deno.test("stripPool() sends the gradient to the largest pixels, once for each cell that has them", () => {
  const gradient = tf.grad((x: tf.Tensor) =>
    tf.sum(pool({ strips: [[0, 1], [0.5, 1]], size: 2 }, x))
  );
  const found = [...gradient(image).dataSync()];
  const expected = new Array(24).fill(0);
  for (const [y, x, times] of [[1, 2, 1], [1, 4, 1], [1, 5, 2], [3, 2, 1], [3, 4, 1], [3, 5, 2]]) {
    expected[6 * y! + x!] = times;
  }
  assert.deepEqual(found, expected);
});

Deno.test("stripPool() refuses strips beside the image, sizes and inputs that do not fit", () => {
  for (const strips of [[], [[0.5, 0.5]], [[-0.1, 1]], [[0, 1.1]]] as [number, number][][]) {
    assert.throws(() => stripPool({ strips, size: 2 }), RangeError);
  }
  for (const size of [0, 1.5]) {
    assert.throws(() => stripPool({ strips: [[0, 1]], size }), RangeError);
  }
  assert.throws(() => stripPool({ strips: [[0, 1]], size: 2 }).init(rng(1), [6]), RangeError);
});
