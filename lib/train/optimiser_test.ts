import assert from "node:assert/strict";
import { openBackend, tf } from "./backend.ts";
import type { Optimiser, OptimiserSettings } from "./optimiser_settings.ts";
import { openComposed } from "./optimiser_composed.ts";
import { openFused } from "./optimiser_fused.ts";
import golden from "./testdata/golden.json" with { type: "json" };

await openBackend();

const initial = [{ data: Float32Array.of(1, -2, 0.5, 0), shape: [2, 2] }];

function valuesOf(optimiser: Optimiser): number[] {
  const [parameter] = optimiser.read() as [tf.Tensor];
  const values = [...parameter.dataSync()];
  parameter.dispose();
  return values;
}

function assertClose(found: readonly number[], expected: readonly number[], what: string): void {
  const worst = Math.max(...expected.map((value, i) => Math.abs(value - (found[i] as number))));
  assert.ok(worst < 2e-6, `${what}: [${found.join(", ")}], not [${expected.join(", ")}]`);
}

for (const [name, open] of Object.entries({ openFused, openComposed })) {
  for (const optimiser of ["adam", "sgd"] as const) {
    for (const weightDecay of [0, 0.01]) {
      const row = weightDecay === 0 ? optimiser : `${optimiser} decay` as const;
      Deno.test(`${name}() makes PyTorch's steps: ${row}, and leaks nothing`, () => {
        const before = tf.memory().numTensors;
        const settings: OptimiserSettings = { optimiser, learningRate: 0.1, weightDecay };
        const opened = open(settings, initial);
        golden[row].forEach((expected, i) => {
          const gradient = tf.tensor(golden.gradients[i % 3] as number[], [2, 2]);
          opened.update([gradient]);
          gradient.dispose();
          assertClose(valuesOf(opened), expected, `step ${i + 1}`);
        });
        opened.dispose();
        assert.equal(tf.memory().numTensors, before);
      });
    }
  }
  Deno.test(`${name}() leaves tensors that were read as they were`, () => {
    const settings = { optimiser: "sgd", learningRate: 1, weightDecay: 0 } as const;
    const opened = open(settings, initial);
    const [read] = opened.read() as [tf.Tensor];
    opened.update([tf.ones([2, 2])]);
    assert.deepEqual([...read.dataSync()], [1, -2, 0.5, 0]);
    assert.deepEqual(valuesOf(opened), [0, -3, -0.5, -1]);
    opened.dispose();
  });
}
