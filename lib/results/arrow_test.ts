import assert from "node:assert/strict";
import { join } from "@std/path";
import { Schema, Table, tableFromArrays, tableFromIPC, tableToIPC } from "apache-arrow";
import { UserError } from "lib/core/errors.ts";
import { sha256 } from "lib/core/json.ts";
import { rng } from "lib/core/rng.ts";
import { decodeResult, encodeResult, listResults, readResult, writeResult } from "./arrow.ts";
import { closeSeals } from "./seal.ts";
import { exampleResult } from "./testing.ts";
import type { Result } from "./types.ts";

function problemOf(bytes: Uint8Array): string {
  try {
    decodeResult(bytes, "some/row.arrow");
  } catch (error) {
    assert.ok(error instanceof UserError, String((error as Error).stack));
    assert.match(error.message, /^some\/row\.arrow: /);
    return error.message;
  }
  return "";
}

/** The bytes of a result whose metadata was tampered with, sealed again. */
function withMetadata(change: (metadata: Map<string, string>) => void): Uint8Array {
  const table = tableFromIPC(encodeResult(exampleResult()));
  const metadata = new Map(table.schema.metadata);
  metadata.set("seal", `"fleeting-seal:${"0".repeat(64)}"`);
  change(metadata);
  const schema = new Schema(table.schema.fields, metadata);
  return closeSeals(tableToIPC(new Table(schema, table.batches), "file"));
}

/** The bytes of a result with other rows, past the checks of the writer. */
function withRow(change: Partial<Result["predictions"][number]>): () => Uint8Array {
  const result = exampleResult();
  const [first, ...rest] = result.predictions;
  return () => encodeResult({ ...result, predictions: [{ ...first!, ...change }, ...rest] });
}

Deno.test("decodeResult() gives back what encodeResult() was given", () => {
  const result = exampleResult();
  assert.deepEqual(decodeResult(encodeResult(result), "x.arrow"), result);
});

/** The example with three heads, of which the second was chosen. */
function headedExample(): Result {
  const result = exampleResult();
  const predictions = result.predictions.map((row) => {
    const scores = [0.5, 2, 1].map((factor) => row.scores.map((score) => score * factor));
    return { ...row, heads: { chosen: 2, scores } };
  });
  return { ...result, predictions };
}

Deno.test("encodeResult() keeps what each head says, and refuses rows that differ in heads", () => {
  const result = headedExample();
  assert.deepEqual(decodeResult(encodeResult(result), "file").predictions, result.predictions);
  const [first, ...rest] = result.predictions;
  const broken = (change: object) =>
    assert.throws(
      () => encodeResult({ ...result, predictions: [...rest, { ...first!, ...change }] }),
      /head/,
    );
  broken({ heads: { chosen: 2, scores: first!.heads!.scores.slice(1) } });
  broken({ heads: { chosen: 4, scores: first!.heads!.scores } });
  broken({ heads: { chosen: 0, scores: [[1, 2], [1, 2], [1, 2]] } });
  const { heads: _gone, ...without } = first!;
  assert.throws(() => encodeResult({ ...result, predictions: [...rest, without] }), /heads/);
});

Deno.test("encodeResult() keeps every bit of the scores, also of -0 and tiny numbers", () => {
  const result = exampleResult();
  const [first, ...rest] = result.predictions;
  const odd = { ...first!, predicted: "surprise", scores: [-0, 5e-324, 0.1 + 0.2] };
  const back = decodeResult(encodeResult({ ...result, predictions: [odd, ...rest] }), "x.arrow");
  assert.deepEqual(back.predictions[0]!.scores, odd.scores);
});

Deno.test("encodeResult() gives equal bytes for permuted rows, keys and parameters", () => {
  const result = exampleResult();
  const bytes = encodeResult(result);
  const reversed = Object.fromEntries(Object.entries(result.metadata).reverse());
  const parameters = Object.fromEntries(Object.entries(result.metadata.parameters).reverse());
  const other = {
    metadata: { ...reversed, parameters } as unknown as Result["metadata"],
    predictions: rng(5).shuffle(result.predictions),
  };
  assert.deepEqual(encodeResult(other), bytes);
  // Building another table in between must leave no trace (dictionary ids are process-wide).
  tableToIPC(tableFromArrays({ a: ["x", "y", "x"] }));
  assert.deepEqual(encodeResult(result), bytes);
});

