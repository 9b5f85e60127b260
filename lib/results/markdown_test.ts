import assert from "node:assert/strict";
import { rng } from "lib/core/rng.ts";
import { markdownTable } from "./format.ts";
import { resultMarkdown } from "./markdown.ts";
import { exampleMetadata, exampleResult } from "./testing.ts";

Deno.test("resultMarkdown() says what a reader must not miss", () => {
  const text = resultMarkdown(exampleResult());
  assert.match(text, /^# Example-Net on synthetic-flow \(synthetic\)$/m);
  assert.match(text, /^> \*\*synthetic data: /m);
  assert.doesNotMatch(text, /optimistic/);
  const real = { name: "megc2019-flow", digest: "d", synthetic: false };
  const bold = resultMarkdown(exampleResult({ metadata: { optimistic: true, data: real } }));
  assert.match(bold, /^# Example-Net on megc2019-flow$/m);
  assert.match(bold, /^> \*\*optimistic: a step used held-out labels\*\*$/m);
  assert.doesNotMatch(bold, /synthetic data/);
});

Deno.test("resultMarkdown() prints the scores of a result worked out by hand", () => {
  // Truth cycles through the classes; predicting right always gives 1 everywhere.
  const perfect = resultMarkdown(exampleResult({ seeds: 1, skill: 2 }));
  assert.match(perfect, /^\| UF1 \| 1\.000 \| 1\.000 to 1\.000 \| < 0\.001 \|$/m);
  assert.match(perfect, /^\| negative \| 12 \| 0 \| 0 \|$/m);
  // One of 36 clips wrong: negative taken for positive. F1: 22/23, 24/25, 1.
  const result = exampleResult({ seeds: 1, skill: 2 });
  const at = result.predictions.findIndex(({ truth }) => truth === "negative");
  const predictions = result.predictions.map((one, i) =>
    i === at ? { ...one, predicted: "positive", scores: [0, 1, 0] } : one
  );
  const text = resultMarkdown({ ...result, predictions });
  assert.match(text, /^\| UF1 \| 0\.972 \|/m);
  assert.match(text, /^\| accuracy \| 0\.972 \|/m);
  assert.match(text, /^\| negative \| 11 \| 1 \| 0 \|$/m);
  assert.match(text, /^\| negative \| 12 \| 1\.000 \| 0\.917 \| 0\.957 \|$/m);
});

Deno.test("resultMarkdown() does not depend on the order of rows and keys", () => {
  const result = exampleResult();
  const parameters = Object.fromEntries(Object.entries(exampleMetadata.parameters).reverse());
  assert.equal(
    resultMarkdown({
      metadata: { ...result.metadata, parameters },
      predictions: rng(3).shuffle(result.predictions),
    }),
    resultMarkdown(result),
  );
});

Deno.test("markdownTable() keeps a cell with a bar or a line break in its column", () => {
  assert.equal(markdownTable(["a"], [["x|y\nz"]]), "| a |\n| --- |\n| x\\|y z |");
});
