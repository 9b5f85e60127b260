import assert from "node:assert/strict";
import { rng } from "lib/core/rng.ts";
import { volume } from "lib/core/volume.ts";
import { loadDataset } from "lib/data/mod.ts";
import type { Sample } from "lib/data/types.ts";
import { findExperiments } from "lib/experiment/find.ts";
import { resolveParameters } from "lib/experiment/parameters.ts";
import type { InputKind, Parameters } from "lib/experiment/types.ts";
import { selectHead } from "lib/protocol/heads.ts";
import { asInput } from "lib/run/data.ts";
import { findMethod } from "lib/run/methods.ts";
import { openBackend, tf } from "lib/train/backend.ts";
import type { FoldTask, HeadedScores, Scores } from "lib/train/method.ts";
import type { NetworkMethod } from "lib/train/network.ts";
import { stackInputs } from "lib/train/fit.ts";
import { openTrainer, type Trainer } from "lib/train/trainer.ts";

await openBackend();

/** A network of a row, with clips of the kind that it takes. */
interface Subject {
  readonly method: NetworkMethod;
  readonly samples: readonly Sample[];
  readonly parameters: Parameters;
}

const data = await loadDataset("synthetic-flow");
const { classes } = data;
const training = {
  epochs: 2,
  batchSize: 5,
  learningRate: 1e-3,
  weightDecay: 1e-4,
  optimiser: "adam",
  classWeights: "balanced",
};
/** What makes a large network small; eight clips have not subjects enough for inner folds. */
const small = { width: 4, keyFrames: 4, headFolds: 0, hidden: 16, capsuleKernel: 2 };
/** What is too small for some. */
const least: Readonly<Record<string, Parameters>> = {
  "c3d": { keyFrames: 16 },
  "capsule-net": { width: 16 },
};

/** Clips of the kind that a row takes; flow to the right stands in for grey. */
function clipsOf(input: InputKind, parameters: Parameters): readonly Sample[] {
  if (input !== "grey-clip") return asInput(data, input, parameters).samples;
  return asInput(data, "flow-clip", parameters).samples.map((sample) => {
    const { data, shape } = sample.input;
    const grey = data.filter((_, i) => i % 2 === 0).map((value) => (1 + value) / 2);
    return { ...sample, input: volume(grey, [...shape.slice(0, 3), 1]) };
  });
}

/** Every row whose method builds a network, on eight clips with all classes among them. */
async function subjects(): Promise<Subject[]> {
  const methods = new Map<string, Subject>();
  for (const experiment of await findExperiments("table1")) {
    const method = await findMethod(experiment.method);
    if (!("build" in method)) continue;
    const parameters = {
      ...resolveParameters(experiment, {}),
      ...training,
      ...small,
      ...least[experiment.method],
    };
    const samples = clipsOf(experiment.input, parameters);
    const eight = [0, 1, 2]
      .flatMap((label) => samples.filter((s) => s.label === label).slice(0, 3))
      .slice(0, 8);
    methods.set(method.id, { method: method as NetworkMethod, samples: eight, parameters });
  }
  return [...methods.values()];
}

async function withoutMathRandom<T>(run: () => Promise<T> | T): Promise<T> {
  const random = Math.random;
  Math.random = () => {
    throw new Error("Math.random was called");
  };
  try {
    return await run();
  } finally {
    Math.random = random;
  }
}

/** The clips as the network of the row sees them. */
function seen({ method, samples, parameters }: Subject): readonly Sample[] {
  const { look } = method;
  return look ? samples.map((s) => ({ ...s, input: look(s.input, parameters) })) : samples;
}

function open(subject: Subject): { trainer: Trainer; step: () => number } {
  const { method, parameters } = subject;
  const samples = seen(subject);
  const block = method.build(classes.length, parameters);
  const initial = block.init(rng(1), samples[0]?.input.shape ?? []);
  const loss = method.objective && { loss: method.objective(parameters).loss };
  const options = { optimiser: "adam", learningRate: 1e-3, weightDecay: 0 } as const;
  const trainer = openTrainer({ block, initial, rng: rng(2), ...options, ...loss });
  const step = (): number =>
    tf.tidy(() => trainer.step(batch(samples)).dataSync<"float32">()[0] as number);
  return { trainer, step };
}

