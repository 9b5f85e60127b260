import assert from "node:assert/strict";
import { rng } from "lib/core/rng.ts";
import { volume } from "lib/core/volume.ts";
import { experiment } from "experiments/table1/lbp-top.ts";
import { resolveParameters } from "lib/experiment/parameters.ts";
import { motions, movingClips } from "lib/features/lbp/clips_testing.ts";
import type { FoldTask } from "lib/train/method.ts";
import { method } from "./lbp_top.ts";

const clips = movingClips(5);
const held = clips.filter(({ subject }) => subject === "drawn/s0");
const train = clips.filter(({ subject }) => subject !== "drawn/s0");
const small = { blocks: 3 };

async function run(given: Record<string, unknown> = {}, changes: Partial<FoldTask> = {}) {
  const parameters = resolveParameters(experiment, { ...small, ...given });
  const task = { train, test: held, classes: motions, parameters, rng: rng(1), ...changes };
  return await method.runFold(task) as number[][];
}

const right = (scores: number[][]) =>
  scores.filter((row, i) => row.indexOf(Math.max(...row)) === held[i]!.label).length;

Deno.test("lbp-top tells motions apart on a new subject, in both profiles", async () => {
  assert.ok(right(await run()) >= 5);
  assert.ok(right(await run({ profile: "paper", blocks: 4 })) >= 5);
});

Deno.test("lbp-top runs with every kernel, code set and scaling, and repeats", async () => {
  for (
    const given of [
      { kernel: "polynomial" },
      { kernel: "rbf", scaling: "standardised" },
      { kernel: "chi-square", codes: "uniform", overlap: 0.5 },
      { classWeights: "balanced", components: 4 },
    ]
  ) {
    const scores = await run(given);
    assert.ok(right(scores) >= 3, JSON.stringify(given));
    assert.deepEqual(await run(given), scores);
  }
});

Deno.test("lbp-top is near chance when training labels are permuted", async () => {
  let hits = 0;
  for (let seed = 1; seed <= 20; seed++) {
    const labels = rng(seed, "permute").shuffle(train.map(({ label }) => label));
    const permuted = train.map((sample, i) => ({ ...sample, label: labels[i]! }));
    hits += right(await run({}, { train: permuted }));
  }
  assert.ok(hits <= 62, `${hits} of 120`);
});

Deno.test("lbp-top scores a clip alike whatever else is held out with it", async () => {
  for (const given of [{}, { scaling: "standardised", components: 1000, kernel: "rbf" }]) {
    const all = await run(given);
    const strange = { ...held[1]!, input: volume(new Float32Array(16000), [10, 40, 40, 1]) };
    const [first] = await run(given, { test: [held[0]!, strange] });
    assert.deepEqual(first, all[0]);
  }
});

Deno.test("lbp-top under fitOn all-clips looks at other held-out clips, and at no label of theirs", async () => {
  const all = { protocol: "paper", fitOn: "all-clips", components: 6, scaling: "standardised" };
  const scores = await run(all);
  assert.ok(right(scores) >= 4, `${right(scores)}`);
  const [alone] = await run(all, { test: [held[0]!] });
  assert.notDeepEqual(alone, scores[0]);
  const unlabelled = held.map(({ label: _, ...rest }) => rest);
  assert.deepEqual(await run(all, { test: unlabelled }), scores);
});

Deno.test("lbp-top names the parameter that does not fit the clips", async () => {
  const refuses = (given: Record<string, unknown>, message: RegExp) =>
    assert.rejects(() => run(given), { name: "ParameterError", message });
  await refuses({ radiusT: 5 }, /^lbp-top: radiusT: 10 key frames have no neighbours 5 frames/);
  await refuses({ blockTimes: 3 }, /^lbp-top: blockTimes: There are 2 frames/);
  await refuses({ blocks: 32, radiusX: 5 }, /^lbp-top: blocks: There are 30 pixels/);
  await refuses(
    { kernel: "chi-square", scaling: "standardised" },
    /scaling: The chi-square kernel/,
  );
});
