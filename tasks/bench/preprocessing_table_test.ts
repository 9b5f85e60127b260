import assert from "node:assert/strict";
import { clipSettings } from "lib/pipeline/settings.ts";
import { type Comparison, preprocessingReport, type WholeClip } from "./preprocessing_table.ts";

const row: Comparison = {
  what: "TV-L1, 134×134",
  unit: "ms",
  ours: 15,
  beside: "OpenCV 5.0.0",
  theirs: 180,
  goal: 10,
  note: "0.062 / 0.063 px",
};

const clip: WholeClip = {
  what: "640×480, 70 frames",
  ms: 800,
  stages: [{ stage: "face", ms: 80 }, { stage: "flow", ms: 640 }],
  frames: 70,
  settings: clipSettings("apex-flow", { magnify: "none", augment: "none" }),
};

function linesOf(comparisons: Comparison[], clips: WholeClip[] = []): string[] {
  const report = preprocessingReport({ comparisons, clips }, ["X 1", "Deno 2"]);
  assert.match(report, /\n\nX 1; Deno 2\n\n/);
  return report.split("\n");
}

Deno.test("preprocessingReport() gives ratios, goals, and which were missed", () => {
  const lines = linesOf([row, { ...row, ours: 20 }]);
  assert.ok(lines.includes(
    "| TV-L1, 134×134 | ms | 15.0 | OpenCV 5.0.0 | 180.0 | 12.0 | ≥ 10 | 0.062 / 0.063 px |",
  ));
  assert.ok(lines.some((line) => line.includes("| 9.00 (missed) | ≥ 10 |")));
});

Deno.test("preprocessingReport() gives rates where asked; more is then better", () => {
  const { goal: _, ...without } = row;
  const lines = linesOf([{ ...without, unit: "frames/s", ours: 2, theirs: 4 }]);
  assert.ok(
    lines.some((line) => line.includes("| frames/s | 500 | OpenCV 5.0.0 | 250 | 2.00 | – |")),
  );
});

Deno.test("preprocessingReport() names a missing program instead of leaving its row out", () => {
  const lines = linesOf([{ ...row, theirs: { missing: "No module named 'cv2'" } }]);
  assert.ok(lines.some((line) => line.includes("| not measured: No module named 'cv2' | – |")));
});

Deno.test("preprocessingReport() gives a clip's stages, and what no stage accounts for", () => {
  const lines = linesOf([], [clip, { ...clip, ms: 1250 }]);
  assert.ok(lines.includes(
    "640×480, 70 frames: 0.80 s a clip, 1.3 clips a second and core (goal: less than 1 s; met).",
  ));
  assert.ok(
    lines.some((line) =>
      line.includes("0.8 clips a second and core (goal: less than 1 s; missed)")
    ),
  );
  assert.ok(lines.includes("| flow | 640.0 | 80.0 % |"));
  assert.ok(lines.includes("| everything else | 80.0 | 10.0 % |"));
});