Deno.test("encodeResult() gives equal bytes in another process", async () => {
  const script = `import { encodeResult } from "lib/results/arrow.ts";
    import { exampleResult } from "lib/results/testing.ts";
    import { sha256 } from "lib/core/json.ts";
    console.log(sha256(encodeResult(exampleResult())));`;
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--quiet", script],
    cwd: join(import.meta.dirname!, "..", ".."),
  }).output();
  assert.equal(
    new TextDecoder().decode(stdout).trim(),
    sha256(encodeResult(exampleResult())),
    new TextDecoder().decode(stderr),
  );
});

Deno.test("encodeResult() refuses rows that contradict each other", () => {
  assert.throws(withRow({ predicted: "negativ" }), /predicted 'negativ' is not one of negative,/);
  assert.throws(withRow({ scores: [0, 1] }), /no finite score for each of/);
  assert.throws(withRow({ scores: [0, NaN, 1] }), /no finite score for each of/);
  assert.throws(withRow({ predicted: "negative", scores: [0, 2, 1] }), /scored 'positive' highest/);
  assert.throws(withRow({ seed: 0 }), /seed is not an integer/);
  assert.throws(withRow({ subject: "smic/s99" }), /subject is .* under seed 1 'smic\/s99'/);
  const twice = exampleResult();
  const predictions = [...twice.predictions, twice.predictions[0]!];
  assert.throws(() => encodeResult({ ...twice, predictions }), /is there twice/);
});

Deno.test("decodeResult() names what is wrong with a file that is not a result", () => {
  const bytes = encodeResult(exampleResult());
  assert.match(problemOf(new Uint8Array()), /is empty/);
  assert.match(problemOf(new TextEncoder().encode("<<<<<<< HEAD\n")), /not an Arrow file/);
  const foreign = tableToIPC(tableFromArrays({ clip: ["a", "b"] }), "file");
  assert.match(problemOf(foreign), /not a fleeting result.*deno task score/);
  assert.match(problemOf(bytes.slice(0, 6)), /cut off/);
});

Deno.test("decodeResult() refuses a file cut off anywhere and a file with any byte changed", () => {
  const bytes = encodeResult(exampleResult({ seeds: 1, subjects: 3 }));
  for (let length = 0; length < bytes.length; length += 97) {
    assert.notEqual(problemOf(bytes.slice(0, length)), "", `cut to ${length}`);
  }
  for (let at = 0; at < bytes.length; at += 41) {
    const changed = bytes.slice();
    changed[at]! ^= 0x55;
    assert.notEqual(problemOf(changed), "", `byte ${at}`);
  }
});

Deno.test("decodeResult() names the metadata field that is wrong", () => {
  const problem = (change: (m: Map<string, string>) => void) => problemOf(withMetadata(change));
  assert.equal(problem(() => {}), "");
  assert.match(problem((m) => m.delete("classes")), /classes: .*missing/);
  assert.match(problem((m) => m.set("data", "{")), /data: .*not JSON/);
  assert.match(problem((m) => m.set("data", '{"name":"x"}')), /data: .*expected shape/);
  assert.match(problem((m) => m.set("format", '"fleeting-result/2"')), /fleeting-result\/2.*only/);
  assert.match(problem((m) => m.delete("format")), /format is not given/);
  assert.match(problem((m) => m.set("classes", '["a","b"]')), /columns are .*score_negative/);
});

Deno.test("writeResult() writes the file and its mirror, and listResults() finds it", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const file = join(folder, "synthetic-flow", "table1", "example-net.arrow");
    assert.deepEqual(await listResults(join(folder, "nothing")), []);
    await writeResult(file, exampleResult());
    await writeResult(join(folder, "a.paper.arrow"), exampleResult());
    assert.deepEqual(await listResults(folder), [join(folder, "a.paper.arrow"), file]);
    await Deno.mkdir(join(folder, "bench"));
    await Deno.writeTextFile(join(folder, "bench", "bench.arrow"), "no result");
    assert.equal((await listResults(folder)).length, 2, "measurements of speed are no results");
    assert.deepEqual(await readResult(file), exampleResult());
    const mirror = await Deno.readTextFile(file.replace(/arrow$/, "md"));
    assert.match(mirror, /^# Example-Net on synthetic-flow \(synthetic\)\n/);
    assert.ok((await Deno.stat(join(folder, "a.paper.md"))).isFile);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("readResult() says that a file is not there", async () => {
  await assert.rejects(readResult("no/such.arrow"), /^UserError: no\/such\.arrow: .*no such file/i);
});
