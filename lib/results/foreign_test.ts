import assert from "node:assert/strict";
import { tableFromArrays, tableToIPC } from "apache-arrow";
import { UserError } from "lib/core/errors.ts";
import { encodeResult } from "./arrow.ts";
import { type ForeignOptions, readPredictions } from "./foreign.ts";
import { exampleResult } from "./testing.ts";

const csv = (text: string) => new TextEncoder().encode(text);
const good = "clip,subject,truth,predicted\nc1,s1,neg,neg\nc2,s1,pos,neg\nc3,s2,pos,pos\n";

function problemOf(text: string | Uint8Array, options: ForeignOptions = {}): string {
  const bytes = typeof text === "string" ? csv(text) : text;
  try {
    readPredictions(bytes, "their.csv", options);
  } catch (error) {
    assert.ok(error instanceof UserError, String((error as Error).stack));
    assert.match(error.message, /^their\.csv: /);
    return error.message;
  }
  return "";
}

Deno.test("readPredictions() reads CSV and takes the true classes, sorted", () => {
  const { predictions, classes } = readPredictions(csv(good), "their.csv");
  assert.deepEqual(classes, ["neg", "pos"]);
  assert.deepEqual(predictions[1], {
    seed: 1,
    fold: "s1",
    clip: "c2",
    subject: "s1",
    database: "all",
    truth: "pos",
    predicted: "neg",
    scores: [],
  });
});

Deno.test("readPredictions() takes semicolons, tabs, quotes, a byte order mark, other names", () => {
  const columns = { clip: "video", subject: "who", truth: "y", predicted: "ŷ" };
  for (const mark of [";", "\t", ","]) {
    const text = `\ufeffvideo,who,y,ŷ,note\r\n001,s1,a,b,"x""y"\r\n002,s2,b,b,\r\n`;
    const { predictions } = readPredictions(csv(text.replaceAll(",", mark)), "f", { columns });
    assert.deepEqual(predictions.map(({ clip, predicted }) => [clip, predicted]), [
      ["001", "b"],
      ["002", "b"],
    ]);
  }
});

Deno.test("readPredictions() keeps equal names of two databases apart", () => {
  const text = "clip,subject,truth,predicted,database\nc1,s1,a,a,x\nc1,s1,b,b,y\n";
  const { predictions } = readPredictions(csv(text), "f");
  assert.deepEqual(predictions.map(({ clip, subject }) => `${clip} ${subject}`), [
    "x/c1 x/s1",
    "y/c1 y/s1",
  ]);
});

Deno.test("readPredictions() reads our result files with their classes and marks", () => {
  const result = exampleResult({ metadata: { optimistic: true } });
  const read = readPredictions(encodeResult(result), "row.arrow");
  assert.deepEqual(read.predictions, result.predictions);
  assert.deepEqual(read.classes, result.metadata.classes);
  assert.deepEqual([read.synthetic, read.optimistic], [true, true]);
  const damaged = encodeResult(result);
  damaged[999]! ^= 4;
  assert.match(problemOf(damaged), /seal/);
});

Deno.test("readPredictions() reads foreign Arrow files: dictionaries, integers, streams", () => {
  const table = tableFromArrays({
    clip: ["a", "b", "a2"], // tableFromArrays makes dictionaries of text
    subject: BigInt64Array.of(1n, 2n, 2n),
    truth: Int8Array.of(0, 1, 1),
    predicted: Float64Array.of(0, 1, 0),
  });
  for (const kind of ["file", "stream"] as const) {
    const { predictions, classes } = readPredictions(tableToIPC(table, kind), "f.arrow");
    assert.deepEqual(classes, ["0", "1"]);
    assert.deepEqual(predictions.map((one) => [one.clip, one.subject, one.truth, one.predicted]), [
      ["a", "1", "0", "0"],
      ["b", "2", "1", "1"],
      ["a2", "2", "1", "0"],
    ]);
  }
});

Deno.test("readPredictions() names the column, the line and the way out", () => {
  assert.match(problemOf(""), /empty/);
  assert.match(problemOf("clip,subject,truth,predicted\n"), /no rows/);
  assert.match(
    problemOf(good.replace("truth", "Truth")),
    /no column 'truth'\. Did you mean 'Truth'\? \(--truth NAME/,
  );
  assert.match(problemOf(good, { columns: { seed: "run" } }), /no column 'run'/);
  assert.match(problemOf(good.replace("c2,s1", "c2,")), /line 3: The column 'subject' is empty/);
  assert.match(
    problemOf(good.replace("c3", "c1")),
    /line 4: Clip 'c1' stands twice, also in line 2/,
  );
  assert.match(
    problemOf(good.replace("pos,pos", "pos,Pos")),
    /line 4: The predicted class 'Pos' .* Did you mean 'pos'\?/,
  );
  assert.match(problemOf(good, { classes: ["neg", "sur"] }), /line 3: The true class 'pos'/);
  assert.match(problemOf(`${good}c4,s1,neg\n`), /not a CSV file .*line 5/);
  assert.match(problemOf(Uint8Array.of(0xff, 0xfe, 0x41, 0)), /neither .* UTF-8/);
  const seeds = good.replaceAll("\n", ",1.5\n").replace("predicted,1.5", "predicted,seed");
  assert.match(problemOf(seeds), /line 2: The seed '1\.5' is not an integer/);
});
