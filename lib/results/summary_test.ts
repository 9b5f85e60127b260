import assert from "node:assert/strict";
import { published } from "experiments/published.ts";
import { summaryHtml, summaryMarkdown, summaryRows } from "./summary.ts";
import { exampleMetadata, exampleResult } from "./testing.ts";
import type { ResultMetadata } from "./types.ts";

const real = { name: "megc2019-flow", digest: "d", synthetic: false };

function resultOf(id: string, metadata: Partial<ResultMetadata> = {}) {
  const experiment = { ...exampleMetadata.experiment, id, title: id.toUpperCase() };
  return exampleResult({ seeds: 1, metadata: { data: real, experiment, ...metadata } });
}

Deno.test("summaryRows() follows the paper's order, extras last, strict before paper", () => {
  const rows = summaryRows([
    resultOf("zz-net"),
    resultOf("stst-net"),
    resultOf("bi-woof", { protocol: "paper" }),
    resultOf("off-apex-net"),
    resultOf("bi-woof"),
  ], published);
  assert.deepEqual(rows.map(({ row, protocol }) => `${row} ${protocol}`), [
    "bi-woof strict",
    "off-apex-net strict",
    "stst-net strict",
    "zz-net strict",
    "bi-woof paper",
  ]);
  assert.deepEqual([rows[0]!.clips, rows[0]!.subjects, rows[0]!.seeds], [36, 9, 1]);
});

Deno.test("summaryRows() puts published scores only beside real clips under the strict protocol", () => {
  const [strict, paper] = summaryRows(
    [resultOf("off-apex-net", { protocol: "paper" }), resultOf("off-apex-net")],
    published,
  );
  assert.deepEqual(strict!.published.map(({ value }) => value), [0.7196, 0.7032, 0.839]);
  assert.ok(strict!.publishedUar.length > 0);
  assert.ok(strict!.publishedUar.every(({ score }) => score === "uar"));
  assert.deepEqual(paper!.publishedUar, []);
  assert.deepEqual(strict!.paper.map(({ value }) => value), [0.712, 0.566, 0.822]);
  assert.deepEqual(paper!.published, []);
  const synthetic = resultOf("off-apex-net", { data: { ...real, synthetic: true } });
  assert.deepEqual(summaryRows([synthetic], published)[0]!.published, []);
});

Deno.test("summaryMarkdown() marks selection, hearsay, synthetic data and optimism", () => {
  const text = summaryMarkdown(summaryRows([
    resultOf("off-apex-net"),
    exampleResult({ seeds: 1, metadata: { optimistic: true, protocol: "paper" } }),
  ], published));
  // Said of the row that it is true of; of none by name where it is true of all.
  assert.match(text, /^> \*\*Example-Net \(paper\): synthetic data/m);
  assert.match(text, /^> \*\*Example-Net \(paper\): optimistic/m);
  const both = [exampleResult({ seeds: 1 }), exampleResult({ seeds: 2 })];
  assert.match(summaryMarkdown(summaryRows(both, published)), /^> \*\*synthetic data/m);
  assert.match(text, /0\.720\? \[1\], 0\.703 \[2\], 0\.839† \[2\]/);
  assert.match(text, /\| 0\.710\? \[1\]/, "UAR beside ours, with its source");
  assert.match(text, /\| synthetic-flow \(synthetic\) \| paper \(optimistic\) \|/);
  assert.match(text, /^2\. T\. Varanka/m);
  const plain = summaryMarkdown(summaryRows([resultOf("zz-net")], published));
  assert.doesNotMatch(plain, /[†?]|\*\*|^1\. /m);
});

Deno.test("summaryMarkdown() says where folds are not one subject each, and tests against chance", () => {
  const parameters = { ...exampleMetadata.parameters, split: "k-fold-by-subject", k: 5 };
  const [folds, usual] = summaryRows([
    resultOf("a-net", { parameters }),
    resultOf("b-net"),
  ], published);
  const text = summaryMarkdown([folds!, usual!]);
  assert.match(text, /\| strict, 5 folds by subject \|/);
  assert.match(text, /\| strict \|/);
  // The example is right far more often than by chance.
  assert.equal(usual!.scores.chance.uf1, 0.0005);
  assert.match(text, /\| p, chance \|/);
  assert.match(text, /\| < 0\.001 \|/);
});

Deno.test("summaryHtml() escapes what names may hold", () => {
  const experiment = { ...exampleMetadata.experiment, title: "<b>A&B</b>" };
  const html = summaryHtml(summaryRows([resultOf("x", { experiment })], published));
  assert.match(html, /&lt;b&gt;A&amp;B&lt;\/b&gt;/);
  assert.doesNotMatch(html, /<b>/);
});
