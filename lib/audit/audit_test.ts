import assert from "node:assert/strict";
import { knownSets } from "experiments/known_sets.ts";
import { published } from "experiments/published.ts";
import { rng } from "lib/core/rng.ts";
import { accuracy, countPredictions, foldMeanF1 } from "lib/protocol/metrics.ts";
import { exampleResult } from "lib/results/testing.ts";
import { averages } from "./averages.ts";
import { chanceOfMatch, majorityRate, possibleHits, sizeOfSet } from "./granularity.ts";
import { auditTable } from "./table.ts";

Deno.test("possibleHits() finds every share that was printed of a whole number", () => {
  const draw = rng(1);
  for (let i = 0; i < 2000; i++) {
    const n = 1 + draw.integer(400);
    const hits = draw.integer(n + 1);
    for (const digits of [0, 1, 2, 3]) {
      const share = 100 * hits / n;
      const unit = 10 ** digits;
      const rounded = { percent: Number(share.toFixed(digits)), digits };
      assert.ok(
        possibleHits(rounded, n).some((one) => one.hits === hits),
        `${hits}/${n} ${digits}`,
      );
      const cut = { percent: Math.floor(share * unit + 1e-9) / unit, digits };
      assert.ok(
        possibleHits(cut, n).some((one) => one.hits === hits),
        `${hits}/${n} ${digits} cut`,
      );
    }
  }
});

Deno.test("possibleHits() by hand: of 164 clips 74.39 and 75.00 can be printed, 74.6 cannot", () => {
  const of = (percent: number, digits: number, n: number) => possibleHits({ percent, digits }, n);
  assert.deepEqual(of(74.39, 2, 164), [{ hits: 122, by: "rounding" }]);
  assert.deepEqual(of(75, 2, 164), [{ hits: 123, by: "rounding" }]);
  assert.deepEqual(of(74.6, 1, 164), []);
  assert.deepEqual(of(78.46, 2, 246), [{ hits: 193, by: "rounding" }]);
  // 2/3 = 66.666…: rounded 66.67, cut 66.66.
  assert.deepEqual(of(66.67, 2, 3), [{ hits: 2, by: "rounding" }]);
  assert.deepEqual(of(66.66, 2, 3), [{ hits: 2, by: "truncation" }]);
  // Half a unit away rounds either way: 1/8 = 12.5.
  assert.deepEqual(of(12, 0, 8), [{ hits: 1, by: "rounding" }]);
  assert.deepEqual(of(13, 0, 8), [{ hits: 1, by: "rounding" }]);
  assert.deepEqual(of(0, 0, 8), [{ hits: 0, by: "rounding" }]);
  assert.deepEqual(of(100, 0, 8), [{ hits: 8, by: "rounding" }]);
  assert.throws(() => of(50, 1, 0), /Expected a number of clips, got 0/);
});

Deno.test("chanceOfMatch() is the share of printable numbers that are possible", () => {
  assert.equal(chanceOfMatch(0, 1), 2 / 101);
  assert.equal(chanceOfMatch(0, 100), 1);
  assert.equal(chanceOfMatch(2, 164), 165 / 10_001);
  const draw = rng(2);
  const tries = 20_000;
  let possible = 0;
  for (let i = 0; i < tries; i++) {
    const percent = draw.integer(1001) / 10;
    const rounded = possibleHits({ percent, digits: 1 }, 60).filter(({ by }) => by === "rounding");
    if (rounded.length > 0) possible++;
  }
  assert.ok(Math.abs(possible / tries - chanceOfMatch(1, 60)) < 0.01);
});

Deno.test("known sets have the sizes that are cited, and rates of the largest class", () => {
  const sizes = Object.fromEntries(
    Object.entries(knownSets).map(([data, sets]) => [data, sets.map(sizeOfSet)]),
  );
  assert.deepEqual(sizes, { "smic-hs": [164], "samm": [159, 136, 133], "casme2": [246, 255, 145] });
  const rates = Object.values(knownSets).map(([own]) => (100 * majorityRate(own!)).toFixed(1));
  assert.deepEqual(rates, ["42.7", "57.9", "51.2"]);
});

Deno.test("auditTable() of the paper's Table 1: one of 36 accuracies is possible for the stated clips", () => {
  const cells = auditTable(published, "jin2024", knownSets);
  assert.equal(cells.length, 36);
  const possible = cells.filter(({ sets }) => sets[0]!.hits.some(({ by }) => by === "rounding"));
  assert.deepEqual(possible.map(({ row, data }) => [row, data]), [["bi-woof", "casme2"]]);
  // Printed with a last 0, which a number does not keep.
  assert.equal(
    cells.find(({ row, data }) => row === "slstt" && data === "smic-hs")?.printed.digits,
    2,
  );
  const other = (row: string, data: string) =>
    cells.find((cell) => cell.row === row && cell.data === data)!.sets
      .filter(({ hits }) => hits.some(({ by }) => by === "rounding")).map(({ clips }) => clips);
  assert.deepEqual(other("slstt", "samm"), [136]);
  assert.deepEqual(other("distlbp-rip", "samm"), [133]);
  assert.deepEqual(other("dual-inception", "casme2"), [255]);
  assert.deepEqual(other("rcn", "casme2"), [255]);
  const below = cells.filter(({ printed, majority }) => printed.percent < majority);
  assert.deepEqual(below.map(({ row, data }) => `${row} ${data}`), ["lbp-top samm", "stclqp samm"]);
});

Deno.test("averages() agrees with the numbers that other modules have", () => {
  const result = exampleResult({ seeds: 1, skill: 0.3 });
  const { classes } = result.metadata;
  const found = new Map(averages(result).map(({ name, value }) => [name, value]));
  assert.equal(found.get("fold-mean macro F1"), foldMeanF1(result.predictions, classes));
  assert.equal(found.get("micro F1"), accuracy(countPredictions(result.predictions, classes)));
  for (const value of found.values()) assert.ok(value > 0 && value < 1);
});

Deno.test("averages() by hand", () => {
  // Fold a: A A B, answered A B B. Fold b: C, answered C.
  const one = exampleResult({ seeds: 1 });
  const rows: [fold: string, truth: string, predicted: string][] = [
    ["a", "A", "A"],
    ["a", "A", "B"],
    ["a", "B", "B"],
    ["b", "C", "C"],
  ];
  const predictions = rows.map(([fold, truth, predicted], i) => ({
    ...one.predictions[0]!,
    ...{ fold, truth, predicted, clip: `c${i}`, subject: fold },
  }));
  const metadata = { ...one.metadata, classes: ["A", "B", "C"] };
  const found = averages({ metadata, predictions }).map(({ value }) => value.toFixed(4));
  // F1 of A and B is 2/3 each, of C 1; precision 1, 1/2, 1; recall 1/2, 1, 1.
  const [pooled, foldA, foldB] = [7 / 9, 2 / 3, 1];
  const expected = [
    pooled,
    (foldA + foldB) / 2,
    (4 / 9 + 1 / 3) / 2,
    3 / 4,
    (2 * 2 / 3 + 2 / 3 + 1) / 4,
    5 / 6,
  ];
  assert.deepEqual(found, expected.map((value) => value.toFixed(4)));
});
