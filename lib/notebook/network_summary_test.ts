import assert from "node:assert/strict";
import { dense } from "lib/blocks/dense.ts";
import { graph } from "lib/blocks/graph.ts";
import { relu } from "lib/blocks/relu.ts";
import { msResNet3d } from "lib/networks/ms_resnet3d.ts";
import { type PaperCost, paperCosts } from "lib/networks/training_cost.ts";
import { costTable } from "./network_cost.ts";
import { networkSummary, summaryTable } from "./network_summary.ts";
import { numberTableHtml, numberTableText } from "./network_table.ts";

const small = graph({
  body: graph({ dense: dense({ units: 4 }), relu: relu() }),
  scores: dense({ units: 2 }),
});

Deno.test("networkSummary() adds up layers as by hand, to any depth", () => {
  const { layers, total } = networkSummary(small, [3]);
  assert.deepEqual(layers, [
    { name: "body", outputShape: [4], parameters: 3 * 4 + 4, flops: 2 * 3 * 4 },
    { name: "scores", outputShape: [2], parameters: 4 * 2 + 2, flops: 2 * 4 * 2 },
  ]);
  assert.deepEqual(total, { name: "total", outputShape: [2], parameters: 26, flops: 40 });
  const deep = networkSummary(small, [3], { depth: Infinity });
  assert.deepEqual(deep.layers.map(({ name }) => name), ["body.dense", "body.relu", "scores"]);
  assert.deepEqual(deep.total, total);
});

Deno.test("summaryTable() of the paper's network has its parameters and a line a node", () => {
  const network = msResNet3d({ classes: 3 });
  const table = summaryTable(network, [16, 134, 134, 2]);
  assert.equal(table.total?.[2], "69,137,006");
  assert.deepEqual(table.rows.map(([name]) => name), [
    "input",
    ...network.nodes.map(({ name }) => name),
  ]);
  const [, shape, parameters, flops] = table.rows[1]!;
  // 3·7·7·2·64 multiply-adds at 16·67·67 places.
  assert.deepEqual([shape, parameters, flops], ["16 × 67 × 67 × 64", "18,944", "2,703"]);
  const four = summaryTable(msResNet3d({ classes: 4 }), [16, 134, 134, 2]);
  assert.equal(four.total?.[2], "69,137,522");
});

Deno.test("numberTable gives aligned text and escaped HTML with total and notes", () => {
  const table = {
    columns: ["a", "n"],
    rows: [["<b>", "1"], ["x", "1,000"]],
    total: ["all", "1,001"],
    notes: ["in & out"],
  };
  assert.equal(
    numberTableText(table),
    "a        n\n---  -----\n<b>      1\nx    1,000\n---  -----\nall  1,001\nin & out",
  );
  const html = numberTableHtml(table);
  assert.match(html, /<td style="text-align:left">&lt;b&gt;<\/td><td style="text-align:right">1</);
  assert.match(html, /<tfoot><tr><th style="text-align:left">all<\/th>/);
  assert.match(html, /<p>in &amp; out<\/p>/);
});

Deno.test("costTable() states hours, assumptions and sums", () => {
  const costs = paperCosts(() => small, {
    inputShape: [3],
    epochs: 100,
    batchSize: 8,
    copies: [1],
  });
  // So slow that SMIC takes 10 hours when a clip is left out: 164 folds.
  const smic = costs[0] as PaperCost;
  const gflops = smic.cost.protocol / 1e9 / 36_000;
  const table = costTable(costs, [
    { name: "one", gflops, basis: "measured" },
    { name: "many", gflops, basis: "assumed", nodes: 41 },
  ]);
  const hours = table.rows.map((row) => row.slice(-2));
  assert.deepEqual(table.rows[0]?.slice(0, 4), ["SMIC (164 clips)", "a clip", "×1", "164"]);
  // 164 folds on 41 nodes are 4 rounds of 164; 16 folds are one of 16.
  assert.deepEqual(hours[0], ["10", "0.244"]);
  assert.equal(table.rows[1]?.[1], "a subject");
  assert.equal(hours[1]?.[0], (10 * 15 / 163).toFixed(2));
  assert.equal(hours[1]?.[1], (10 * 15 / 163 / 16).toFixed(4));
  assert.deepEqual(table.rows.slice(-2).map((row) => row.slice(0, 4)), [
    ["all 3 (569 clips)", "a clip", "×1", "569"],
    ["all 3 (569 clips)", "a subject", "×1", "71"],
  ]);
  assert.match(table.notes.join("\n"), /^one: .* GFLOP\/s, measured\.$/m);
  assert.match(table.notes.join("\n"), /^many: .* on each of 41 nodes, assumed; .*ceil\(folds/m);
  assert.throws(() => costTable([], []), RangeError);
});
