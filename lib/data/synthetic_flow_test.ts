import assert from "node:assert/strict";
import { rng } from "lib/core/rng.ts";
import { syntheticFlow } from "./synthetic_flow.ts";
import { countClips } from "./summary.ts";
import type { Dataset, Sample } from "./types.ts";

const dataset: Dataset = await syntheticFlow.load("");

/** Nearest class mean on centred maps: a linear classifier without anything to tune. */
function predict(train: readonly Sample[], { input }: Sample): number {
  const distances = dataset.classes.map((_, label) => {
    const members = train.filter((sample) => sample.label === label);
    let sum = 0;
    for (let i = 0; i < input.data.length; i++) {
      let mean = 0;
      for (const member of members) mean += member.input.data[i]! / members.length;
      sum += (input.data[i]! - mean) ** 2;
    }
    return sum;
  });
  return distances.indexOf(Math.min(...distances));
}

/** Mean recall of the classes when each subject is held out once. */
function recallBySubject(samples: readonly Sample[]): number {
  const hits = dataset.classes.map(() => [] as number[]);
  for (const subject of new Set(samples.map((sample) => sample.subject))) {
    const train = samples.filter((sample) => sample.subject !== subject);
    for (const sample of samples.filter((sample) => sample.subject === subject)) {
      hits[sample.label]!.push(Number(predict(train, sample) === sample.label));
    }
  }
  const recalls = hits.map((hit) => hit.reduce((a, b) => a + b, 0) / hit.length);
  return recalls.reduce((a, b) => a + b, 0) / recalls.length;
}

Deno.test("synthetic-flow is the same on every machine and in every version", () => {
  assert.equal(dataset.digest, "36ff9bea74baac06f1ce56c982fa743ac93e5e59555193330161df554f2b9792");
});

Deno.test("synthetic-flow is shaped like megc2019-flow and says that it is synthetic", () => {
  assert.equal(dataset.synthetic, true);
  assert.deepEqual(dataset.channels, ["u", "v", "strain"]);
  assert.deepEqual(
    countClips(dataset).map(({ database, subjects, byClass }) => [database, subjects, ...byClass]),
    [
      ["casme2", 4, 24, 9, 7],
      ["samm", 4, 25, 7, 4],
      ["smic", 5, 19, 14, 12],
      ["all", 13, 68, 30, 23],
    ],
  );
  const clips = dataset.samples.map(({ clip }) => clip);
  assert.deepEqual(clips, [...new Set(clips)].sort());
  assert.ok(dataset.samples.every(({ clip, subject }) => clip.startsWith(`${subject}/`)));
});

Deno.test("synthetic-flow maps are scaled like the real ones: 8-bit values, each channel 0..1", () => {
  for (const { input, clip } of dataset.samples) {
    assert.deepEqual(input.shape, [28, 28, 3]);
    for (const channel of [0, 1, 2]) {
      const values = input.data.filter((_, i) => i % 3 === channel);
      assert.equal(Math.min(...values), 0, clip);
      assert.equal(Math.max(...values), 1, clip);
      assert.ok(values.every((x) => x === Math.fround(Math.round(255 * x) / 255)), clip);
    }
  }
});

Deno.test("synthetic-flow can be learnt across subjects, but not perfectly", () => {
  const recall = recallBySubject(dataset.samples);
  assert.ok(recall > 0.5 && recall < 0.85, `mean recall ${recall}`);
});

Deno.test("synthetic-flow with shuffled labels is left at chance", () => {
  const labels = rng(5).shuffle(dataset.samples.map(({ label }) => label));
  const shuffled = dataset.samples.map((sample, i) => ({ ...sample, label: labels[i]! }));
  const recall = recallBySubject(shuffled);
  assert.ok(Math.abs(recall - 1 / 3) < 0.12, `mean recall ${recall}`);
});
