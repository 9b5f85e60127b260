import assert from "node:assert/strict";
import { bytesBelow, filesBelow, processesIn, until, withRunPlace } from "lib/run/testing.ts";
import { outcomeOf, reproduce, startReproduce } from "./testing.ts";

// Networks: their workers need far more memory than is left to them below.
const row = [
  ..."table1 stst-net --data synthetic-flow --split k-fold-by-subject --k 3 --seeds 1 --epochs 2"
    .split(" "),
  ...["--workers", "1"],
];

async function canLimit(): Promise<boolean> {
  const child = new Deno.Command("prlimit", { args: ["--version"], stdout: "null" });
  return Deno.build.os === "linux" &&
    await child.output().then(({ success }) => success, () => false);
}

/** Takes from a living process all memory but what it has. */
async function limit(pid: number): Promise<void> {
  await new Deno.Command("prlimit", { args: ["--pid", `${pid}`, "--as=100000000"] }).output();
}

Deno.test({
  name:
    "deno task reproduce names a fold that runs out of memory, and finishes the others (where prlimit is)",
  ignore: !await canLimit(),
  async fn() {
    await withRunPlace(async (place) => {
      const child = startReproduce(place, row);
      // A worker that dies is tried again twice: all three attempts at the first fold get no memory.
      const limited = new Set<number>();
      const workers = () =>
        processesIn(place).filter(({ command }) => command.includes("lib/run/worker.ts"));
      while (limited.size < 3) {
        await until("a worker starts", () => workers().some(({ pid }) => !limited.has(pid)), 120);
        for (const { pid } of workers().filter(({ pid }) => !limited.has(pid))) {
          limited.add(pid);
          await limit(pid);
        }
      }
      const { code, err } = await outcomeOf(child, place);
      assert.equal(code, 1, err);
      assert.match(err, /stst-net on synthetic-flow: 1 of 3 jobs failed:\nfold .*, seed 1: /);
      assert.match(err, /the worker died 3 times \(out of memory\?\)/);
      assert.equal(filesBelow(place.cache).length, 2);
      assert.deepEqual(filesBelow(place.results), []);
      const again = await reproduce(place, row);
      assert.equal(again.code, 0, again.err);
      assert.match(again.err, /3 folds, 2 from cache/);
      await withRunPlace(async (whole) => {
        assert.equal((await reproduce(whole, row)).code, 0);
        assert.deepEqual(await bytesBelow(place.results), await bytesBelow(whole.results));
      });
    });
  },
});
