import assert from "node:assert/strict";
import { lcg } from "lib/blocks/testdata/lcg.ts";
import { flatten, mapTree } from "lib/blocks/tree.ts";
import { rng } from "lib/core/rng.ts";
import { type Volume, volume } from "lib/core/volume.ts";
import type { Sample } from "lib/data/types.ts";
import { experiment } from "experiments/table1/lgccon.ts";
import { resolveParameters } from "lib/experiment/parameters.ts";
import { greyClip } from "lib/features/lbp/grey_clip.ts";
import { lgccon, lgcconRegions, localStrips } from "lib/networks/lgccon.ts";
import { spotApexByFft } from "lib/preprocess/fft_apex.ts";
import { openBackend, tf } from "lib/train/backend.ts";
import type { FoldTask } from "lib/train/method.ts";
import { network } from "lib/train/network.ts";
import { openTrainer } from "lib/train/trainer.ts";
import { apexFrame, method, objective } from "./lgccon.ts";
import golden from "./testdata/lgccon.json" with { type: "json" };

await openBackend();

const small = { classes: 3, width: 2, stages: 3, hidden: 6, cells: 3, drop: 0 };
const training = { optimiser: "adam", learningRate: 1e-3, weightDecay: 0 } as const;

/** A trainer with the golden file's parameters, and its batch. */
function prepare() {
  const draw = lcg(7);
  const input = draw([4, 20, 20, 1]);
  const block = lgccon(small);
  const blank = block.init(rng(1), [20, 20, 1]);
  const scales = golden.gradients as Record<string, { scale: number }>;
  const params = mapTree(blank.params, ({ shape }, name) => {
    const { data } = draw(shape);
    return { shape, data: data.map((value) => value * (scales[name]?.scale ?? NaN)) };
  });
  const { loss } = objective({ centreWeight: golden.centreWeight });
  const initial = { params, state: blank.state };
  const trainer = openTrainer({ block, initial, rng: rng(1), loss, ...training });
  const batch = {
    x: tf.tensor(input.data, [...input.shape]),
    labels: tf.tensor1d(golden.labels, "int32"),
    weights: tf.tensor1d(golden.weights),
  };
  return { trainer, params, batch };
}

Deno.test("lgccon agrees with PyTorch: outputs, joint loss and gradients of all parameters", () => {
  const { trainer, params, batch } = prepare();
  assert.deepEqual(
    flatten(params).map(([name, { shape }]) => [name, shape]),
    Object.entries(golden.gradients).map(([name, { shape }]) => [name, shape]),
  );
  const outputs = trainer.predict(batch.x).dataSync();
  golden.outputs.flat(2).forEach((value, i) => {
    assert.ok(Math.abs(outputs[i]! - value) < 1e-4, `output ${i}: ${outputs[i]}, not ${value}`);
  });
  for (const [name, gradient] of Object.entries(trainer.gradients(batch))) {
    const { step, norm, values } = golden.gradients[name as keyof typeof golden.gradients];
    const found = gradient.dataSync();
    const largest = Math.max(...values.map(Math.abs));
    const worst = Math.max(...values.map((value, i) => Math.abs(value - found[i * step]!)));
    assert.ok(worst <= 1e-3 * largest, `${name}: off by ${worst} where values reach ${largest}`);
    const length = tf.norm(gradient).dataSync()[0]!;
    assert.ok(Math.abs(length - norm) < 1e-3 * norm, `${name}: norm ${length}, not ${norm}`);
  }
  const loss = trainer.step(batch).dataSync()[0]!;
  assert.ok(Math.abs(loss - golden.loss) < 1e-4, `loss ${loss}, not ${golden.loss}`);
  trainer.dispose();
});

Deno.test("objective() takes the joint scores for the answer, and weighs equally when told nothing", () => {
  const { loss, scores } = objective({ centreWeight: 0.5 });
  // Joint (0, 0), branches (0, ln 3) and (ln 3, 0), half squared distances 2 and 4.
  const l = Math.log(3);
  const outputs = tf.tensor3d([[[0, 0], [0, l], [l, 0], [2, 4]]]);
  const expected = Math.log(2) + 0.7 * (Math.log(4 / 3) + Math.log(4)) + 0.5 * 4;
  const found = loss(outputs, tf.tensor1d([1], "int32")).dataSync()[0]!;
  assert.ok(Math.abs(found - expected) < 1e-6, `${found}, not ${expected}`);
  assert.deepEqual(scores(outputs).arraySync(), [[0, 0]]);
});

Deno.test("lgcconRegions() takes the trained parameters; the largest of its scores are the local branch's", () => {
  const { trainer, batch } = prepare();
  const initial = trainer.weights();
  const regions = openTrainer({ block: lgcconRegions(small), initial, rng: rng(1), ...training });
  const each = regions.predict(batch.x);
  assert.deepEqual(each.shape, [4, 9, 3]);
  const sure = (scores: tf.Tensor) => tf.mul(scores, tf.max(tf.softmax(scores), 1, true));
  const local = sure(tf.max(each, 1));
  // With nothing in its last layer the local branch adds nothing to the joint scores.
  const params = mapTree(
    initial.params,
    (array, name) =>
      name.startsWith("scores.local.")
        ? volume(new Float32Array(array.data.length), array.shape)
        : array,
  );
  const silent = openTrainer({
    block: lgccon(small),
    initial: { ...initial, params },
    rng: rng(1),
    ...training,
  });
  const jointOf = (of: typeof trainer) => tf.unstack(of.predict(batch.x), 1)[0]!;
  const difference = tf.sub(jointOf(trainer), jointOf(silent)).dataSync();
  local.dataSync().forEach((value, i) => assert.ok(Math.abs(value - difference[i]!) < 1e-5));
  for (const open of [trainer, regions, silent]) open.dispose();
});

