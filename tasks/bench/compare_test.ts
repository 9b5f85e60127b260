import assert from "node:assert/strict";
import { compare } from "./compare.ts";

const fine = { run: () => Promise.resolve(12), note: () => "equal" };

Deno.test("compare() reports a program that is missing or fails, and measures the others", async () => {
  const rows = await compare({
    what: "test",
    unit: "ms",
    ours: () => 4,
    rivals: [
      { ...fine, beside: "A 1", goal: 3 },
      { ...fine, beside: "B 2", missing: "No module named 'b'" },
      { ...fine, beside: "C 3", run: () => Promise.reject(new Error("no face")) },
    ],
  }, 3);
  const common = { what: "test", unit: "ms", ours: 4 };
  assert.deepEqual(rows, [
    { ...common, beside: "A 1", theirs: 12, goal: 3, note: "equal" },
    { ...common, beside: "B 2", theirs: { missing: "No module named 'b'" }, note: "–" },
    { ...common, beside: "C 3", theirs: { missing: "no face" }, note: "–" },
  ]);
});

Deno.test("compare() fails when ours does", async () => {
  const ours = () => Promise.reject(new Error("defect"));
  await assert.rejects(compare({ what: "test", unit: "ms", ours, rivals: [] }, 1), /defect/);
});

Deno.test("compare() leaves the first, cold computation out", async () => {
  const times = [100, 2, 4, 3];
  const slow = [900, 20, 40, 30];
  const [row] = await compare({
    what: "test",
    unit: "ms",
    ours: () => times.shift()!,
    rivals: [{ beside: "A", run: () => Promise.resolve(slow.shift()!), note: () => "" }],
  }, 3);
  assert.equal(row?.ours, 3);
  assert.equal(row?.theirs, 30);
});
