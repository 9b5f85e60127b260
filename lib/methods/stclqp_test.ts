import assert from "node:assert/strict";
import { experiment } from "experiments/table1/stclqp.ts";
import { rng } from "lib/core/rng.ts";
import { volume } from "lib/core/volume.ts";
import { resolveParameters } from "lib/experiment/parameters.ts";
import { motions, movingClips } from "lib/features/lbp/clips_testing.ts";
import type { FoldTask } from "lib/train/method.ts";
import { learnCodebooks, method, stclqpOptions } from "./stclqp.ts";

const clips = movingClips(5);
const held = clips.filter(({ subject }) => subject === "drawn/s0");
const train = clips.filter(({ subject }) => subject !== "drawn/s0");
const small = { words: 12, keep: 6, blocks: 2 };
const parametersOf = (given: Record<string, unknown>) =>
  resolveParameters(experiment, { ...small, ...given });

async function run(given: Record<string, unknown> = {}, changes: Partial<FoldTask> = {}) {
  const parameters = parametersOf(given);
  const task = { train, test: held, classes: motions, parameters, rng: rng(1), ...changes };
  return await method.runFold(task) as number[][];
}

const right = (scores: number[][]) =>
  scores.filter((row, i) => row.indexOf(Math.max(...row)) === held[i]!.label).length;

Deno.test("stclqp tells motions apart on a new subject, and repeats with its seed", async () => {
  for (const given of [{}, { components: 0 }, { classWeights: "balanced", innerRadiusT: 2 }]) {
    const scores = await run(given);
    assert.ok(right(scores) >= 5, `${JSON.stringify(given)}: ${right(scores)}`);
    assert.deepEqual(await run(given), scores);
  }
  assert.notDeepEqual(await run({}, { rng: rng(2) }), await run());
});

Deno.test("stclqp is near chance when training labels are permuted", async () => {
  let hits = 0;
  for (let seed = 1; seed <= 10; seed++) {
    const labels = rng(seed, "permute").shuffle(train.map(({ label }) => label));
    const permuted = train.map((sample, i) => ({ ...sample, label: labels[i]! }));
    hits += right(await run({}, { train: permuted }));
  }
  assert.ok(hits <= 34, `${hits} of 60`);
});

Deno.test("stclqp scores a clip alike whatever else is held out with it", async () => {
  const strange = { ...held[1]!, input: volume(new Float32Array(16000), [10, 40, 40, 1]) };
  const [first] = await run({}, { test: [held[0]!, strange] });
  assert.deepEqual(first, (await run())[0]);
});

Deno.test("stclqp under fitOn all-clips looks at other held-out clips, and at no label of theirs", async () => {
  const all = { protocol: "paper", fitOn: "all-clips", components: 8 };
  const scores = await run(all);
  assert.ok(right(scores) >= 4, `${right(scores)}`);
  const [alone] = await run(all, { test: [held[0]!] });
  assert.notDeepEqual(alone, scores[0]);
  const unlabelled = held.map(({ label: _, ...rest }) => rest);
  assert.deepEqual(await run(all, { test: unlabelled }), scores);
});

Deno.test("learnCodebooks() has a stream of its own for each set", () => {
  const options = stclqpOptions(parametersOf({}));
  const inputs = train.slice(0, 4).map(({ input }) => input);
  const codebooks = learnCodebooks(inputs, options, rng(1));
  assert.deepEqual(codebooks.map(({ bins }) => bins), Array(9).fill(12));
  assert.deepEqual(learnCodebooks(inputs.toReversed(), options, rng(1)), codebooks);
});

Deno.test("stclqp names the parameter that does not fit the clips", async () => {
  const refuses = (given: Record<string, unknown>, message: RegExp) =>
    assert.rejects(() => run(given), { name: "ParameterError", message });
  await refuses({ outerRadiusT: 5 }, /^stclqp: outerRadiusT: 10 key frames have no neighbours 5/);
  await refuses({ innerRadius: 4 }, /^stclqp: innerRadius: The inner ring is larger .* 4 > 3/);
  await refuses({ innerRadiusT: 5 }, /^stclqp: innerRadiusT: The inner ring is larger .* 5 > 4/);
  await refuses({ blockTimes: 3 }, /^stclqp: blockTimes: There are 2 frames/);
  await refuses({ blocks: 32, outerRadius: 5 }, /^stclqp: blocks: There are 30 pixels/);
});
