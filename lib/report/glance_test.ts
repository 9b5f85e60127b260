import assert from "node:assert/strict";
import { published } from "experiments/published.ts";
import { summaryRows } from "lib/results/summary.ts";
import { exampleMetadata, exampleResult } from "lib/results/testing.ts";
import type { Result } from "lib/results/types.ts";
import { inflations } from "./audit.ts";
import { glance } from "./glance.ts";
import type { Table } from "./tables.ts";

/** A result of a row on real data. */
function real(row: string, data: string, skill: number): Result {
  const experiment = { ...exampleMetadata.experiment, id: row, title: `Title of ${row}` };
  const set = { ...exampleMetadata.data, name: data, synthetic: false };
  return exampleResult({ skill, metadata: { experiment, data: set } });
}

/** A table as it would be read from these results. */
function tableOf(data: string, results: readonly Result[]): Table {
  const rows = summaryRows(results, published);
  return { data, results, rows, synthetic: false, folder: "", curves: [], unreadable: [] };
}

Deno.test("glance() judges methods by their interval, and places the paper's own network", () => {
  const maps = tableOf("megc2019-flow", [
    // Everything right: above what is published; nothing learned: below it.
    real("off-apex-net", "megc2019-flow", 9),
    real("stst-net", "megc2019-flow", 0),
    real("ms-resnet3d", "megc2019-flow", 0.3),
    real("htnet", "megc2019-flow", 0.6),
  ]);
  const clips = tableOf("smic-hs", [real("bi-woof", "smic-hs", 0.15), real("rcn", "smic-hs", 9)]);
  const [table] = glance([maps, clips], { departures: 3 });
  assert.ok(table?.kind === "table");
  const { rows } = table;
  const line = (question: RegExp) =>
    JSON.stringify(rows.find(([one]) => question.test(String(one))));
  assert.match(
    line(/Table 1 reproduce/),
    /0 of 2 tested cells.*ours is lower in [01], higher in [12]/,
  );
  const methods = line(/public real clips/);
  assert.match(methods, /0 of 2 do/);
  assert.match(
    methods,
    /not, ours is lower: Title of stst-net \(0\.\d+, published 0\.735, 0\.713\)/,
  );
  assert.match(methods, /not, ours is higher: Title of off-apex-net \(1\.000, published 0\.720/);
  assert.match(methods, /choice on held-out labels: .*Title of ms-resnet3d/);
  const own = line(/own network/);
  assert.match(own, /No: place [23] of 4/);
  assert.match(own, /Wholly above its interval: Title of off-apex-net/);
  assert.match(line(/changed/), /3 departures/);
});

Deno.test("inflations() compares clips with themselves where copies are counted too", () => {
  const strict = exampleResult({ seeds: 1, skill: 0.3 });
  const parameters = { ...exampleMetadata.parameters, augment: "before-split" };
  const theirs = exampleResult({
    ...{ seeds: 1, skill: 2 },
    metadata: { protocol: "paper", optimistic: true, parameters },
  });
  const copies = theirs.predictions.map((one) => ({ ...one, clip: `${one.clip}#left` }));
  const augmented = { ...theirs, predictions: [...theirs.predictions, ...copies] };
  const [found] = inflations([tableOf("smic-hs", [strict, augmented])]);
  assert.deepEqual(found!.habits, ["augmentation before the split"]);
  assert.ok(found!.adds > 0.1 && found!.interval !== null && found!.p! < 0.05);
  assert.ok(found!.interval.low <= found!.adds && found!.adds <= found!.interval.high);
});
