import assert from "node:assert/strict";
import { causes, type Measurement, trainingReport } from "./training_table.ts";

const measurements: Measurement[] = [{
  network: "net",
  batch: 8,
  gflop: 9,
  ours: [
    {
      isa: "avx2",
      oneThread: 120,
      twoWorkers: 60,
      operations: { Conv3D: 50, Conv3DBackpropFilterV2: 40, Relu: 9 },
    },
    { isa: "native", oneThread: 90, twoWorkers: 48, operations: { Relu: 9 } },
  ],
  torch: [
    { variant: "contiguous", oneThread: 110, twoThreads: 60, twoProcesses: 58 },
    { variant: "channels-last", oneThread: 100, twoThreads: 70, twoProcesses: 50 },
  ],
}];

const report = trainingReport(measurements, {
  machine: ["Deno 2"],
  libraries: ["PyTorch 1"],
});

Deno.test("trainingReport() compares with PyTorch's fastest variant and marks missed goals", () => {
  const rows = report.split("\n").filter((line) => /^\| net \(8\) \| (?:avx2|native)/.test(line));
  assert.deepEqual(rows, [
    "| net (8) | avx2 | 120.0 | 100.0 | 1.20 (missed) | 60.0 | 60.0 | 1.00 (missed) | 50.0 | 1.20 | 2.00 |",
    "| net (8) | native | 90.0 | 100.0 | 0.90 | 48.0 | 60.0 | 0.80 | 50.0 | 0.96 | 1.88 |",
  ]);
  assert.match(report, /ratio \(goal 1\.0\).*ratio \(goal 0\.8\)/);
  assert.match(report, /\n\nPyTorch 1; Deno 2\n\n/);
});

Deno.test("trainingReport() shows every variant of PyTorch's, and shares of our step", () => {
  assert.match(report, /\| net \| contiguous \| 110\.0 \| 60\.0 \| 58\.0 \|/);
  assert.match(report, /\| net \| channels-last \| 100\.0 \| 70\.0 \| 50\.0 \|/);
  assert.match(report, /\| net \| avx2 \| Conv3D 42 %, Conv3DBackpropFilterV2 33 %, Relu 8 % \|/);
});

Deno.test("trainingReport() says how much is computed a second", () => {
  assert.match(report, /\| net \(8\) \| 9\.00 \| 100\.0 \| 90\.0 \| 187\.5 \| 150\.0 \|/);
});

Deno.test("trainingReport() says nothing of when or where", () => {
  assert.doesNotMatch(report, /\b20\d\d\b|\/home|\/tmp/);
});

Deno.test("causes() says of each missed goal what the time is spent on, or what scales badly", () => {
  assert.deepEqual(causes(measurements), [
    "net with avx2 misses the goal for one thread (1.20): of our 120.0 ms, TensorFlow's Conv3D, " +
    "Conv3DBackpropFilterV2 alone take 90.0 ms; everything in PyTorch's step takes 100.0 ms.",
    "net with avx2 misses the goal for the machine (1.00): with one thread the ratio is 1.20; a " +
    "second worker makes us 2.00 times as fast, a second thread makes PyTorch 1.67 times as fast.",
  ]);
});
