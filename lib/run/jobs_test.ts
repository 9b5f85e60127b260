import assert from "node:assert/strict";
import { join } from "@std/path";
import { withFolder } from "lib/core/folder_testing.ts";
import { exampleFold as kept, exampleInputs as inputs } from "./fold_testing.ts";
import {
  checkpointsOf,
  differences,
  type FoldInputs,
  type FoldJob,
  foldPath,
  readFold,
  removeCheckpoints,
  whyMissing,
  writeFold,
} from "./jobs.ts";

const jobIn = (folder: string, changed: Partial<FoldInputs> = {}): FoldJob => {
  const all = { ...inputs, ...changed };
  return { inputs: all, file: foldPath(folder, all) };
};

Deno.test("readFold() returns to the last digit what writeFold() wrote", async () => {
  await withFolder(async (folder) => {
    const job = jobIn(folder);
    assert.equal(await readFold(job), "missing");
    await writeFold(job, kept);
    assert.deepEqual(await readFold(job), kept);
    // A fold whose numbers are the same everywhere.
    const { predictions } = kept;
    await writeFold(job, { predictions });
    assert.deepEqual(await readFold(job), { predictions });
  });
});

Deno.test("readFold() notices a truncated, an altered and a foreign file", async () => {
  await withFolder(async (folder) => {
    const job = jobIn(folder);
    await writeFold(job, kept);
    const text = await Deno.readTextFile(job.file);
    for (const damage of [text.slice(0, 100), text.replace("positive", "negative"), "{}", ""]) {
      await Deno.writeTextFile(job.file, damage);
      assert.equal(await readFold(job), "damaged");
    }
    const other = jobIn(folder, { parameters: { epochs: 11 } });
    await Deno.writeTextFile(other.file, text);
    assert.equal(await readFold(other), "damaged");
  });
});

Deno.test("foldPath() keeps folds apart whose names read alike", () => {
  const paths = ["a/b", "a-b", "a b"].map((fold) => foldPath("x", { ...inputs, fold }));
  assert.equal(new Set(paths).size, 3);
  assert.ok(paths.every((path) => !path.slice(2).includes("/")));
});

Deno.test("whyMissing() compares with the nearest finished version of the same fold", async () => {
  await withFolder(async (folder) => {
    assert.deepEqual(await whyMissing(jobIn(folder)), ["never computed"]);
    await writeFold(jobIn(folder, { parameters: { epochs: 1 }, environment: {} }), kept);
    await writeFold(jobIn(folder), kept);
    await writeFold(jobIn(folder, { seed: 2 }), kept);
    const job = jobIn(folder, { code: { ...inputs.code, "lib/blocks/dense.ts": "z" } });
    assert.deepEqual(await whyMissing(job), ["code: lib/blocks/dense.ts changed"]);
  });
});

Deno.test("differences() tells parameters, data, code and environment apart", () => {
  assert.deepEqual(
    differences(inputs, {
      ...inputs,
      parameters: { epochs: 20 },
      data: { name: "example", digest: "d1" },
      code: { "lib/train/fit.ts": "b", "lib/blocks/conv.ts": "c" },
      environment: { isa: "native" },
    }),
    [
      "parameter: epochs 10 → 20",
      "data: digest changed",
      "code: lib/blocks/conv.ts is new",
      "code: lib/blocks/dense.ts is gone",
      "environment: isa avx2 → native",
    ],
  );
  assert.deepEqual(differences(inputs, inputs), []);
});

Deno.test("writeFold() leaves no temporary file behind when it cannot write", async () => {
  await withFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, "file"), "");
    const job = { inputs, file: join(folder, "file", "fold.json") };
    await assert.rejects(() => writeFold(job, kept), /Cannot write this file/);
    assert.deepEqual([...Deno.readDirSync(folder)].map((entry) => entry.name), ["file"]);
  });
});

Deno.test("removeCheckpoints() removes those of finished folds, and old ones of other code", async () => {
  await withFolder(async (folder) => {
    const finished = jobIn(folder);
    const file = finished.file.split("/").at(-1)!;
    const [stem = ""] = file.split(".");
    const names = [
      `${file}.all.checkpoint`,
      `${stem}.00000000000000000000.json.all.checkpoint`,
      `${stem}.11111111111111111111.json.all.checkpoint`,
      "1-another-fold-123456.22222222222222222222.json.all.checkpoint",
    ];
    for (const name of names) await Deno.writeTextFile(join(folder, name), "half");
    const before = new Date(Date.now() - 25 * 3600 * 1000);
    for (const name of names.slice(2)) await Deno.utime(join(folder, name), before, before);
    await removeCheckpoints([finished]);
    const left = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
    assert.deepEqual(left, [names[1], names[3]].sort());
  });
});

Deno.test("checkpointsOf() passes over what cannot be read, and saves in its place", async () => {
  await withFolder(async (folder) => {
    const { load, save } = checkpointsOf(jobIn(folder));
    assert.equal(await load("all"), undefined);
    await Deno.mkdir(join(`${jobIn(folder).file}.all.checkpoint`, "folder"), { recursive: true });
    assert.equal(await load("all"), undefined);
    await save("all", new Uint8Array([1, 2]));
    assert.equal(await load("all"), undefined, "these bytes are no checkpoint at a glance");
    const bytes = new TextEncoder().encode("{}\n1");
    await save("all", bytes);
    assert.deepEqual(await load("all"), bytes);
  });
});
