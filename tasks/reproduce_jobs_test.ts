import assert from "node:assert/strict";
import { join } from "@std/path";
import { root } from "lib/experiment/find.ts";
import { bytesBelow, filesBelow, withRunPlace } from "lib/run/testing.ts";
import { quickRow, reproduce } from "./testing.ts";

const finished = (cache: string) => filesBelow(cache).filter((name) => name.endsWith(".json"));

Deno.test("deno task reproduce --shard divides folds, and a plain run only gathers them", async () => {
  await withRunPlace(async (whole) => {
    assert.equal((await reproduce(whole, quickRow)).code, 0);
    await withRunPlace(async (place) => {
      for (const wrong of ["0/2", "3/2", "half"]) {
        const { code, err } = await reproduce(place, [...quickRow, "--shard", wrong]);
        assert.deepEqual([code, /^error: --shard: Expected a part such as 2\/4/.test(err)], [
          2,
          true,
        ]);
      }
      const second = await reproduce(place, [...quickRow, "--shard", "2/2"]);
      assert.equal(second.code, 0, second.err);
      const [kept] = finished(place.cache);
      assert.equal(finished(place.cache).length, 1);
      const first = await reproduce(place, [...quickRow, "--shard", "1/2"]);
      assert.match(first.err, /bi-woof on synthetic-flow: done in [\d.]+ s, 3 folds, 1 from cache/);
      assert.ok(finished(place.cache).includes(kept!));
      assert.deepEqual(filesBelow(place.results), []);
      const { err } = await reproduce(place, quickRow);
      assert.match(err, /3 folds, 3 from cache/);
      assert.deepEqual(await bytesBelow(place.results), await bytesBelow(whole.results));
      assert.deepEqual(await bytesBelow(place.cache), await bytesBelow(whole.cache));
    });
  });
});

async function sh(folder: string, ...args: string[]): Promise<{ code: number; err: string }> {
  const { code, stderr } = await new Deno.Command("sh", { args, cwd: folder }).output();
  return { code, err: new TextDecoder().decode(stderr) };
}

Deno.test("deno task reproduce --write-jobs writes what any scheduler can do", async () => {
  await withRunPlace(async (place) => {
    const jobs = join(place.folder, "my jobs");
    const written = await reproduce(place, [...quickRow, "--write-jobs", jobs]);
    assert.equal(written.code, 0, written.err);
    assert.match(written.out, /^table1-bi-woof\/: 3 jobs\ndo each by: sh .*run\.sh /);
    const folder = join(jobs, "table1-bi-woof");
    assert.deepEqual(filesBelow(folder), ["1.json", "2.json", "3.json", "run.sh"]);
    assert.deepEqual(finished(place.cache), []);
    const mixed = await reproduce(place, [...quickRow, "--write-jobs", jobs]);
    assert.match(mixed.err, /^error: .*my jobs: --write-jobs: There is something in this folder/);
    assert.equal(mixed.code, 2);
    // The script from the folder of the jobs, and the command as it is written down.
    assert.deepEqual(await sh(folder, "run.sh", "1.json", "2.json"), { code: 0, err: "" });
    const command = 'deno run --quiet -RWES --allow-ffi lib/run/worker.ts "$1"'.replace(
      "deno",
      Deno.execPath(),
    );
    const last = await sh(root, "-c", command, "sh", join(folder, "3.json"));
    assert.deepEqual(last, { code: 0, err: "" });
    const end = JSON.parse(await Deno.readTextFile(join(folder, "3.json.end")));
    assert.deepEqual([end.kind, typeof end.seconds], ["done", "number"]);
    assert.equal(finished(place.cache).length, 3);
    const gathered = await reproduce(place, quickRow);
    assert.match(gathered.err, /3 folds, 3 from cache/);
    await withRunPlace(async (whole) => {
      assert.equal((await reproduce(whole, quickRow)).code, 0);
      assert.deepEqual(await bytesBelow(place.results), await bytesBelow(whole.results));
    });
    const nothing = await reproduce(place, [...quickRow, "--write-jobs", join(jobs, "more")]);
    assert.equal(nothing.out, "nothing to compute\n");
  });
});

Deno.test("a job that fails says so in its own file, and by its exit code", async () => {
  await withRunPlace(async (place) => {
    const jobs = join(place.folder, "jobs");
    await reproduce(place, [...quickRow, "--write-jobs", jobs]);
    const folder = join(jobs, "table1-bi-woof");
    const file = join(folder, "1.json");
    const job = JSON.parse(await Deno.readTextFile(file));
    const changed = { ...job.inputs, data: { ...job.inputs.data, digest: "0" } };
    await Deno.writeTextFile(file, JSON.stringify({ ...job, inputs: changed }));
    await Deno.writeTextFile(join(folder, "2.json"), "{");
    const { code, err } = await sh(folder, "run.sh", "1.json", "2.json", "3.json", "4.json");
    assert.equal(code, 2);
    const lines = err.trimEnd().split("\n");
    assert.match(lines[0]!, /^error: synthetic-flow: The files changed since the run began\. /);
    assert.match(lines[1]!, /^error: .*2\.json: This job is not JSON /);
    assert.match(lines[2]!, /^error: .*4\.json: Cannot read this job /);
    assert.equal(lines.length, 3);
    const ends = ["1", "2", "3", "4"].map((name) =>
      filesBelow(folder).includes(`${name}.json.end`) &&
      JSON.parse(Deno.readTextFileSync(join(folder, `${name}.json.end`))).kind
    );
    assert.deepEqual(ends, ["failed", "failed", "done", false]);
    assert.equal(finished(place.cache).length, 1);
  });
});
