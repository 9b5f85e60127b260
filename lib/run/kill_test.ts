import assert from "node:assert/strict";
import { findExperiment, root } from "lib/experiment/find.ts";
import { run } from "./run.ts";
import {
  bytesBelow,
  environmentFor,
  filesBelow,
  ownWorkers,
  processesIn,
  type RunPlace,
  until,
  withRunPlace,
} from "./testing.ts";

// Long enough to be killed in the middle: seconds of training, in six folds.
const given = { data: "synthetic-flow", split: "k-fold-by-subject", k: 6, seeds: 1, epochs: 20 };
const ignore = Deno.build.os !== "linux";

/** Runs STSTNet to its end in this process. */
async function runHere(place: RunPlace): Promise<number> {
  const experiment = await findExperiment("table1", "stst-net");
  let cached = -1;
  await run(experiment, given, { ...place, workers: 2, onProgress: (p) => cached = p.cached });
  return cached;
}

/** Starts the same run in a process of its own. */
function startElsewhere(place: RunPlace): Deno.ChildProcess {
  const code = `
    import { findExperiment } from "lib/experiment/find.ts";
    import { run } from "lib/run/run.ts";
    const experiment = await findExperiment("table1", "stst-net");
    await run(experiment, ${JSON.stringify(given)}, { workers: 2 });`;
  return new Deno.Command(Deno.execPath(), {
    args: ["eval", "--quiet", code],
    cwd: root,
    env: environmentFor(place),
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
}

Deno.test({
  name: "run() after the coordinator was killed goes on to the same bytes (Linux only)",
  ignore,
  async fn() {
    await withRunPlace(async (killed) => {
      const coordinator = startElsewhere(killed);
      await until("a fold is finished", () => filesBelow(killed.cache).length > 0);
      assert.equal(processesIn(killed).length, 3);
      coordinator.kill("SIGKILL");
      assert.equal((await coordinator.status).signal, "SIGKILL");
      await until("no worker is left", () => processesIn(killed).length === 0, 15);
      const kept = filesBelow(killed.cache).filter((name) => name.endsWith(".json")).length;
      assert.ok(kept >= 1 && kept < 6, `${kept} folds were finished`);
      assert.equal(await runHere(killed), kept);
      await withRunPlace(async (whole) => {
        assert.equal(await runHere(whole), 0);
        const wanted = await bytesBelow(whole.folder);
        const found = await bytesBelow(killed.folder);
        assert.deepEqual(found, wanted);
      });
    });
  },
});

Deno.test({
  name: "run() replaces a worker that is killed in the middle of a fold (Linux only)",
  ignore,
  async fn() {
    await withRunPlace(async (place) => {
      const running = runHere(place);
      await until("a fold is finished", () => filesBelow(place.cache).length > 0);
      const [worker] = ownWorkers();
      assert.ok(worker, "there is no worker to kill");
      Deno.kill(worker.pid, "SIGKILL");
      assert.equal(await running, 0);
      assert.equal(filesBelow(place.cache).length, 6);
      assert.deepEqual(ownWorkers(), []);
    });
  },
});
