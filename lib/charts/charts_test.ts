import assert from "node:assert/strict";
import { published } from "experiments/published.ts";
import { type Ablation, ablations, ablationSteps } from "lib/results/ablation.ts";
import { summaryRows } from "lib/results/summary.ts";
import { scorePredictions } from "lib/protocol/metrics.ts";
import type { LearningCurve } from "lib/results/curves.ts";
import { exampleMetadata, exampleResult } from "lib/results/testing.ts";
import type { Result, ResultMetadata } from "lib/results/types.ts";
import {
  ablationBars,
  chartBundle,
  confusionChart,
  confusionPanels,
  curves,
  databaseBars,
  learningCurves,
  recallChart,
  tableBars,
  toPng,
  toSvg,
} from "./mod.ts";

const real = { name: "megc2019-flow", digest: "d", synthetic: false };

function resultOf(id: string, metadata: Partial<ResultMetadata> = {}): Result {
  const experiment = { ...exampleMetadata.experiment, id, title: `Title of ${id}` };
  return exampleResult({ metadata: { data: real, experiment, ...metadata } });
}

/** All steps on a data set, the last one optimistic under the paper's protocol. */
function stepsOn(name: string, protocol: "strict" | "paper" = "strict"): Ablation[] {
  const data = { name, digest: "d", synthetic: name.startsWith("synthetic") };
  const results = ablationSteps.map((id) =>
    resultOf(id, { data, protocol, optimistic: protocol === "paper" && id === "temporal" })
  );
  return ablations(results, published);
}

/** The texts that a picture shows. */
function textsOf(svg: string): string[] {
  return svg.replaceAll(/<[^>]*>/g, "\n").split("\n").filter((text) => text !== "");
}

function curveOf(row: string, loss: readonly number[]): LearningCurve {
  return {
    ...{ format: "fleeting-curve/1", row, title: `Title of ${row}`, data: "synthetic-smic" },
    ...{ synthetic: true, seed: 1, fold: "s1", heldOut: 4, of: "o", loss, hits: loss.map(() => 3) },
    heldOutLoss: loss.map((one) => one + 0.125),
  };
}

const charts = {
  tableBars: tableBars(summaryRows([resultOf("off-apex-net"), exampleResult()], published)),
  databaseBars: databaseBars([resultOf("a"), resultOf("b")]),
  databaseBarsOfOne: databaseBars([exampleResult()]),
  confusionChart: confusionChart(exampleResult()),
  confusionPanels: confusionPanels([resultOf("a"), exampleResult()]),
  ablationBars: ablationBars([...stepsOn("smic-hs"), ...stepsOn("synthetic-samm", "paper")]),
  recallChart: recallChart({
    rows: summaryRows([resultOf("a"), exampleResult()], published),
    classes: [exampleMetadata.classes, exampleMetadata.classes],
  }),
  learningCurves: learningCurves([curveOf("a", [1, 0.5, 0.2]), curveOf("b", [2, 1])]),
  curves: curves({
    title: "Change",
    notes: ["synthetic data"],
    y: "mean change",
    series: [{ name: "first", values: [1, 2, 4] }, { name: "second", values: [0, 1, 0.5] }],
    marks: [{ name: "apex", frame: 1 }],
  }),
};

for (const [name, chart] of Object.entries(charts)) {
  Deno.test(`${name}() draws the same SVG whatever was drawn before`, async () => {
    const first = await toSvg(chart);
    await toSvg(charts.tableBars);
    assert.equal(await toSvg(chart), first);
    assert.match(first, /^<svg /);
    assert.doesNotMatch(first, /NaN|undefined/);
  });

  Deno.test(`${name}() is data: its specification survives JSON`, () => {
    assert.deepEqual(JSON.parse(JSON.stringify(chart.spec)), chart.spec);
  });
}