Deno.test("localStrips cover the face in nine strips of a third", () => {
  const pixels = localStrips.map(([from, to]) => [Math.round(225 * from), Math.round(225 * to)]);
  assert.deepEqual(pixels.slice(0, 2), [[0, 76], [20, 96]]);
  assert.deepEqual(pixels.slice(-2), [[140, 216], [149, 225]]);
});

Deno.test("lgccon() has VGG-16's convolutions at full width, and refuses other stages", () => {
  const { params } = lgccon({ classes: 5, hidden: 4 }).init(rng(1), [112, 112, 1]);
  const sizes = flatten(params).filter(([name]) => name.startsWith("conv"));
  const count = sizes.reduce((sum, [, { data }]) => sum + data.length, 0);
  // 14,714,688 with three input channels.
  assert.equal(count, 14_714_688 - 2 * 9 * 64);
  assert.throws(() => lgccon({ classes: 3, stages: 6 }), RangeError);
});

/** A clip in which a corner of the mouth moves up or down, and back. */
function moving(seed: number, sign: number): Volume {
  const stream = rng(seed + 1, "clip");
  const [phase, tilt] = [stream.next(), 0.3 + 0.2 * stream.next()];
  const data = Float32Array.from({ length: 11 * 24 * 24 }, (_, i) => {
    const [t, y, x] = [Math.floor(i / 576), Math.floor(i / 24) % 24, i % 24];
    const lift = sign * 0.75 * (1 - Math.cos(Math.PI * t / 5)) * Math.exp(-((x - 18) ** 2) / 20);
    return 0.5 + 0.05 * Math.sin(tilt * x + phase) - 0.3 * Math.exp(-((y - 16 + lift) ** 2) / 9);
  });
  return volume(data, [11, 24, 24, 1]);
}

const clips: Sample[] = Array.from({ length: 16 }, (_, i) => ({
  clip: `drawn/s${i >> 2}/${i}`,
  subject: `drawn/s${i >> 2}`,
  database: "drawn",
  label: i % 2,
  input: moving(i, i % 2 === 0 ? 1 : -1),
}));

const parameters = {
  ...resolveParameters(experiment, { data: "synthetic-smic" }),
  ...{ width: 4, hidden: 16, cells: 4, stages: 2, drop: 0, epochs: 80, batchSize: 4 },
};

function task(changes: Partial<FoldTask> = {}): FoldTask {
  const base = { train: clips.slice(0, 12), test: clips.slice(12), classes: ["up", "down"] };
  return { ...base, parameters, rng: rng(2), ...changes };
}

Deno.test("apexFrame() is the spotted frame with mean 0 and spread 1, within what an image holds", () => {
  const input = moving(3, 1);
  const options = { blocks: 6, window: 9, cutoff: 0.25 };
  const frame = apexFrame(input, options);
  assert.deepEqual(frame.shape, [24, 24, 1]);
  const mean = frame.data.reduce((a, b) => a + b) / 576;
  const variance = frame.data.reduce((a, b) => a + b * b, 0) / 576;
  assert.ok(Math.abs(mean) < 1e-5 && Math.abs(variance - 1) < 1e-4, `${mean}, ${variance}`);
  assert.equal(apexFrame(input, options), frame);
  const { apex } = spotApexByFft(greyClip(input), options);
  const original = input.data.subarray(576 * apex, 576 * (apex + 1));
  const centre = original.reduce((a, b) => a + b) / 576;
  const spread = Math.sqrt(original.reduce((a, b) => a + (b - centre) ** 2, 0) / 576);
  original.forEach((value, i) =>
    assert.ok(Math.abs(frame.data[i]! - (value - centre) / spread) < 1e-4)
  );
  const blown = volume(input.data.map((value, i) => i % 100 === 0 ? 40 : value), input.shape);
  assert.ok(Math.max(...apexFrame(blown, options).data) < 10);
  const flat = apexFrame(volume(new Float32Array(11 * 576).fill(0.4), input.shape), options);
  assert.ok(flat.data.every((value) => value === 0));
});

Deno.test("lgccon tells two movements of one frame apart on a new subject, and repeats", async () => {
  const scores = await method.runFold(task()) as number[][];
  scores.forEach((row, i) => assert.equal(row.indexOf(Math.max(...row)), i % 2, `${row}`));
  assert.deepEqual(await method.runFold(task()), scores);
});

Deno.test("lgccon learns nothing from held-out clips, not even NaN", async () => {
  const poison = volume(new Float32Array(24 * 24).fill(NaN), [24, 24, 1]);
  const poisoned = network({
    ...method,
    look: (input, given) => input === clips[13]!.input ? poison : method.look!(input, given),
  });
  const [clean] = await method.runFold(task()) as number[][];
  const [first, second] = await poisoned.runFold(task()) as number[][];
  assert.ok(second!.every(Number.isNaN));
  // The last digits of a product depend on the batch that a clip is scored in.
  first!.forEach((value, i) => assert.ok(Math.abs(value - clean![i]!) < 1e-5));
});
