import assert from "node:assert/strict";
import { findExperiment } from "lib/experiment/find.ts";
import type { CostModel } from "./model.ts";
import { knownSet } from "./known_sets.ts";
import { clipWork, outlineRun } from "./outline.ts";
import { predict } from "./predict.ts";

const call = { dataRoot: "/nowhere" };
const outline = async (row: string, given: object = {}, table = "table1") =>
  await outlineRun(
    await findExperiment(table, row),
    { data: "samm", profile: "paper", ...given },
    call,
  );

/** Every fold takes 10 s, every clip 2 s, and nothing else takes any time. */
const flat: CostModel = {
  fold: () => Promise.resolve({ each: 10, once: 0, from: "measured" }),
  network: () => Promise.resolve({ flops: 6e12, launches: 1e5 }),
  clip: () => ({ each: 2, once: 0, from: "calculated" }),
  notebook: 0,
  start: 0,
  basis: { own: 0, reference: 1, machine: "test", slower: 1 },
  error: undefined,
};
const gpu = { tflops: 10, efficiency: 0.3 };

Deno.test("knownSet() has the published counts of sets that are not here", async () => {
  const size = "paper";
  const numbers = async (name: string, labels: "paper" | "megc3" = "paper") => {
    const { clips, subjects, classes } = (await knownSet(name, { labels, size }))!;
    return [clips, subjects, classes];
  };
  assert.deepEqual(await numbers("smic-hs"), [164, 16, 3]);
  assert.deepEqual(await numbers("samm"), [159, 29, 4]);
  assert.deepEqual(await numbers("casme2"), [246, 26, 4]);
  assert.deepEqual(await numbers("samm", "megc3"), [133, 28, 3]);
  assert.deepEqual(await numbers("casme2", "megc3"), [145, 24, 3]);
  assert.deepEqual(await numbers("megc2019-flow"), [442, 68, 3]);
  assert.equal((await numbers("synthetic-samm"))[0], 159);
  assert.equal(await knownSet("elsewhere", { labels: "paper", size }), undefined);
});

Deno.test("outlineRun() counts folds of a set that is not here", async () => {
  const folds = async (given: object) => {
    const { folds, open, facts } = await outline("stst-net", given);
    assert.equal(folds, open);
    return [folds, facts.folds];
  };
  assert.deepEqual(await folds({}), [3 * 29, 29]);
  assert.deepEqual(await folds({ seeds: 1, protocol: "paper" }), [159, 159]);
  assert.deepEqual(await folds({ split: "k-fold-by-subject", k: 4 }), [12, 4]);
  const maps = await outline("stst-net", { data: "megc2019-flow" });
  assert.deepEqual([maps.folds, maps.clips], [3 * 68, undefined]);
  assert.match(maps.assumed!.from, /^442 clips of 68 subjects/);
  // Nothing of this size is drawn for a plan.
  assert.equal((await outline("stst-net", { data: "synthetic-samm" })).facts.clips, 159);
});

Deno.test("clipWork() prepares a clip once for all rows", async () => {
  const rows = [await outline("stst-net"), await outline("off-apex-net"), await outline("bi-woof")];
  const { facts, count } = clipWork(rows)!;
  assert.deepEqual([count, facts.settings.length], [159, 2]);
  assert.equal(clipWork([]), undefined);
});

Deno.test("predict() adds up folds and clips, and does them side by side", async () => {
  const rows = [await outline("stst-net"), await outline("bi-woof")];
  const made = await predict(rows, { model: flat, gpu, workers: 2, places: [1, 2, 1000] });
  assert.equal(made.coreSeconds, 159 * 2 + 2 * 87 * 10);
  const [one, two, many] = made.walls;
  assert.equal(one!.seconds, made.coreSeconds);
  assert.equal(one!.least, made.coreSeconds);
  assert.ok(two!.seconds >= two!.least && two!.seconds < 0.6 * one!.seconds);
  // The clips in one go, and then the folds.
  assert.deepEqual([many!.seconds, many!.least], [12, 12]);
  // 2 TFLOPs a second, and a second for launching.
  assert.equal(made.rows[0]!.gpuSeconds, 87 * (2 + 1));
});

Deno.test("predict() counts folds once that two rows want", async () => {
  const { model, ...rest } = { model: flat, gpu, workers: 1, places: [1] };
  const row = await outline("stst-net");
  const made = await predict([row, row], { model, ...rest });
  assert.deepEqual(made.rows.map(({ folds }) => folds), [87, 0]);
});

Deno.test("predict() works storage out from shapes", async () => {
  const { storage } = await predict([await outline("stst-net", { augment: "training" })], {
    ...{ model: flat, gpu, workers: 3, places: [1] },
  });
  // A map, and five copies of it, in single precision.
  assert.equal(storage.prepared, 159 * 6 * 4 * 28 * 28 * 3);
  assert.equal(storage.drawn, 0);
  // Learned numbers with both moments of Adam, of three trainings at once.
  assert.equal(storage.checkpoints % (3 * 3 * 4), 0);
  assert.ok(storage.checkpoints > 0 && storage.folds > 87 * 10_000);
  const drawn = await predict([await outline("stst-net", { data: "synthetic-smic" })], {
    ...{ model: flat, gpu, workers: 1, places: [1] },
  });
  assert.ok(drawn.storage.drawn > 164 * 30 * 640 * 480 * 3);
});
