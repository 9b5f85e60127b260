import assert from "node:assert/strict";
import { join } from "@std/path";
import {
  bytesBelow,
  filesBelow,
  processesIn,
  type ProcessInfo,
  until,
  withRunPlace,
} from "lib/run/testing.ts";
import { outcomeOf, quickRow, reproduce, startReproduce } from "./testing.ts";

// Some seconds of training in six folds.
const longRow = [
  ..."table1 stst-net --data synthetic-flow --split k-fold-by-subject --k 6 --seeds 1 --epochs 20 --workers 2"
    .split(" "),
];
const ignore = Deno.build.os !== "linux";

const isWorker = ({ command }: ProcessInfo): boolean => command.includes("lib/run/worker.ts");
const isKernel = ({ command }: ProcessInfo): boolean => command.includes("jupyter --kernel");

/** Whether a process has asked for SIGINT. */
function listens(pid: number): boolean {
  const caught = /^SigCgt:\s*([0-9a-f]+)$/m.exec(Deno.readTextFileSync(`/proc/${pid}/status`))?.[1];
  return (BigInt(`0x${caught ?? 0}`) & 2n) !== 0n;
}

Deno.test({
  name: "deno task reproduce names notebook and cell when the kernel is killed (Linux only)",
  ignore,
  async fn() {
    await withRunPlace(async (place) => {
      const child = startReproduce(place, longRow);
      const kernel = () =>
        processesIn(place).find(({ command }) => command.includes("jupyter --kernel"));
      // The cells after the one that saves the result take a while, too.
      await until("the result is saved", () => filesBelow(place.results).length > 0);
      Deno.kill(kernel()!.pid, "SIGKILL");
      const { code, err } = await outcomeOf(child, place);
      assert.equal(code, 1);
      assert.match(
        err,
        /notebooks\/table1\/stst-net\.ipynb cell \d+: The kernel ended \(killed by/,
      );
      const again = await reproduce(place, longRow);
      assert.equal(again.code, 0, again.err);
      assert.ok(again.err.includes("6 folds, 6 from cache"), again.err);
    });
  },
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test({
    name: `deno task reproduce ends with 130 on ${signal} and keeps finished folds (Linux only)`,
    ignore,
    async fn() {
      await withRunPlace(async (place) => {
        const child = startReproduce(place, longRow);
        await until("a fold is finished", () => filesBelow(place.cache).length > 0);
        child.kill(signal);
        const { code, err } = await outcomeOf(child, place);
        assert.equal(code, 130);
        assert.match(err, /\ninterrupted; finished folds are kept, .*\n$/);
        assert.ok(filesBelow(place.cache).some((name) => name.endsWith(".json")));
        assert.deepEqual(filesBelow(place.results), []);
      });
    },
  });
}

Deno.test({
  name: "deno task reproduce leaves nothing after Ctrl-C twice, whatever it is at (Linux only)",
  ignore,
  async fn() {
    await withRunPlace(async (place) => {
      const tmp = join(place.folder, "tmp");
      await Deno.mkdir(tmp);
      const moments: Readonly<Record<string, () => boolean>> = {
        "it has begun": () => processesIn(place).length > 0,
        "the workers are up": () => processesIn(place).some(isWorker),
        "the kernel is up": () => processesIn(place).some(isKernel),
      };
      for (const [moment, reached] of Object.entries(moments)) {
        const child = startReproduce(place, [...quickRow, "--force"], { TMPDIR: tmp });
        await until(moment, reached);
        // Before this the signal has its usual effect, which is to end the process.
        if (moment === "it has begun") await until("it listens", () => listens(child.pid));
        child.kill("SIGINT");
        await new Promise((resolve) => setTimeout(resolve, 600));
        // It may have ended in good order by now.
        if (processesIn(place).some(({ pid }) => pid === child.pid)) child.kill("SIGINT");
        const { code } = await outcomeOf(child, place);
        assert.equal(code, 130, moment);
      }
      const again = await reproduce(place, quickRow, { TMPDIR: tmp });
      assert.equal(again.code, 0, again.err);
      assert.deepEqual([...Deno.readDirSync(tmp)], []);
      const kept = filesBelow(place.cache);
      assert.deepEqual(kept.filter((name) => !name.endsWith(".json")), []);
    });
  },
});

Deno.test({
  name: "deno task reproduce twice at once on one cache gives the same bytes as once (Linux only)",
  ignore,
  async fn() {
    await withRunPlace(async (place) => {
      const both = [quickRow, [...quickRow, "--force"]].map((args) =>
        outcomeOf(startReproduce(place, args), place)
      );
      for (const { code, err } of await Promise.all(both)) assert.equal(code, 0, err);
      await withRunPlace(async (whole) => {
        assert.equal((await reproduce(whole, quickRow)).code, 0);
        assert.deepEqual(await bytesBelow(place.results), await bytesBelow(whole.results));
        assert.deepEqual(await bytesBelow(place.cache), await bytesBelow(whole.cache));
      });
    });
  },
});

Deno.test({
  name: "deno task reproduce leaves no process behind when it is killed (Linux only)",
  ignore,
  async fn() {
    await withRunPlace(async (place) => {
      const child = startReproduce(place, longRow);
      await until("the workers are up", () => processesIn(place).length === 3);
      child.kill("SIGKILL");
      await outcomeOf(child, place);
    });
  },
});

Deno.test("deno task reproduce stops a cell at its time limit and names it", async () => {
  await withRunPlace(async (place) => {
    const { code, err } = await reproduce(place, [...quickRow, "--cell-minutes", "0.001"]);
    assert.equal(code, 1);
    assert.match(
      err,
      /notebooks\/table1\/bi-woof\.ipynb cell \d+: The cell ran longer than 0\.06 s and was stopped\n$/,
    );
  });
});

Deno.test("deno task reproduce runs a row once that is named twice", async () => {
  await withRunPlace(async (place) => {
    const { code, out } = await reproduce(place, [...quickRow, "bi-woof", "--dry-run"]);
    assert.equal(code, 0);
    assert.equal(out.split("\n").filter((line) => line.startsWith("bi-woof: ")).length, 1, out);
  });
});
