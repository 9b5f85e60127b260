import assert from "node:assert/strict";
import { rng } from "lib/core/rng.ts";
import { openBackend, tf } from "lib/train/backend.ts";
import { capsuleLengths, capsulesOf, routedCapsules, squash } from "./capsules.ts";

await openBackend();

const mode = { training: true, rng: rng(1) };
const near = (found: readonly number[], expected: readonly number[], by = 1e-6) => {
  assert.equal(found.length, expected.length);
  found.forEach((value, i) => assert.ok(Math.abs(value - expected[i]!) < by, `${found}`));
};

Deno.test("squash() keeps directions and brings lengths 0, 1 and 5 to 0, 1/2 and 25/26", () => {
  const s = tf.tensor2d([[0, 0], [0, 1], [3, 4]]);
  const long = 25 / 26;
  near([...squash(s).dataSync()], [0, 0, 0, 0.5, 0.6 * long, 0.8 * long]);
  const gradient = tf.grad((x: tf.Tensor) => tf.sum(squash(x)))(s);
  assert.ok(gradient.dataSync().every(Number.isFinite), "a zero vector has a gradient");
});

Deno.test("capsulesOf() takes neighbouring channels of a place for a capsule", () => {
  const block = capsulesOf(2);
  assert.deepEqual([...block.init(rng(1), [1, 2, 4]).outputShape], [4, 2]);
  const [y] = block.apply({}, {}, tf.tensor([3, 4, 0, 1, 0, 0, 1, 0], [1, 1, 2, 4]), mode);
  assert.deepEqual(y.shape, [1, 4, 2]);
  near([...y.dataSync()], [0.6 * 25 / 26, 0.8 * 25 / 26, 0, 0.5, 0, 0, 0.5, 0]);
  assert.throws(() => capsulesOf(3).init(rng(1), [1, 1, 4]), /4 channels cannot be capsules of 3/);
});

Deno.test("routedCapsules() lets agreeing votes win, as worked out by hand", () => {
  // Two inputs of one value, two outputs of one value. Votes: input 0 gives (1, 0), input 1 (1, 2).
  const block = routedCapsules({ capsules: 2, length: 1, rounds: 2 });
  const params = { votes: tf.tensor([1, 0, 1, 2], [2, 1, 2]) };
  const [y] = block.apply(params, {}, tf.tensor([1, 1], [1, 2, 1]), mode);
  const q = (s: number) => s * s / (1 + s * s);
  // Round 1: all weights 1/2, sums 1 and 1, each squashed to 1/2. Agreement: votes times 1/2.
  const share = (a: number, b: number) => Math.exp(a) / (Math.exp(a) + Math.exp(b));
  const first = [share(0.5, 0), share(0.5, 1)];
  const sums = [first[0]! * 1 + first[1]! * 1, (1 - first[0]!) * 0 + (1 - first[1]!) * 2];
  near([...y.dataSync()], sums.map(q));
});

Deno.test("routedCapsules() hands no gradient through the weights of the votes", () => {
  const block = routedCapsules({ capsules: 2, length: 1, rounds: 2 });
  const x = tf.tensor([1, 1], [1, 2, 1]);
  const share = (a: number, b: number) => Math.exp(a) / (Math.exp(a) + Math.exp(b));
  // The first output is q(c·v) with fixed c: dq/ds = 2s / (1 + s²)².
  const gradient = tf.grad((votes: tf.Tensor) =>
    tf.sum(tf.slice(block.apply({ votes }, {}, x, mode)[0], [0, 0, 0], [1, 1, 1]))
  )(tf.tensor([1, 0, 1, 2], [2, 1, 2]));
  const c = [share(0.5, 0), share(0.5, 1)];
  const s = c[0]! + c[1]!;
  const slope = 2 * s / (1 + s * s) ** 2;
  near([...gradient.dataSync()], [slope * c[0]!, 0, slope * c[1]!, 0]);
});

Deno.test("capsuleLengths() measures capsules", () => {
  const [y] = capsuleLengths().apply({}, {}, tf.tensor([3, 4, 0, 0], [1, 2, 2]), mode);
  near([...y.dataSync()], [5, 0], 1e-5);
});
