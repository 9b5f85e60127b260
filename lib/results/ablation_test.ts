import assert from "node:assert/strict";
import { published } from "experiments/published.ts";
import { ablations, ablationSteps } from "./ablation.ts";
import { ablationMarkdown, ablationText, points } from "./ablation_text.ts";
import { exampleMetadata } from "./testing.ts";
import type { Result, ResultMetadata } from "./types.ts";

const classes = ["negative", "positive"];

/** Two clips of each of four subjects, of which the first `right` are predicted rightly. */
function resultOf(id: string, right: number, metadata: Partial<ResultMetadata> = {}): Result {
  const predictions = Array.from({ length: 8 }, (_, i) => {
    const subject = `s${Math.floor(i / 2)}`;
    const [truth, other] = i % 2 === 0 ? classes : [...classes].reverse();
    const predicted = i < right ? truth! : other!;
    const scores = classes.map((name) => Number(name === predicted));
    const place = { seed: 1, fold: subject, clip: `${subject}/c${i}`, subject, database: "d" };
    return { ...place, truth: truth!, predicted, scores };
  });
  const experiment = { ...exampleMetadata.experiment, id, title: `+ ${id}` };
  const data = { name: "smic-hs", digest: "d", synthetic: false };
  return { metadata: { ...exampleMetadata, classes, data, experiment, ...metadata }, predictions };
}

const drawn = (name: string) => ({ data: { name, digest: "d", synthetic: true } });

Deno.test("ablations() gives scores, gains over the step before and the paper's, as by hand", () => {
  const right = { temporal: 8, flow: 4, frames: 2, spatial: 7, attention: 4 };
  const results = Object.entries(right).map(([id, n]) => resultOf(id, n));
  const [one, ...others] = ablations(results, published);
  assert.deepEqual(others, []);
  assert.deepEqual(one?.bars.map(({ step }) => step), ablationSteps);
  assert.deepEqual(one?.bars.map(({ value }) => value.estimate), [0.25, 0.5, 0.5, 0.875, 1]);
  assert.deepEqual(one?.bars.map(({ gain }) => gain && [gain.over, gain.estimate]), [
    null,
    ["frames", 0.25],
    ["flow", 0],
    ["attention", 0.375],
    ["spatial", 0.125],
  ]);
  // Nothing differs between flow and attention, whoever is drawn.
  assert.deepEqual(one?.bars[2]?.gain?.interval, { low: 0, high: 0 });
  // Only the fourth subject gains by the last step: ½ each time it is drawn.
  const { low, high } = one!.bars[4]!.gain!.interval!;
  assert.equal(low, 0);
  assert.ok(high >= 0.25 && high <= 0.5);
  assert.deepEqual(one?.bars.map(({ paper }) => paper.map((gain) => gain.points)), [
    [],
    [4],
    [],
    [],
    [3.08],
  ]);
  assert.deepEqual([one?.clips, one?.subjects, one?.seeds], [8, 4, 1]);
});

Deno.test("ablations() gives a score that was asked for, beside which the paper says nothing", () => {
  const [one] = ablations([resultOf("frames", 2), resultOf("flow", 8)], published, "uf1");
  assert.deepEqual(one?.bars.map(({ value }) => value.estimate), [0.25, 1]);
  assert.deepEqual(one?.bars.map(({ paper }) => paper), [[], []]);
});

Deno.test("ablations() keeps data sets and protocols apart, in the paper's order", () => {
  const paper = { protocol: "paper", optimistic: true } as const;
  const all = ablations([
    resultOf("flow", 8, drawn("synthetic-casme2")),
    resultOf("flow", 8, { ...drawn("synthetic-samm"), ...paper }),
    resultOf("flow", 8, { data: { name: "megc2019-flow", digest: "d", synthetic: false } }),
    resultOf("flow", 8, drawn("synthetic-samm")),
    resultOf("flow", 8),
    resultOf("off-apex-net", 8),
  ], published);
  assert.deepEqual(all.map(({ data, protocol, synthetic }) => [data, protocol, synthetic]), [
    ["smic-hs", "strict", false],
    ["synthetic-samm", "strict", true],
    ["synthetic-samm", "paper", true],
    ["synthetic-casme2", "strict", true],
    ["megc2019-flow", "strict", false],
  ]);
  // The paper's gains stand beside drawn clips too, never beside another set.
  assert.deepEqual(all.map(({ bars }) => bars[0]!.paper.map((gain) => gain.data)), [
    ["smic-hs"],
    ["samm"],
    ["samm"],
    ["casme2"],
    [],
  ]);
  assert.deepEqual(all[2]?.bars[0]?.optimistic, true);
  assert.deepEqual(all.map(({ cautions }) => cautions.length), [0, 1, 2, 1, 0]);
});

Deno.test("ablations() gives no gain without the step before, and no interval for other clips", () => {
  const [gap] = ablations([resultOf("frames", 2), resultOf("attention", 4)], published);
  assert.deepEqual(gap?.bars.map(({ gain }) => gain), [null, null]);
  const flow = resultOf("flow", 4);
  const fewer = { ...flow, predictions: flow.predictions.slice(0, 6) };
  const [odd] = ablations([resultOf("frames", 2), fewer], published);
  assert.deepEqual(odd?.bars[1]?.gain, {
    over: "frames",
    estimate: 4 / 6 - 2 / 8,
    interval: null,
  });
  assert.throws(() => ablations([flow, flow], published), /two results of flow on smic-hs, strict/);
  assert.deepEqual(ablations([], published), []);
});

Deno.test("ablationMarkdown() shows ours, the paper's gains with their mark, and every caution", () => {
  const all = ablations([
    resultOf("spatial", 7, drawn("synthetic-smic")),
    resultOf("temporal", 6, { ...drawn("synthetic-smic"), optimistic: true }),
  ], published);
  const text = ablationMarkdown(all);
  assert.match(text, /^> \*\*synthetic data/m);
  assert.match(text, /^> \*\*optimistic/m);
  assert.match(
    text,
    /\| synthetic-smic \(synthetic\) \| strict \| \+ spatial \| 0\.875 \|.* \| – \|$/m,
  );
  assert.match(text, /\| \+ temporal \(optimistic\) \| 0\.750 \|.*\| −12\.5 \|.*\| \+3\.08† \|$/m);
  assert.match(text, /^- † a step/m);
  assert.match(text, /\(text on figure 11\)/);
  const none = ablationText(ablations([resultOf("spatial", 7)], published));
  assert.deepEqual(none.cautions, []);
  assert.doesNotMatch(none.notes.join("\n"), /†|figure 11/);
});

Deno.test("points() writes a share as percentage points with a sign", () => {
  assert.deepEqual([0.0308, 0, -0.125].map(points), ["+3.1", "0.0", "−12.5"]);
});
