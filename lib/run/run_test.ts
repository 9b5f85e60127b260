import assert from "node:assert/strict";
import { cpus } from "node:os";
import { join } from "@std/path";
import { findExperiment } from "lib/experiment/find.ts";
import { explain, planRun } from "./plan.ts";
import { type Run, run, type RunProgress } from "./run.ts";
import { bytesBelow, filesBelow, type RunPlace, withRunPlace } from "./testing.ts";

const quick = { data: "synthetic-flow", split: "k-fold-by-subject", k: 3, seeds: 1 };
const rows = [
  { row: "bi-woof", given: quick },
  { row: "stst-net", given: { ...quick, epochs: 2 } },
];

/** Runs a row of table 1 and says how many folds were in the cache at its start. */
async function runRow(
  { cache, results }: RunPlace,
  given: Readonly<Record<string, unknown>> = quick,
  { row = "bi-woof", ...options }: { row?: string; workers?: number; force?: boolean } = {},
): Promise<Run & { heard: RunProgress[] }> {
  const heard: RunProgress[] = [];
  const onProgress = (progress: RunProgress) => heard.push(progress);
  const experiment = await findExperiment("table1", row);
  return { ...await run(experiment, given, { cache, results, onProgress, ...options }), heard };
}

for (const { row, given } of rows) {
  Deno.test(`run() of ${row} writes the same bytes with one worker, with two, and again`, async () => {
    await withRunPlace(async (one) => {
      await withRunPlace(async (two) => {
        await runRow(one, given, { row, workers: 1 });
        const { heard, result } = await runRow(two, given, { row, workers: 2 });
        const { processor } = result.metadata.environment;
        assert.equal(processor, row === "stst-net" ? cpus()[0]!.model.trim() : undefined);
        assert.equal(Math.max(...heard.map(({ running }) => running)), 2);
        const written = await bytesBelow(one.folder);
        assert.equal(filesBelow(one.cache).length, 3);
        assert.equal(filesBelow(one.results).length, 2);
        assert.deepEqual(await bytesBelow(two.folder), written);
        await runRow(two, given, { row, workers: 2, force: true });
        assert.deepEqual(await bytesBelow(two.folder), written);
      });
    });
  });
}

Deno.test("run() computes nothing the second time, and only the new seed when seeds grow", async () => {
  await withRunPlace(async (place) => {
    const first = await runRow(place);
    assert.deepEqual(first.heard[0], {
      unit: "folds",
      total: 3,
      done: 0,
      cached: 0,
      running: 0,
      secondsLeft: null,
    });
    assert.deepEqual(first.heard.at(-1), {
      unit: "folds",
      total: 3,
      done: 3,
      cached: 0,
      running: 0,
      secondsLeft: 0,
    });
    const second = await runRow(place);
    const finished = { unit: "folds", total: 3, done: 3, cached: 3, running: 0, secondsLeft: 0 };
    assert.deepEqual(second.heard, [finished]);
    assert.deepEqual(second.result, first.result);
    const more = await runRow(place, { ...quick, seeds: 2 });
    assert.equal(more.heard[0]?.cached, 3);
    assert.equal(more.heard.at(-1)?.done, 6);
    assert.deepEqual(
      more.result.predictions.filter(({ seed }) => seed === 1),
      first.result.predictions,
    );
  });
});

Deno.test("run() with force computes every fold again", async () => {
  await withRunPlace(async (place) => {
    await runRow(place);
    const { heard } = await runRow(place, quick, { force: true });
    assert.deepEqual([heard[0]?.cached, heard.at(-1)?.cached, heard.at(-1)?.done], [0, 0, 3]);
  });
});

Deno.test("run() computes damaged folds again and names their files", async () => {
  await withRunPlace(async (place) => {
    const { file } = await runRow(place);
    const before = await bytesBelow(place.folder);
    const [cut, altered] = filesBelow(place.cache).map((name) => join(place.cache, name));
    await Deno.truncate(cut!, 300);
    const text = await Deno.readTextFile(altered!);
    await Deno.writeTextFile(altered!, text.replace(/"predicted":"\w+"/, '"predicted":"surprise"'));
    await Deno.remove(file);
    const experiment = await findExperiment("table1", "bi-woof");
    const plan = await planRun(experiment, quick, place);
    assert.deepEqual([...await explain(plan)], [["fold file damaged", 2]]);
    const { damaged, heard } = await runRow(place);
    assert.deepEqual(damaged, [cut, altered]);
    assert.equal(heard[0]?.cached, 1);
    assert.deepEqual(await bytesBelow(place.folder), before);
    assert.deepEqual((await runRow(place)).damaged, []);
  });
});

Deno.test("run() keeps finished folds when the result file cannot be written", async () => {
  await withRunPlace(async (place) => {
    // A path below a file can be written by nobody, not even by root.
    await Deno.writeTextFile(place.results, "");
    const error = await runRow(place).then(() => undefined, (error: Error) => error);
    assert.match(error?.message ?? "", /results.*bi-woof\.arrow: Cannot write this file/);
    assert.equal(error?.name, "UserError");
    assert.equal(filesBelow(place.cache).length, 3);
    await Deno.remove(place.results);
    const { heard } = await runRow(place);
    assert.equal(heard[0]?.cached, 3);
  });
});
