import assert from "node:assert/strict";
import { rng } from "lib/core/rng.ts";
import { openBackend, tf } from "lib/train/backend.ts";
import { dense } from "./dense.ts";
import { each } from "./each.ts";
import { mapTree } from "./tree.ts";

await openBackend();

Deno.test("each() applies one block to every part with the same parameters", () => {
  const block = dense({ units: 2 });
  const parts = each(block);
  const made = parts.init(rng(1), [3, 4]);
  assert.deepEqual(made.outputShape, [3, 2]);
  assert.deepEqual(made.params, block.init(rng(1), [4]).params);
  const params = mapTree(made.params, ({ data, shape }) => tf.tensor(data, [...shape]));
  const x = tf.tensor(Float32Array.from({ length: 24 }, (_, i) => Math.sin(i)), [2, 3, 4]);
  const mode = { training: false, rng: rng(1) };
  const [together] = parts.apply(params, {}, x, mode);
  assert.deepEqual(together.shape, [2, 3, 2]);
  const partOf = (of: tf.Tensor, part: number) => tf.slice(of, [0, part, 0], [2, 1, -1]);
  for (let part = 0; part < 3; part++) {
    const [alone] = block.apply(params, {}, tf.reshape(partOf(x, part), [2, 4]), mode);
    const found = partOf(together, part).dataSync();
    alone.dataSync().forEach((value, i) => assert.ok(Math.abs(value - found[i]!) < 1e-6));
  }
});

Deno.test("each() refuses an input without parts", () => {
  assert.throws(() => each(dense({ units: 2 })).init(rng(1), [3]), /\[parts, \.\.\.shape\]/);
});
