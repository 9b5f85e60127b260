import assert from "node:assert/strict";
import { rng } from "lib/core/rng.ts";
import type { Volume } from "lib/core/volume.ts";
import { dropout } from "lib/blocks/dropout.ts";
import { openBackend, tf } from "./backend.ts";
import { openCompiledSteps } from "./graph/compiled_steps.ts";
import type { OptimiserSettings } from "./optimiser_settings.ts";
import { openEagerSteps } from "./steps_eager.ts";
import type { Differentiate, Steps, StepsOptions } from "./steps.ts";
import golden from "./testdata/golden.json" with { type: "json" };

await openBackend();

const first: Volume = { data: Float32Array.of(1, -2, 0.5, 0), shape: [2, 2] };
const second: Volume = { data: Float32Array.of(3, 1, 4), shape: [3] };
const counter: Volume = { data: Float32Array.of(0), shape: [1] };

/** Gradients are what is given, the loss is a sum of parameters, and the state counts steps. */
const given: Differentiate = (params, state, inputs) => ({
  loss: tf.sum(params[0]!),
  gradients: params.map((_, i) => tf.mul(inputs[`gradient${i}`]!, 1)),
  next: [tf.keep(tf.add(state[0]!, 1))],
});

function options(settings: OptimiserSettings, params: readonly Volume[] = [first]): StepsOptions {
  return { settings, params, state: [counter], differentiate: given, rng: rng(1) };
}

function valuesOf(tensors: readonly tf.Tensor[]): number[][] {
  return tensors.map((tensor) => {
    const values = [...tensor.dataSync()];
    tensor.dispose();
    return values;
  });
}

function step(steps: Steps, ...gradients: tf.Tensor[]): number {
  const inputs = Object.fromEntries(gradients.map((tensor, i) => [`gradient${i}`, tensor]));
  const loss = steps.step(inputs);
  const value = loss.dataSync()[0] as number;
  tf.dispose([loss, gradients]);
  return value;
}

function assertClose(found: readonly number[], expected: readonly number[], what: string): void {
  const worst = Math.max(
    ...expected.map((value, i) =>
      Math.abs(value - (found[i] as number)) / Math.max(1, Math.abs(value))
    ),
  );
  assert.ok(worst < 2e-6, `${what}: [${found.join(", ")}], not [${expected.join(", ")}]`);
}

for (const [name, open] of Object.entries({ openCompiledSteps, openEagerSteps })) {
  for (const optimiser of ["adam", "sgd"] as const) {
    for (const weightDecay of [0, 0.01]) {
      const row = weightDecay === 0 ? optimiser : `${optimiser} decay` as const;
      Deno.test(`${name}() makes PyTorch's steps: ${row}, and leaks nothing`, () => {
        const before = tf.memory().numTensors;
        const opened = open(options({ optimiser, learningRate: 0.1, weightDecay }));
        let sum = -0.5;
        golden[row].forEach((expected, i) => {
          const loss = step(opened, tf.tensor(golden.gradients[i % 3] as number[], [2, 2]));
          assert.ok(Math.abs(loss - sum) < 1e-5, `the loss before step ${i + 1} is ${loss}`);
          sum = expected.reduce((total, value) => total + value, 0);
          assertClose(valuesOf(opened.params())[0]!, expected, `step ${i + 1}`);
        });
        assert.deepEqual(valuesOf(opened.state()), [[golden[row].length]]);
        opened.dispose();
        assert.equal(tf.memory().numTensors, before);
      });
    }
    Deno.test(`${name}() saved after four steps makes the others to the same bits: ${optimiser}`, () => {
      const settings = { optimiser, learningRate: 0.1, weightDecay: 0.01 } as const;
      const start = options(settings, [first, second]);
      const go = (steps: Steps, from: number, to: number) => {
        for (let i = from; i <= to; i++) {
          step(steps, tf.fill([2, 2], Math.sin(i)), tf.fill([3], 1 / i));
        }
      };
      const finish = (steps: Steps) => {
        go(steps, 5, 10);
        const saved = structuredClone(steps.save());
        steps.dispose();
        return saved;
      };
      const one = open(start);
      go(one, 1, 4);
      const saved = structuredClone(one.save());
      const wanted = finish(one);
      assert.equal(wanted.optimiser.steps, 10);
      assert.deepEqual(wanted.state, [{ data: Float32Array.of(10), shape: [1] }]);
      assert.deepEqual(finish(open({ ...start, saved })), wanted);
      assert.notDeepEqual(finish(open(start)), wanted);
    });
  }
  Deno.test(`${name}() keeps two trainings of one graph apart`, () => {
    const settings = { optimiser: "sgd", learningRate: 1, weightDecay: 0 } as const;
    const [one, two] = [open(options(settings)), open(options(settings))];
    step(one, tf.ones([2, 2]));
    step(two, tf.mul(tf.ones([2, 2]), 2));
    step(one, tf.ones([2, 2]));
    one.dispose();
    const three = open(options(settings));
    assert.deepEqual(valuesOf(three.params()), [[1, -2, 0.5, 0]]);
    step(three, tf.ones([2, 2]));
    assert.deepEqual(valuesOf([...three.params(), ...three.state()]), [[0, -3, -0.5, -1], [1]]);
    assert.deepEqual(valuesOf(two.params()), [[-1, -4, -1.5, -2]]);
    two.dispose();
    three.dispose();
  });
}

