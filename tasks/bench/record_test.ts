import assert from "node:assert/strict";
import { join } from "@std/path";
import { root } from "lib/experiment/find.ts";
import { keepRecords, readBench } from "./keep_records.ts";
import {
  recordsOfClips,
  recordsOfComparisons,
  recordsOfMemory,
  recordsOfTraining,
  recordsOfWorkers,
} from "./records.ts";
import { type BenchPart, type BenchTable, decodeBench, encodeBench } from "./record.ts";
import { benchMarkdown, readmeMarks, showsTable, withTable } from "./record_text.ts";

const facts = ["OpenCV 5", "Deno 2", "linux, 2 cores"];
const flow = { what: "TV-L1, 134×134", unit: "ms", ours: 15, goal: 10, note: "equal" } as const;
const preprocessing: BenchPart = {
  facts,
  records: recordsOfComparisons("preprocessing", [
    { ...flow, beside: "OpenCV 5", theirs: 180 },
    { ...flow, what: "TV-L1, 224×224", ours: 20, beside: "OpenCV 5", theirs: 180 },
    { ...flow, beside: "dlib", theirs: { missing: "No module named 'dlib'" } },
    { what: "decoding", unit: "frames/s", ours: 2, beside: "OpenCV 5", theirs: 4, note: "equal" },
  ]),
};
const workers: BenchPart = {
  facts,
  records: recordsOfWorkers({ row: "stst-net on synthetic-flow", one: 2, two: 3.5 }),
};
const table: BenchTable = { preprocessing, workers };

Deno.test("records say how many times as fast ours is, and which goals are met", () => {
  const short = preprocessing.records.map((
    { ours, theirs, ratio, met },
  ) => [ours, theirs, ratio, met]);
  assert.deepEqual(short, [
    [15, 180, 12, "met"],
    [20, 180, 9, "missed"],
    [15, NaN, NaN, "not measured"],
    [500, 250, 2, "no goal"],
  ]);
  assert.deepEqual(workers.records.map(({ ratio, met }) => [ratio, met]), [[1.75, "missed"]]);
  const torch = { variant: "a", oneThread: 30, twoThreads: 20, twoProcesses: 25 };
  const measured = {
    network: "stst-net",
    batch: 256,
    ours: [{ isa: "avx2", oneThread: 20, twoWorkers: 18, operations: {} }],
    torch: [torch, { ...torch, oneThread: 50, twoThreads: 18 }],
  };
  const steps = recordsOfTraining([measured], "PyTorch 2");
  assert.deepEqual(steps.map(({ ratio, goal, met }) => [ratio, goal, met]), [
    [1.5, 1, "met"],
    [1, 1.25, "missed"],
  ]);
  const need = (megabytes: number) => ({ megabytes, ms: 1 });
  const [memory] = recordsOfMemory([{ batch: 2, ours: need(200), torch: need(100) }], "PyTorch 2");
  assert.deepEqual([memory!.ratio, memory!.met], [0.5, "no goal"]);
});

Deno.test("records of whole clips are beside the time that we want", () => {
  const clip = { what: "640×480", ms: 800, stages: [], frames: 70, settings: {} as never };
  const [met, missed] = recordsOfClips("preprocessing", [clip, { ...clip, ms: 1250 }]);
  assert.deepEqual([met!.ratio, met!.met, missed!.ratio, missed!.met], [
    1.25,
    "met",
    0.8,
    "missed",
  ]);
});

Deno.test("encodeBench() gives equal bytes for equal records, and decodeBench() reads them", () => {
  const bytes = encodeBench(table);
  assert.deepEqual(encodeBench({ workers, preprocessing }), bytes);
  assert.deepEqual(decodeBench(bytes, "x"), table);
  assert.deepEqual(decodeBench(encodeBench({}), "x"), {});
  const damaged = bytes.slice();
  damaged[bytes.length >> 1]! ^= 1;
  assert.throws(() => decodeBench(damaged, "x.arrow"), /x\.arrow: This bench table is damaged/);
});

Deno.test("keepRecords() replaces the rows of one bench, in every place", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const readme = join(folder, "README.md");
    await Deno.writeTextFile(readme, `a\n${readmeMarks.begin}\nold\n${readmeMarks.end}\nb\n`);
    await keepRecords(folder, "workers", workers);
    await keepRecords(folder, "preprocessing", { ...preprocessing, records: [] });
    await keepRecords(folder, "preprocessing", preprocessing);
    assert.deepEqual(await readBench(folder), table);
    const text = await Deno.readTextFile(join(folder, "results", "bench", "bench.md"));
    assert.equal(text, benchMarkdown(table));
    assert.match(
      text,
      /\| TV-L1, 224×224 \| ms \| 20 \| OpenCV 5 \| 180 \| 9 \(missed\) \| ≥ 10 \|/,
    );
    const shown = await Deno.readTextFile(readme);
    assert.equal(shown, withTable(shown, table));
    assert.match(
      shown,
      /^a\n<!--.*\| TV-L1 \| OpenCV 5 \| 9 to 12 \| ≥ 10 \| 1 of 2 \|.*-->\nb\n$/s,
    );
    assert.match(shown, /Measured on linux, 2 cores\.\n/);
    assert.equal(withTable("no marks", table), "no marks");
    await new Deno.Command(Deno.execPath(), { args: ["fmt", "--quiet", readme] }).output();
    const formatted = await Deno.readTextFile(readme);
    assert.notEqual(formatted, shown);
    assert.ok(showsTable(formatted, table));
    assert.ok(!showsTable(formatted.replace("9 to 12", "9 to 13"), table));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

const committed = await readBench(root);
const readme = await Deno.readTextFile(join(root, "README.md"));
const hasTable = Object.keys(committed).length > 0 && readme.includes(readmeMarks.begin);

Deno.test({
  name: "the README shows the bench table as it is kept",
  ignore: !hasTable,
  fn: () => assert.ok(showsTable(readme, committed), "run: deno task bench"),
});
