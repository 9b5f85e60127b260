import assert from "node:assert/strict";
import { join } from "@std/path";
import { canonicalJson, digest, sha256 } from "lib/core/json.ts";
import { damaged, fuzz } from "lib/core/fuzz_testing.ts";
import { withFolder } from "lib/core/folder_testing.ts";
import { hostile } from "lib/core/hostile_testing.ts";
import { rng } from "lib/core/rng.ts";
import { volume } from "lib/core/volume.ts";
import { inputPath, readInput, writeInput } from "lib/pipeline/input_file.ts";
import { decodeCheckpoint, encodeCheckpoint } from "lib/train/checkpoint.ts";
import { exampleFold as kept, exampleInputs as inputs } from "./fold_testing.ts";
import { checkpointsOf, type FoldJob, readFold, writeFold } from "./jobs.ts";

async function withJob(test: (job: FoldJob) => Promise<void>): Promise<void> {
  await withFolder((folder) => test({ inputs, file: join(folder, "1-fold.key.json") }));
}

Deno.test("readFold() gives predictions, or says that the file is damaged, for any file", async () => {
  await withJob(async (job) => {
    await writeFold(job, kept);
    const text = await Deno.readFile(job.file);
    const { digest: _, ...content } = JSON.parse(new TextDecoder().decode(text));
    const parse = async (bytes: Uint8Array) => {
      await Deno.writeFile(job.file, bytes);
      return await readFold(job);
    };
    await fuzz({
      ...{ name: "folds", file: "", cases: 150, parse },
      variant: (random) => damaged([text], random),
    });
    await fuzz({
      ...{ name: "folds as JSON", file: "", cases: 150, parse },
      variant(random) {
        const changed = hostile(content, random);
        return new TextEncoder().encode(JSON.stringify(changed));
      },
    });
    for (const text of ["null", "[]", "[".repeat(100_000), "1", '""']) {
      assert.equal(await parse(new TextEncoder().encode(text)), "damaged");
    }
    await Deno.remove(job.file);
    await Deno.mkdir(job.file);
    assert.equal(await readFold(job), "damaged");
    await Deno.remove(job.file);
    assert.ok((await new Deno.Command("mkfifo", { args: [job.file] }).output()).success);
    assert.equal(await readFold(job), "damaged");
  });
});

const state = { norm: { mean: volume(Float32Array.of(1, 2), [2]) } };
const whole = encodeCheckpoint(
  {
    step: 3,
    shuffle: rng(1).save(),
    dropout: rng(2).save(),
    trainer: {
      optimiser: { steps: 3, values: [volume(Float32Array.of(1, 2, 3), [3])] },
      state,
    },
  } as Parameters<typeof encodeCheckpoint>[0],
);

Deno.test("a checkpoint is taken up whole, or the training begins anew, whatever the file holds", async () => {
  await withJob(async (job) => {
    const checkpoints = checkpointsOf(job);
    await checkpoints.save("net", whole);
    assert.deepEqual(await checkpoints.load("net"), whole);
    const file = `${job.file}.net.checkpoint`;
    const parse = async (bytes: Uint8Array) => {
      await Deno.writeFile(file, bytes);
      const found = await checkpoints.load("net");
      return found === undefined ? undefined : decodeCheckpoint(found, state);
    };
    await fuzz({
      ...{ name: "checkpoints", file: "", cases: 300, parse },
      variant: (random) => damaged([whole], random),
    });
    const end = whole.indexOf(10);
    const { digest: _, ...header } = JSON.parse(new TextDecoder().decode(whole.subarray(0, end)));
    await fuzz({
      ...{ name: "checkpoints with a digest that fits", file: "", cases: 300, parse },
      variant(random) {
        const arrays = random.integer(2) === 0
          ? damaged([whole.subarray(end + 1)], random)
          : whole.slice(end + 1);
        const changed = random.integer(2) === 0 ? header : hostile(header, random);
        return sealed(changed, arrays);
      },
    });
    for (
      const text of ["null\n", "[]\n", "1\n", `{"a":${"[".repeat(9999)}${"]".repeat(9999)}}\n`]
    ) {
      assert.equal(await parse(new TextEncoder().encode(text)), undefined);
    }
  });
});

/** A checkpoint of any content under the digest that belongs to it. */
function sealed(header: unknown, arrays: Uint8Array): Uint8Array {
  const line = (() => {
    try {
      const all = { ...header as object, arrays: sha256(arrays) };
      return JSON.stringify({ ...header as object, digest: sha256(canonicalJson(all)) });
    } catch {
      return JSON.stringify(header);
    }
  })();
  const head = new TextEncoder().encode(`${line}\n`);
  const bytes = new Uint8Array(head.length + arrays.length);
  bytes.set(head);
  bytes.set(arrays, head.length);
  return bytes;
}

Deno.test("readInput() gives a prepared clip, or says that it is damaged, for any file", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const key = {
      clip: "casme2/sub01/../../EP02_01f",
      digest: "d1",
      settings: {} as never,
      code: { "lib/pipeline/clip.ts": "c1" },
      arch: "x86_64",
    };
    const file = inputPath(folder, key);
    assert.match(file.slice(folder.length), /^\/casme2-sub01-EP02-01f\.[0-9a-f]{20}\.input$/);
    await writeInput(file, key, {
      outcome: "ready",
      inputs: [{ name: "original", volume: volume(Float32Array.of(1, 2), [1, 2]) }],
      log: {} as never,
    });
    const bytes = await Deno.readFile(file);
    const end = bytes.indexOf(10);
    const { digest: _, ...head } = JSON.parse(new TextDecoder().decode(bytes.subarray(0, end)));
    await fuzz({
      name: "prepared clips",
      file: "",
      cases: 300,
      variant(random) {
        if (random.integer(2) === 0) return damaged([bytes], random);
        const changed = hostile(head, random);
        const line = (() => {
          try {
            return { ...changed as object, digest: digest(changed) };
          } catch {
            return changed;
          }
        })();
        const text = new TextEncoder().encode(`${JSON.stringify(line)}\n`);
        return Uint8Array.from([...text, ...bytes.subarray(end + 1)]);
      },
      async parse(bytes: Uint8Array) {
        await Deno.writeFile(file, bytes);
        return await readInput(file, key);
      },
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
