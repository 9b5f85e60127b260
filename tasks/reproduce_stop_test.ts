import assert from "node:assert/strict";
import { filesBelow, processesIn, until, withRunPlace } from "lib/run/testing.ts";
import { outcomeOf, quickRow, reproduce, startReproduce } from "./testing.ts";

// Some seconds of training in six folds.
const longRow = [
  ..."table1 stst-net --data synthetic-flow --split k-fold-by-subject --k 6 --seeds 1 --epochs 20 --workers 2"
    .split(" "),
];
const ignore = Deno.build.os !== "linux";

Deno.test({
  name: "deno task reproduce names notebook and cell when the kernel is killed (Linux only)",
  ignore,
  async fn() {
    await withRunPlace(async (place) => {
      const child = startReproduce(place, longRow);
      await until("a fold is finished", () => filesBelow(place.cache).length > 0);
      const kernel = processesIn(place).find(({ command }) => command.includes("jupyter --kernel"));
      assert.ok(kernel, "there is no kernel to kill");
      Deno.kill(kernel.pid, "SIGKILL");
      const { code, err } = await outcomeOf(child, place);
      assert.equal(code, 1);
      assert.match(
        err,
        /notebooks\/table1\/stst-net\.ipynb cell \d+: The kernel ended \(killed by/,
      );
      const kept = filesBelow(place.cache).filter((name) => name.endsWith(".json")).length;
      assert.ok(kept >= 1 && kept < 6, `${kept} folds were finished`);
      const again = await reproduce(place, longRow);
      assert.equal(again.code, 0, again.err);
      assert.ok(again.err.includes(`6 folds, ${kept} from cache`), again.err);
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
  name: "deno task reproduce leaves no process behind when it is killed (Linux only)",
  ignore,
  async fn() {
    await withRunPlace(async (place) => {
      const child = startReproduce(place, longRow);
      await until("the workers are up", () => processesIn(place).length === 4);
      child.kill("SIGKILL");
      await outcomeOf(child, place);
    });
  },
});

Deno.test("deno task reproduce stops a cell at its time limit and names it", async () => {
  await withRunPlace(async (place) => {
    const { code, err } = await reproduce(place, [...longRow, "--cell-minutes", "0.02"]);
    assert.equal(code, 1);
    assert.match(
      err,
      /notebooks\/table1\/stst-net\.ipynb cell \d+: The cell ran longer than 1\.2 s and was stopped\n$/,
    );
  });
});

Deno.test("deno task reproduce runs a row once that is named twice", async () => {
  await withRunPlace(async (place) => {
    const { code, out } = await reproduce(place, [...quickRow, "bi-woof", "--dry-run"]);
    assert.equal(code, 0);
    assert.equal(out.trimEnd().split("\n").length, 1);
  });
});
