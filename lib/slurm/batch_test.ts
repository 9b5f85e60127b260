import assert from "node:assert/strict";
import { join } from "@std/path";
import { withFolder } from "lib/core/folder_testing.ts";
import { bytesBelow, filesBelow } from "lib/run/testing.ts";
import {
  arrayTasks,
  isRemoved,
  type Job,
  readSubmitted,
  removeEnded,
  writeBatch,
} from "./batch.ts";
import { parseSlurmConfig } from "./config.ts";

const config = parseSlurmConfig("{}", "c.json");

function jobOf(key: string, attempts = 0): Job {
  return {
    key,
    attempts,
    task: { kind: { name: "t", isa: "avx2", worker: "/w.ts" }, job: { key } },
  };
}

const end = (file: string, kind: string) =>
  Deno.writeTextFile(
    `${file}.end`,
    JSON.stringify({ kind, seconds: 1, message: "x", user: false }),
  );

Deno.test("arrayTasks() gives what has failed before a task of its own", () => {
  const jobs = [0, 1, 0, 0, 2, 0].map((attempts, i) => ({ attempts, i }));
  const tasks = arrayTasks(jobs, 3).map((task) => task.map(({ i }) => i));
  assert.deepEqual(tasks, [[1], [4], [0, 2, 3], [5]]);
});

Deno.test("writeBatch() writes jobs that a later call finds, submitted or not", async () => {
  await withFolder(async (root) => {
    const folder = join(root, "slurm");
    const tasks = arrayTasks(["a", "b", "c"].map((key) => jobOf(key)), 2);
    const { name, places } = await writeBatch(tasks, { folder, config, run: "r" });
    const written = await bytesBelow(join(folder, name));
    assert.deepEqual([...written.keys()], [
      "0-0.json",
      "0-1.json",
      "1-0.json",
      "batch.json",
      "batch.sh",
    ]);
    const text = (file: string) => new TextDecoder().decode(written.get(file));
    assert.deepEqual(JSON.parse(text("0-1.json")), { key: "b" });
    assert.match(text("batch.sh"), new RegExp(`^#SBATCH --job-name=fleeting-t-${name}$`, "m"));
    const found = await readSubmitted(folder, () => false);
    assert.deepEqual([...found.keys()], ["a", "b", "c"]);
    assert.deepEqual(found.get("c"), {
      at: [...places.values()][2],
      attempt: 1,
      run: "r",
      alive: false,
    });
  });
});

Deno.test("readSubmitted() prefers the attempt that is alive, then the last", async () => {
  await withFolder(async (root) => {
    const folder = join(root, "slurm");
    const write = (attempts: number) =>
      writeBatch([[jobOf("a", attempts)]], { folder, config, run: "r" });
    const [first, second] = [await write(0), await write(1)];
    const found = async (...alive: string[]) =>
      (await readSubmitted(folder, ({ batch }) => alive.includes(batch))).get("a")!.at.batch;
    assert.equal(await found(), second.name);
    assert.equal(await found(first.name), first.name);
    assert.equal(await found(second.name), second.name);
  });
});

Deno.test("removeEnded() keeps the logs of what was never done, and batches that are alive", async () => {
  await withFolder(async (root) => {
    const folder = join(root, "slurm");
    const write = (...jobs: Job[]) => writeBatch([jobs], { folder, config, run: "r" });
    const [failed, again, given] = [
      await write(jobOf("a"), jobOf("b")),
      await write(jobOf("a", 1)),
      await write(jobOf("c")),
    ];
    const files = [...failed.places.values()].map(({ file }) => file);
    await end(files[0]!, "failed");
    await end(files[1]!, "done");
    await end([...given.places.values()][0]!.file, "failed");
    const left = () => [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
    await removeEnded(folder, new Set([again.name]));
    assert.equal(left().length, 3);
    const place = [...again.places.values()][0]!;
    await end(place.file, "done");
    await removeEnded(folder, new Set([again.name]));
    assert.equal(left().length, 3);
    assert.equal(await isRemoved(place), false);
    await removeEnded(folder, new Set());
    assert.deepEqual(left(), [given.name]);
    assert.equal(await isRemoved(place), true);
    // Nobody comes for a log after a week.
    const old = Date.now() / 1000 - 8 * 24 * 3600;
    await Deno.utime(join(folder, given.name), old, old);
    await removeEnded(folder, new Set());
    assert.deepEqual(filesBelow(folder), []);
  });
});
