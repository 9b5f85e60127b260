import assert from "node:assert/strict";
import { largestDifference } from "./descriptors_clips.ts";
import { descriptorsReport } from "./descriptors_table.ts";

Deno.test("descriptorsReport() gives ratios, goals and how well both agree", () => {
  const row = { unit: "ms", beside: "scikit-image 1", goal: 5, note: "equal" } as const;
  const lines = descriptorsReport([
    { ...row, what: "LBP-TOP", ours: 2, theirs: 20 },
    { ...row, what: "LBP-TOP", ours: 5, theirs: 20 },
  ], ["X 1", "Deno 2"]).split("\n");
  assert.equal(lines[0], "# Descriptors");
  assert.ok(lines.includes("X 1; Deno 2"));
  assert.ok(
    lines.includes("| LBP-TOP | ms | 2.00 | scikit-image 1 | 20.0 | 10.0 | ≥ 5 | equal |"),
  );
  assert.ok(lines.some((line) => line.includes("| 4.00 (missed) | ≥ 5 |")));
});

Deno.test("largestDifference() says by how much two results differ", () => {
  assert.equal(largestDifference([1, 2], [1, 2]), "equal");
  assert.equal(largestDifference([1, 2, 3], [1, 2.25, 3]), "differs by 0.25 at most");
  assert.equal(largestDifference([1], [1, 2]), "1 values, theirs 2");
});