Deno.test("tableBars() shows rows, values and published marks, hollow when chosen on the test fold", async () => {
  const rows = summaryRows([resultOf("off-apex-net")], published);
  const chart = tableBars(rows);
  const svg = await toSvg(chart);
  const texts = textsOf(svg);
  assert.ok(texts.includes("Title of off-apex-net"));
  assert.ok(texts.includes(rows[0]!.scores.composite.uf1.toFixed(3)));
  assert.ok(texts.includes("UF1 on megc2019-flow, strict protocol"));
  const marks = [...svg.matchAll(/aria-roledescription="point"[^>]*fill="([^"]+)"/g)];
  assert.deepEqual(marks.map(([, fill]) => fill), ["#1a1a1a", "#1a1a1a", "white"]);
  assert.match(chart.alt, /published: 0\.720, 0\.703, 0\.839/);
});

Deno.test("charts say that data are synthetic and a result is optimistic", async () => {
  const result = exampleResult({ metadata: { optimistic: true } });
  const experiment = { ...exampleMetadata.experiment, id: "flow" };
  for (
    const chart of [
      tableBars(summaryRows([result], published)),
      databaseBars([result]),
      databaseBars([result, result]),
      confusionChart(result),
      confusionPanels([result]),
      confusionPanels([result, resultOf("a")]),
      ablationBars(
        ablations([{ ...result, metadata: { ...result.metadata, experiment } }], published),
      ),
    ]
  ) {
    const shown = textsOf(await toSvg(chart)).join("\n");
    for (const text of [shown, chart.alt]) {
      assert.match(text, /\(synthetic\)/);
      assert.match(text, /optimistic: a step used held-out labels/);
    }
  }
});

Deno.test("tableBars() has the highest bar first", async () => {
  const rows = summaryRows(
    [["a", 0], ["b", 9], ["c", 0.6]].map(([id, skill]) => ({
      ...resultOf(String(id)),
      predictions: exampleResult({ skill: Number(skill) }).predictions,
    })),
    published,
  );
  const shown = textsOf(await toSvg(tableBars(rows))).filter((text) => text.startsWith("Title of"));
  assert.deepEqual(shown, ["Title of b", "Title of c", "Title of a"]);
});

Deno.test("recallChart() and learningCurves() say what they show, in the picture and in words", async () => {
  const { recall } =
    scorePredictions(exampleResult().predictions, exampleMetadata.classes).composite;
  const shown = textsOf(await toSvg(charts.recallChart));
  assert.ok(shown.includes("Title of a") && shown.includes(recall[1]!.toFixed(3)));
  assert.match(charts.recallChart.alt, new RegExp(`negative ${recall[0]!.toFixed(3)}, positive`));
  const panels = textsOf(await toSvg(charts.learningCurves));
  for (
    const text of ["Title of a", "Title of b", "training clips", "held-out clips", "loss (nats)"]
  ) {
    assert.ok(panels.includes(text), text);
  }
  assert.match(
    charts.learningCurves.alt,
    /Title of a, s1 left out, 3 epochs: training loss 1\.00 to 0\.200, least 0\.200; held-out loss 1\.13 to 0\.325, .*3 of 4 right/,
  );
  for (const chart of [charts.recallChart, charts.learningCurves]) {
    assert.match(chart.alt, /synthetic data: this says nothing about faces/);
  }
});

Deno.test("confusionChart() puts the counts into the cells", async () => {
  const texts = textsOf(await toSvg(confusionChart(exampleResult({ seeds: 1, skill: 2 }))));
  assert.equal(texts.filter((text) => text === "12").length, 3);
  assert.equal(texts.filter((text) => text === "0").length, 6);
  assert.equal(texts.filter((text) => text === "100 %").length, 3);
});

Deno.test("confusionPanels() names data sets, clips and what holds for one panel only", async () => {
  const shown = textsOf(await toSvg(confusionPanels([resultOf("a"), exampleResult({ seeds: 1 })])));
  assert.ok(shown.includes("Confusion matrices"));
  for (
    const text of [
      "(a) Title of a, megc2019-flow",
      "36 clips, mean over 2 seeds",
      "(b) Example-Net, synthetic-flow (synthetic)",
      "36 clips",
    ]
  ) assert.ok(shown.includes(text), text);
  assert.equal(shown.filter((text) => text.startsWith("synthetic data")).length, 1);
  const same = confusionPanels([exampleResult(), exampleResult()]);
  assert.match(same.alt, /^Confusion matrices of Example-Net\.\nsynthetic data/);
  assert.equal(same.alt.split("synthetic data").length, 2);
});

