import assert from "node:assert/strict";
import { dirname, join } from "@std/path";
import { withDataFolder } from "lib/data/clip_testing.ts";
import { withLock } from "lib/setup/lock.ts";
import { removeLeftovers } from "./leftovers.ts";
import { filesBelow } from "./testing.ts";

async function put(file: string): Promise<void> {
  await Deno.mkdir(dirname(file), { recursive: true });
  await Deno.writeTextFile(file, "half");
}

Deno.test("removeLeftovers() removes what was left wherever a run writes, and nothing else", async () => {
  await withDataFolder(async (folder) => {
    const user = Deno.env.get("FLEETING_CACHE")!;
    const [run, results] = [join(folder, "run"), join(folder, "results")];
    const temporary = () => `.${crypto.randomUUID()}.tmp`;
    const left = [
      join(run, temporary()),
      join(run, "folds/set/row", temporary()),
      join(run, "inputs/set", temporary()),
      join(run, "notebooks/set/table1", temporary()),
      join(results, "set/table1/charts", temporary()),
      join(user, "frames", temporary()),
      join(user, "landmarks", temporary()),
      join(user, "landmarks/scratch/half.dat"),
      join(user, "scratch/part/half.whl"),
      join(user, "data/some-clips-1.tmp/1.bmp"),
    ];
    const kept = [
      join(run, "folds/set/row/fold.json"),
      join(results, "set/table1/row.arrow"),
      join(results, "other/table1", temporary()),
      join(user, "frames/memory.json"),
      join(user, "data/some-clips-1/1.bmp"),
    ];
    for (const file of [...left, ...kept]) await put(file);
    const remove = () => removeLeftovers({ cache: join(run, "folds"), results }, ["set"]);
    // Whoever makes these now holds the lock.
    await withLock(join(user, "data/locks/some-clips"), () => {}, async () => {
      await withLock(user, () => {}, remove);
    });
    const there = (files: readonly string[]) =>
      files.filter((file) => filesBelow(dirname(file)).some((name) => file.endsWith(`/${name}`)));
    assert.deepEqual(there(left), left.slice(-2));
    await remove();
    assert.deepEqual(there(left), []);
    assert.deepEqual(there(kept), kept);
  });
});
