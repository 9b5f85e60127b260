import assert from "node:assert/strict";
import { flatten, mapTree } from "lib/blocks/tree.ts";
import { rng } from "lib/core/rng.ts";
import { sizeOf } from "lib/core/volume.ts";
import { openBackend, tf } from "lib/train/backend.ts";
import { htnet, type HtnetOptions } from "./htnet.ts";

await openBackend();

const count = (options: HtnetOptions): number =>
  flatten(htnet(options).init(rng(1), [28, 28, 3]).params)
    .reduce((sum, [, { shape }]) => sum + sizeOf(shape), 0);

Deno.test("htnet() has the parameters that its table adds up to", () => {
  // By hand for width w: a layer of f features and i = ⌊f/h⌋h inner ones has 2f + 3fi + if + f for
  // attention and 2f + 8f² + 5f for the perceptron.
  const layer = (f: number, h: number) => {
    const i = Math.floor(f / h) * h;
    return 2 * f + 3 * f * i + i * f + f + 2 * f + 8 * f * f + 5 * f;
  };
  const expected = (w: number, last: number) =>
    (147 * w + w) + (1 + 2 * layer(w, 3)) + (9 * w * 2 * w + 2 * w + 4 * w) +
    (1 + 2 * layer(2 * w, 6)) + (9 * 2 * w * 4 * w + 4 * w + 8 * w) +
    (1 + last * layer(4 * w, 12)) + 8 * w + 3 * (4 * w + 1);
  assert.equal(count({ classes: 3, width: 32, layers: [2, 2, 2] }), expected(32, 2));
  assert.equal(count({ classes: 3, width: 32, layers: [2, 2, 2] }), 607_942);
  // What the authors' sizes come to.
  assert.equal(expected(256, 10), 139_582_982);
});

/** The scores of a network with drawn parameters on an image. */
function scores(options: HtnetOptions, image: tf.Tensor): Float32Array {
  const block = htnet(options);
  const { params, state } = block.init(rng(1), [28, 28, 3]);
  const tensors = mapTree(params, ({ data, shape }) => tf.tensor(data, [...shape]));
  return block.apply(tensors, mapTree(state, () => tf.scalar(0)), image, {
    training: false,
    rng: rng(2),
  })[0].dataSync<"float32">();
}

Deno.test("htnet() at the published sizes compares no patch with another", () => {
  // With one patch a block attention weights are 1, whatever q and k are: five times the weights of q
  // change nothing. With four patches they do.
  const draw = rng(3);
  const image = tf.tensor(Array.from({ length: 28 * 28 * 3 }, () => draw.next()), [1, 28, 28, 3]);
  const changeOf = (options: HtnetOptions): number => {
    const block = htnet(options);
    const { params, state } = block.init(rng(1), [28, 28, 3]);
    const changed = mapTree(params, ({ data, shape }, name) => {
      const own = data.slice();
      const outputs = shape.at(-1) as number;
      if (name.endsWith("qkv.kernel")) {
        for (let i = 0; i < own.length; i++) if (i % outputs < outputs / 3) own[i]! *= 5;
      }
      return tf.tensor(own, [...shape]);
    });
    const mode = { training: false, rng: rng(2) };
    const found = block.apply(changed, mapTree(state, () => tf.scalar(0)), image, mode)[0];
    const before = scores(options, image);
    return Math.max(...found.dataSync<"float32">().map((value, i) => Math.abs(value - before[i]!)));
  };
  assert.ok(changeOf({ classes: 3, width: 12, layers: [1, 1, 1] }) < 1e-6);
  assert.ok(changeOf({ classes: 3, width: 12, layers: [1, 1] }) > 1e-4);
});

Deno.test("htnet() refuses a grid that cannot be cut into its blocks", () => {
  const options = { classes: 3, width: 12, layers: [1, 1, 1, 1] };
  assert.throws(
    () => htnet(options).init(rng(1), [28, 28, 3]),
    /A grid of 4×4 patches is not 8×8 blocks/,
  );
});
