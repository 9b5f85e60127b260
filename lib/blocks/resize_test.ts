import assert from "node:assert/strict";
import { openBackend, tf } from "lib/train/backend.ts";
import { adaptiveMean, nearest } from "./resize.ts";

await openBackend();

const image = (rows: readonly (readonly number[])[]) =>
  tf.tensor(rows.flat(), [1, rows.length, rows[0]!.length, 1]);

Deno.test("adaptiveMean() overlaps cells where pixels do not divide", () => {
  // Three pixels to two cells: {0, 1} and {1, 2}.
  const y = adaptiveMean(image([[0, 2, 4], [2, 4, 6], [4, 6, 8]]), 2);
  assert.deepEqual([...y.dataSync()], [2, 4, 4, 6]);
});

Deno.test("adaptiveMean() repeats pixels where there are fewer of them than cells", () => {
  // Two pixels to three cells: {0}, {0, 1}, {1}.
  const y = adaptiveMean(image([[0, 4], [8, 12]]), 3);
  assert.deepEqual([...y.dataSync()], [0, 2, 4, 4, 6, 8, 8, 10, 12]);
});

Deno.test("adaptiveMean() keeps clips and channels apart", () => {
  const x = tf.tensor([1, 10, 3, 30, 5, 50, 7, 70], [2, 1, 2, 2]);
  assert.deepEqual(adaptiveMean(x, 1).arraySync(), [[[[2, 20]]], [[[6, 60]]]]);
});

Deno.test("nearest() takes the pixel at the floor", () => {
  const y = nearest(image([[1, 2], [3, 4]]), [3, 4]);
  assert.deepEqual([...y.dataSync()], [1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4]);
});
