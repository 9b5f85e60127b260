import assert from "node:assert/strict";
import { rng } from "lib/core/rng.ts";
import { openBackend, tf } from "lib/train/backend.ts";
import { dilatedConv } from "./conv_dilated.ts";
import { conv2d } from "./conv.ts";

await openBackend();

const mode = { training: false, rng: rng(1) };

Deno.test("dilatedConv() of 1 is a plain convolution", () => {
  const x = tf.randomUniform([2, 7, 7, 3], 0, 1, "float32", 5);
  const params = {
    kernel: tf.randomUniform([3, 3, 3, 4], -1, 1, "float32", 6),
    bias: tf.ones([4]),
  };
  const plain = conv2d({ filters: 4, kernel: 3, strides: 3, padding: 1 });
  const gaps = dilatedConv({ filters: 4, dilation: 1, stride: 3, padding: 1 });
  assert.deepEqual([...gaps.init(rng(1), [7, 7, 3]).outputShape], [3, 3, 4]);
  const [y] = gaps.apply(params, {}, x, mode);
  assert.deepEqual(y.arraySync(), plain.apply(params, {}, x, mode)[0].arraySync());
});

Deno.test("dilatedConv() skips pixels between its cells, with a stride too", () => {
  // A kernel of ones with gaps of 2 sums nine pixels, two apart.
  const x = tf.tensor(Float32Array.from({ length: 49 }, (_, i) => i), [1, 7, 7, 1]);
  const params = { kernel: tf.ones([3, 3, 1, 1]), bias: tf.zeros([1]) };
  const block = dilatedConv({ filters: 1, dilation: 2, stride: 2, padding: 0 });
  const [y] = block.apply(params, {}, x, mode);
  // The pixel in the middle of the first window is 16, of the next ones 2 columns and 14 rows on.
  assert.deepEqual([...y.dataSync()], [16, 18, 30, 32].map((middle) => 9 * middle));
});