Deno.test("ablationBars() keeps the paper's gains apart from ours, hollow when chosen on held-out labels", async () => {
  const chart = ablationBars(stepsOn("casme2"));
  const svg = await toSvg(chart);
  const marks = [...svg.matchAll(/aria-roledescription="point"[^>]*fill="([^"]+)"/g)];
  // Four gains of ours, then the paper's two.
  assert.deepEqual(marks.map(([, fill]) => fill), [
    ...Array(4).fill("#9ecae1"),
    "#1a1a1a",
    "white",
  ]);
  assert.equal([...svg.matchAll(/aria-roledescription="bar"/g)].length, 5);
  const texts = textsOf(svg);
  for (const text of ["ours, gain", "paper, gain (real clips)", "casme2, strict protocol"]) {
    assert.ok(texts.includes(text), text);
  }
  assert.match(chart.alt, /Title of flow: .*; gain .* points; paper, gain: about \+4 points/);
  assert.match(chart.alt, /Title of temporal: .*; paper, gain: \+3\.7† points/);
  assert.doesNotMatch(chart.alt, /Title of attention: .*paper, gain/);
  assert.ok(textsOf(await toSvg(charts.ablationBars)).includes("ours, gain (synthetic data)"));
});

Deno.test("ablationBars() draws steps without the step before them, and differing clips", async () => {
  const few = exampleResult({ subjects: 6, metadata: { data: real } });
  const experiment = { ...exampleMetadata.experiment, id: "spatial" };
  const odd = { ...few, metadata: { ...few.metadata, experiment } };
  const svg = await toSvg(ablationBars(ablations([resultOf("attention"), odd], published)));
  assert.equal([...svg.matchAll(/aria-roledescription="point"/g)].length, 1);
  assert.doesNotMatch(svg, /NaN|undefined/);
});

Deno.test("charts refuse what they cannot draw", () => {
  assert.throws(() => tableBars([]), RangeError);
  assert.throws(() => databaseBars([]), RangeError);
  assert.throws(() => databaseBars([resultOf("a"), exampleResult()]), /several data sets/);
  assert.throws(() => confusionPanels([]), RangeError);
  assert.throws(() => ablationBars([]), RangeError);
  const [one] = stepsOn("samm");
  assert.throws(() => ablationBars([one!, { ...one!, score: "uf1" }]), /several scores/);
});

Deno.test("toPng() draws text without fonts of the machine", async () => {
  const svg = (text: string) =>
    `<svg xmlns="http://www.w3.org/2000/svg" width="60" height="20">` +
    `<text x="2" y="15" font-family="sans-serif">${text}</text></svg>`;
  const [empty, full] = [await toPng(svg("")), await toPng(svg("UF1"))];
  assert.deepEqual([...full.subarray(1, 4)], [0x50, 0x4e, 0x47]);
  assert.ok(full.length > empty.length, "no text was drawn");
});

Deno.test("chartBundle() holds the picture, the live specification and words", async () => {
  const bundle = await chartBundle(charts.confusionChart);
  assert.deepEqual(Object.keys(bundle), [
    "application/vnd.vegalite.v5+json",
    "image/svg+xml",
    "text/plain",
  ]);
});

Deno.test("curves() tells its lines apart without colour, and in words", async () => {
  const svg = await toSvg(charts.curves);
  for (const text of ["Change", "synthetic data", "apex", "first", "second"]) {
    assert.ok(textsOf(svg).includes(text), text);
  }
  const dashes = new Set([...svg.matchAll(/stroke-dasharray="([^"]+)"/g)].map(([, dash]) => dash));
  assert.ok(dashes.size >= 2, [...dashes].join("; "));
  assert.match(charts.curves.alt, /first: 3 values, 1\.00 to 4\.00\n.*\napex at 1$/);
  const five = Array(5).fill({ name: "x", values: [1] });
  assert.throws(
    () => curves({ title: "", notes: [], y: "", series: five }),
    /Cannot draw 5 curves/,
  );
});
