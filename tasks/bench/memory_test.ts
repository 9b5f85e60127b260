import assert from "node:assert/strict";
import { largestBatch, memoryReport } from "./memory.ts";

Deno.test("largestBatch() goes on along the last two measurements", () => {
  const needs = [{ batch: 1, megabytes: 900 }, { batch: 2, megabytes: 1000 }, {
    batch: 4,
    megabytes: 1400,
  }];
  assert.equal(largestBatch(needs, 1400), 4);
  assert.equal(largestBatch(needs, 2400), 9);
  assert.equal(largestBatch(needs, 2399), 8);
  assert.equal(largestBatch(needs, 100), 0);
});

Deno.test("memoryReport() shows every batch, and which one fits", () => {
  const memory = [
    { batch: 1, ours: { megabytes: 800, ms: 300 }, torch: { megabytes: 400, ms: 200 } },
    { batch: 2, ours: { megabytes: 1000, ms: 500 }, torch: { megabytes: 650, ms: 380 } },
  ];
  const report = memoryReport(memory, { machine: ["Deno 2"], megabytes: 3000 });
  assert.match(report, /\| 2 \| 1000 \| 650 \| 250 \| 190 \|/);
  assert.match(report, /machine's 3000 MB .*, 12 for ours and 11 for PyTorch\./);
});