const batch = (samples: readonly Sample[]) => ({
  x: stackInputs(samples),
  labels: tf.tensor1d(samples.map(({ label }) => label), "int32"),
});

/** Probabilities by clip and head, whether there are several heads or one. */
function byHead(answer: Scores | HeadedScores): number[][][] {
  const rows = "heads" in answer ? answer.heads : answer.map((row) => [row]);
  return rows.map((heads) => heads.map((row) => [...row]));
}

for (const subject of await subjects()) {
  const { method, samples, parameters } = subject;
  const { id } = method;
  const clips = seen(subject);
  const taskWith = (changes: Partial<FoldTask> = {}): FoldTask => ({
    train: samples,
    test: samples,
    classes,
    parameters,
    rng: rng(3),
    ...changes,
  });

  Deno.test(`${id}: the output has one score a class, as init says`, () => {
    const block = method.build(classes.length, parameters);
    const { outputShape } = block.init(rng(1), clips[0]?.input.shape ?? []);
    assert.equal(outputShape.at(-1), classes.length);
    const { trainer } = open(subject);
    assert.deepEqual(trainer.predict(stackInputs(clips)).shape, [8, ...outputShape]);
    trainer.dispose();
  });

  Deno.test(`${id}: every parameter gets a finite gradient that is not all zeros`, () => {
    const { trainer } = open(subject);
    const gradients = tf.tidy(() => trainer.gradients(batch(clips)));
    for (const [name, gradient] of Object.entries(gradients)) {
      const values = gradient.dataSync();
      assert.ok(values.every(Number.isFinite), `${name} is not finite`);
      assert.ok(values.some((value) => value !== 0), `${name} is all zeros`);
    }
    trainer.dispose();
  });

  Deno.test(`${id}: the number of tensors is the same after each step, and before and after`, () => {
    const before = tf.memory().numTensors;
    const { trainer, step } = open(subject);
    const counts = Array.from({ length: 4 }, () => {
      step();
      return tf.memory().numTensors;
    });
    assert.equal(new Set(counts).size, 1, `${counts}`);
    trainer.dispose();
    assert.equal(tf.memory().numTensors, before);
  });

  Deno.test(`${id}: a fold leaks no tensors and never calls Math.random`, async () => {
    const before = tf.memory().numTensors;
    const scores = await withoutMathRandom(() => method.runFold(taskWith()));
    assert.equal(tf.memory().numTensors, before);
    for (const row of byHead(scores).flat()) {
      assert.ok(Math.abs(row.reduce((sum, score) => sum + score, 0) - 1) < 1e-5);
    }
  });

  Deno.test(`${id}: equal seeds give equal bits, other seeds other ones`, async () => {
    const first = await method.runFold(taskWith());
    assert.deepEqual(await method.runFold(taskWith()), first);
    assert.notDeepEqual(await method.runFold(taskWith({ rng: rng(4) })), first);
  });

  Deno.test(`${id}: the order of the test clips, or which there are, changes no score`, async () => {
    const all = byHead(await method.runFold(taskWith()));
    const test = [samples[6], samples[1]] as Sample[];
    const some = byHead(await method.runFold(taskWith({ test })));
    [6, 1].forEach((index, i) => {
      const [found, expected] = [some[i]!.flat(), all[index]!.flat()];
      assert.equal(found.length, expected.length);
      found.forEach((score, k) => assert.ok(Math.abs(score - expected[k]!) < 1e-5));
    });
  });

  Deno.test(`${id}: overfits eight clips`, async () => {
    // More steps than any of them needs: how many those are differs with the last digits.
    const long = { ...parameters, epochs: 160, batchSize: 8, weightDecay: 0, drop: 0 };
    const answer = byHead(await method.runFold(taskWith({ parameters: long })));
    // Shallow heads learn last; what counts is what all of them say together.
    const predicted = answer.map((scores) => {
      const mean = selectHead("mean", { chosen: 0, scores }, 0);
      return mean.indexOf(Math.max(...mean));
    });
    assert.deepEqual(predicted, samples.map(({ label }) => label));
  });
}
