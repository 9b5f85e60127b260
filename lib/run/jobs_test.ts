import assert from "node:assert/strict";
import { join } from "@std/path";
import type { Prediction } from "lib/results/types.ts";
import {
  differences,
  type FoldInputs,
  type FoldJob,
  foldPath,
  readFold,
  whyMissing,
  writeFold,
} from "./jobs.ts";

const inputs: FoldInputs = {
  seed: 1,
  fold: "smic/s01",
  method: "example-net",
  input: "apex-flow",
  parameters: { epochs: 10 },
  data: { name: "example", digest: "d0" },
  code: { "lib/blocks/dense.ts": "a", "lib/train/fit.ts": "b" },
  environment: { isa: "avx2" },
};
const predictions: Prediction[] = [{
  seed: 1,
  fold: "smic/s01",
  clip: "smic/s01/c1",
  subject: "smic/s01",
  database: "smic",
  truth: "negative",
  predicted: "positive",
  scores: [0.25, 0.1 + 0.2],
}];

async function withFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await body(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
const jobIn = (folder: string, changed: Partial<FoldInputs> = {}): FoldJob => {
  const all = { ...inputs, ...changed };
  return { inputs: all, file: foldPath(folder, all) };
};

Deno.test("readFold() returns to the last digit what writeFold() wrote", async () => {
  await withFolder(async (folder) => {
    const job = jobIn(folder);
    assert.equal(await readFold(job), "missing");
    await writeFold(job, predictions);
    assert.deepEqual(await readFold(job), predictions);
  });
});

Deno.test("readFold() notices a truncated, an altered and a foreign file", async () => {
  await withFolder(async (folder) => {
    const job = jobIn(folder);
    await writeFold(job, predictions);
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
    await writeFold(jobIn(folder, { parameters: { epochs: 1 }, environment: {} }), predictions);
    await writeFold(jobIn(folder), predictions);
    await writeFold(jobIn(folder, { seed: 2 }), predictions);
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
    await assert.rejects(() => writeFold(job, predictions), /Cannot write this file/);
    assert.deepEqual([...Deno.readDirSync(folder)].map((entry) => entry.name), ["file"]);
  });
});
