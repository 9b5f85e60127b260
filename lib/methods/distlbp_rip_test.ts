import assert from "node:assert/strict";
import { rng } from "lib/core/rng.ts";
import { volume } from "lib/core/volume.ts";
import { experiment } from "experiments/table1/distlbp-rip.ts";
import { resolveParameters } from "lib/experiment/parameters.ts";
import { motions, movingClips } from "lib/features/lbp/clips_testing.ts";
import type { FoldTask } from "lib/train/method.ts";
import { method } from "./distlbp_rip.ts";

const clips = movingClips(5);
const held = clips.filter(({ subject }) => subject === "drawn/s0");
const train = clips.filter(({ subject }) => subject !== "drawn/s0");
const small = { blocks: 3, mask: 5 };

async function run(given: Record<string, unknown> = {}, changes: Partial<FoldTask> = {}) {
  const parameters = resolveParameters(experiment, { ...small, ...given });
  const task = { train, test: held, classes: motions, parameters, rng: rng(1), ...changes };
  return await method.runFold(task) as number[][];
}

const right = (scores: number[][]) =>
  scores.filter((row, i) => row.indexOf(Math.max(...row)) === held[i]!.label).length;

Deno.test("distlbp-rip tells motions apart on a new subject, with either kernel and motion", async () => {
  for (
    const given of [
      {},
      { profile: "paper", inputSide: 40, blocks: 3, mask: 9 },
      { kernel: "chi-square" },
      { motion: "difference", groups: 0.5 },
      { classWeights: "none", radius: 2, radiusT: 3 },
    ]
  ) {
    const scores = await run(given);
    assert.ok(right(scores) >= 4, `${JSON.stringify(given)}: ${right(scores)}`);
    assert.deepEqual(await run(given), scores);
  }
});

Deno.test("distlbp-rip is near chance when training labels are permuted", async () => {
  let hits = 0;
  for (let seed = 1; seed <= 20; seed++) {
    const labels = rng(seed, "permute").shuffle(train.map(({ label }) => label));
    const permuted = train.map((sample, i) => ({ ...sample, label: labels[i]! }));
    hits += right(await run({}, { train: permuted }));
  }
  assert.ok(hits <= 62, `${hits} of 120`);
});

Deno.test("distlbp-rip scores a clip alike whatever else is held out with it", async () => {
  const all = await run();
  const strange = { ...held[1]!, input: volume(new Float32Array(16000), [10, 40, 40, 1]) };
  const [first] = await run({}, { test: [held[0]!, strange] });
  assert.deepEqual(first, all[0]);
});

Deno.test("distlbp-rip names the parameter that does not fit the clips", async () => {
  const refuses = (given: Record<string, unknown>, message: RegExp) =>
    assert.rejects(() => run(given), { name: "ParameterError", message });
  await refuses({ mask: 6 }, /^distlbp-rip: mask: A mask of 6 has no middle/);
  await refuses({ blocks: 9 }, /^distlbp-rip: blocks: Blocks of 4 pixels are narrower than a mask/);
  await refuses({ radius: 7 }, /^distlbp-rip: radius: Blocks of 13 pixels have no neighbours 7/);
  await refuses({ radiusT: 5 }, /^distlbp-rip: radiusT: 10 key frames have no neighbours 5/);
});