Deno.test("openCompiledSteps() takes inputs of another shape, with the variables as they are", () => {
  const differentiate: Differentiate = ([parameter], [state], { x }) => ({
    loss: tf.mean(x!),
    gradients: [tf.mul(tf.onesLike(parameter!), tf.sum(x!))],
    next: [state!],
  });
  const settings = { optimiser: "sgd", learningRate: 1, weightDecay: 0 } as const;
  const steps = openCompiledSteps({ ...options(settings, [second]), differentiate });
  for (const values of [[1, 1], [1, 1, 1], [2, 2], [0, 0, 1]]) {
    tf.tidy(() => void steps.step({ x: tf.tensor1d(values) }));
  }
  // Momentum: velocities 2, 4.8, 8.32, 8.488.
  const expected = [3, 1, 4].map((value) => value - (2 + 4.8 + 8.32 + 8.488));
  assertClose(valuesOf(steps.params())[0]!, expected, "after four steps");
  steps.dispose();
});

Deno.test("openCompiledSteps() drops other values each step, the same as in a step by itself", () => {
  const drop = dropout(0.5);
  const differentiate: Differentiate = ([parameter], [state], { x }, stream) => {
    const [y] = drop.apply({}, {}, x!, { training: true, rng: stream });
    return { loss: tf.sum(y), gradients: [tf.mul(tf.onesLike(parameter!), 1)], next: [state!] };
  };
  const settings = { optimiser: "sgd", learningRate: 1, weightDecay: 0 } as const;
  const losses = [openCompiledSteps, openEagerSteps].map((open) => {
    const steps = open({ ...options(settings), differentiate, rng: rng(7) });
    const found = Array.from(
      { length: 6 },
      () => tf.tidy(() => steps.step({ x: tf.ones([1000]) }).dataSync()[0] as number),
    );
    steps.dispose();
    return found;
  });
  assert.deepEqual(losses[0], losses[1]);
  assert.equal(new Set(losses[0]).size, 6);
});

Deno.test("openCompiledSteps() refuses a step that it could not repeat", () => {
  const settings = { optimiser: "sgd", learningRate: 1, weightDecay: 0 } as const;
  const attempt = (loss: (x: tf.Tensor, next: () => number) => tf.Scalar) => () => {
    const differentiate: Differentiate = ([parameter], [state], { x }, stream) => ({
      loss: loss(x!, stream.next),
      gradients: [tf.onesLike(parameter!)],
      next: [state!],
    });
    const steps = openCompiledSteps({ ...options(settings), differentiate });
    tf.tidy(() => void steps.step({ x: tf.ones([2]) }));
  };
  assert.throws(
    attempt((x) => tf.scalar(tf.sum(x).dataSync()[0] as number)),
    /reads a tensor, so that it cannot be recorded/,
  );
  assert.throws(
    attempt((x, next) => tf.sum(tf.mul(x, next()))),
    /draws random numbers otherwise than as pairs of seeds/,
  );
  const outside = tf.tidy(() => tf.keep(tf.add(1, 2)));
  assert.throws(attempt((x) => tf.sum(tf.mul(x, outside))), /uses a tensor from outside/);
  outside.dispose();
});
