import assert from "node:assert/strict";
import { bestHead, type HeadScores, headSelections, selectHead } from "./heads.ts";

/** The second head is the most certain, the third gives class 2 the most. */
const clip: HeadScores = {
  chosen: 1,
  scores: [[0.5, 0.3, 0.2], [0.05, 0.9, 0.05], [0.3, 0.2, 0.5]],
};

Deno.test("selectHead() takes the head that each rule names", () => {
  assert.deepEqual(selectHead("inner", clip, 2), [0.5, 0.3, 0.2]);
  assert.deepEqual(selectHead("confidence", clip, 2), [0.05, 0.9, 0.05]);
  assert.deepEqual(selectHead("oracle", clip, 2), [0.3, 0.2, 0.5]);
  assert.deepEqual(selectHead("oracle", clip, 0), [0.5, 0.3, 0.2]);
  const mean = selectHead("mean", clip, 2).map((p) => Math.round(1e6 * p) / 1e6);
  assert.deepEqual(mean, [0.283333, 0.466667, 0.25]);
});

Deno.test("selectHead() looks at the label under oracle only", () => {
  for (const rule of headSelections.filter((name) => name !== "oracle")) {
    assert.deepEqual(selectHead(rule, clip, 0), selectHead(rule, clip, 2), rule);
  }
});

Deno.test("selectHead() lets the first of equal heads answer, and needs a choice under inner", () => {
  const tied = { chosen: 0, scores: [[0.6, 0.4], [0.4, 0.6], [0.6, 0.4]] };
  assert.equal(selectHead("confidence", tied, 0), tied.scores[0]);
  assert.equal(selectHead("oracle", tied, 0), tied.scores[0]);
  assert.throws(() => selectHead("inner", tied, 0), /No head was chosen/);
});

Deno.test("bestHead() is the first of the heads with the largest macro F1", () => {
  // Accuracies are 3/4, 3/4 and 1/4; macro F1 of the first: classes (6/7, 0), of the second (4/5, 2/3).
  const labels = [0, 0, 0, 1];
  const right = [0.9, 0.1];
  const wrong = [0.1, 0.9];
  const clips = [
    [right, right, wrong],
    [right, right, wrong],
    [right, wrong, wrong],
    [right, wrong, right],
  ];
  assert.equal(bestHead(labels, clips), 2);
  assert.equal(bestHead(labels, clips.map(([first]) => [first!, first!])), 1);
});
