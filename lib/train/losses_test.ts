import assert from "node:assert/strict";
import { openBackend, tf } from "./backend.ts";
import { crossEntropy } from "./losses.ts";

await openBackend();

function close(found: ArrayLike<number>, expected: readonly number[]): void {
  assert.equal(found.length, expected.length);
  expected.forEach((value, i) => assert.ok(Math.abs(value - (found[i] as number)) < 1e-6));
}

// Softmax of (0, ln 3) is (1/4, 3/4); of (0, 0) it is (1/2, 1/2).
const logits = tf.tensor2d([[0, Math.log(3)], [0, 0]]);
const labels = tf.tensor1d([1, 0], "int32");

Deno.test("crossEntropy() is the mean of -ln p, with the gradient (p - y) / n", () => {
  const { value, grad } = tf.valueAndGrad((z) => crossEntropy(z, labels))(logits);
  close(value.dataSync(), [(Math.log(4 / 3) + Math.log(2)) / 2]);
  close(grad.dataSync(), [1 / 8, -1 / 8, -1 / 4, 1 / 4]);
});

Deno.test("crossEntropy() divides by the sum of the weights", () => {
  const weights = tf.tensor1d([3, 1]);
  const { value, grad } = tf.valueAndGrad((z) => crossEntropy(z, labels, weights))(logits);
  close(value.dataSync(), [(3 * Math.log(4 / 3) + Math.log(2)) / 4]);
  close(grad.dataSync(), [3 / 16, -3 / 16, -1 / 8, 1 / 8]);
});

Deno.test("crossEntropy() of large scores is finite", () => {
  const far = tf.tensor2d([[1e4, -1e4], [-1e4, 1e4]]);
  close(crossEntropy(far, labels).dataSync(), [2e4]);
});

Deno.test("crossEntropy() of several heads is the mean of theirs, weights and all", () => {
  const heads = tf.stack([logits, tf.neg(logits)], 1);
  const weights = tf.tensor1d([3, 1]);
  for (const given of [undefined, weights]) {
    const { value, grad } = tf.valueAndGrad((z) => crossEntropy(z, labels, given))(heads);
    const each = [logits, tf.neg(logits)].map((z) =>
      tf.valueAndGrad((one) => crossEntropy(one as tf.Tensor, labels, given))(z)
    );
    close(value.dataSync(), [tf.mean(tf.stack(each.map((one) => one.value))).dataSync()[0]!]);
    const gradient = tf.div(tf.stack(each.map((one) => one.grad), 1), 2);
    close(grad.dataSync(), [...gradient.dataSync()]);
  }
});
