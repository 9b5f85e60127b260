import assert from "node:assert/strict";
import { join } from "@std/path";
import { findExperiment, root } from "lib/experiment/find.ts";
import type { FoldJob } from "./jobs.ts";
import { planRun } from "./plan.ts";
import { filesBelow, type RunPlace, until, withRunPlace } from "./testing.ts";

// Three trainings a fold: one on all training clips, two on inner folds that choose a head.
const given = {
  data: "synthetic-flow",
  split: "k-fold-by-subject",
  k: 3,
  seeds: 1,
  epochs: 3,
  batchSize: 16,
  keyFrames: 2,
  width: 2,
  headSelection: "inner",
  headFolds: 2,
};

async function firstJob({ cache }: RunPlace): Promise<FoldJob> {
  const experiment = await findExperiment("table1", "ms-resnet3d");
  const [job] = (await planRun(experiment, given, { cache })).jobs;
  return { ...job!, checkpointSeconds: 0 };
}

/** Starts a worker on one job, as a scheduler would. */
async function start({ folder }: RunPlace, job: FoldJob): Promise<Deno.ChildProcess> {
  const file = join(folder, "job.json");
  await Deno.writeTextFile(file, JSON.stringify(job));
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", "lib/run/worker.ts", file],
    cwd: root,
    stdin: "null",
    stdout: "null",
    stderr: "inherit",
  }).spawn();
}

Deno.test("a fold killed in the middle of its trainings goes on from there, to the same bytes", async () => {
  await withRunPlace(async (whole) => {
    const job = await firstJob(whole);
    assert.equal((await (await start(whole, job)).status).code, 0);
    const wanted = await Deno.readFile(job.file);
    assert.equal(filesBelow(whole.cache).length, 1, "checkpoints of a finished fold are gone");
    await withRunPlace(async (broken) => {
      const again = await firstJob(broken);
      for (const training of ["all", "inner-2"]) {
        const worker = await start(broken, again);
        await until(
          `${training} is under way`,
          () => filesBelow(broken.cache).some((name) => name.endsWith(`${training}.checkpoint`)),
          60,
        );
        worker.kill("SIGKILL");
        await worker.status;
        assert.ok(!filesBelow(broken.cache).some((name) => name.endsWith(".json")));
      }
      assert.equal((await (await start(broken, again)).status).code, 0);
      assert.deepEqual(await Deno.readFile(again.file), wanted);
    });
  });
});
