import assert from "node:assert/strict";
import { cpus } from "node:os";
import { join } from "@std/path";
import { findExperiment, root } from "lib/experiment/find.ts";
import { type FoldJob, readFold } from "./jobs.ts";
import { planRun } from "./plan.ts";
import { type RunPlace, withRunPlace } from "./testing.ts";

/** The first fold of a quick run of Bi-WOOF. */
async function firstJob({ cache }: RunPlace, row = "bi-woof", own = {}): Promise<FoldJob> {
  const experiment = await findExperiment("table1", row);
  const given = { data: "synthetic-flow", split: "k-fold-by-subject", k: 3, seeds: 1, ...own };
  return (await planRun(experiment, given, { cache })).jobs[0]!;
}

/** Runs the worker on one job file, as a scheduler would. */
async function work({ folder }: RunPlace, job: FoldJob): Promise<{ code: number; err: string }> {
  const file = join(folder, "job.json");
  await Deno.writeTextFile(file, JSON.stringify(job));
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", "lib/run/worker.ts", file],
    cwd: root,
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  return { code, err: new TextDecoder().decode(stderr) };
}

Deno.test("worker.ts with a job file writes that fold and ends", async () => {
  await withRunPlace(async (place) => {
    const job = await firstJob(place);
    assert.equal(await readFold(job), "missing");
    assert.deepEqual(await work(place, job), { code: 0, err: "" });
    const kept = await readFold(job);
    assert.ok(typeof kept !== "string" && kept.predictions.length > 0);
    assert.equal(kept.processor, undefined);
    const network = await firstJob(place, "stst-net", { epochs: 1 });
    assert.deepEqual(await work(place, network), { code: 0, err: "" });
    const trained = await readFold(network);
    assert.ok(typeof trained !== "string" && trained.processor === cpus()[0]!.model.trim());
  });
});

Deno.test("worker.ts does not compute a fold on other data than was planned", async () => {
  await withRunPlace(async (place) => {
    const job = await firstJob(place);
    const data = { ...job.inputs.data, digest: "0".repeat(64) };
    const { code, err } = await work(place, { ...job, inputs: { ...job.inputs, data } });
    assert.equal(code, 2);
    assert.match(err, /^error: synthetic-flow: The files changed since the run began\. Run .*\n$/);
    assert.equal(await readFold(job), "missing");
  });
});

Deno.test("worker.ts names an unknown method without a stack", async () => {
  await withRunPlace(async (place) => {
    const job = await firstJob(place);
    const { code, err } = await work(place, { ...job, inputs: { ...job.inputs, method: "wof" } });
    assert.equal(code, 2);
    assert.match(err, /^error: Unknown method 'wof'\. /);
  });
});
