import assert from "node:assert/strict";
import { join } from "@std/path";
import { writeResult } from "lib/results/arrow.ts";
import { exampleMetadata, exampleResult } from "lib/results/testing.ts";
import { executeNotebook } from "./execute.ts";
import { readSets } from "./figures.ts";
import { codeCells } from "./notebook_file.ts";
import { notebookOf, withNotebooks } from "./testing.ts";

/** A folder with the steps `flow` and `attention` on two drawn sets, and with a damaged file. */
async function withResults(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    for (const data of ["synthetic-smic", "synthetic-samm"]) {
      for (const id of ["attention", "flow"]) {
        const experiment = { ...exampleMetadata.experiment, id, title: `+ ${id}` };
        const set = { name: data, digest: "d".repeat(64), synthetic: true };
        const result = exampleResult({ seeds: 1, metadata: { experiment, data: set } });
        await writeResult(join(folder, data, "ablation", `${id}.arrow`), result);
      }
    }
    await Deno.writeTextFile(join(folder, "synthetic-samm", "ablation", "spatial.arrow"), "x");
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const data = "synthetic";

Deno.test("readSets() reads what is there, in order, and says what is missing", async () => {
  await withResults(async (results) => {
    const sets = await readSets({ table: "ablation", data, rows: ["flow"], results });
    assert.deepEqual(
      sets.results.map(({ metadata }) => [metadata.data.name, metadata.experiment.id]),
      [["synthetic-smic", "flow"], ["synthetic-samm", "flow"]],
    );
    assert.equal(sets.missing.length, 2);
    assert.match(sets.missing[0]!, /spatial\.arrow/);
    assert.match(sets.missing[1]!, /synthetic-casme2.*reproduce ablation --data synthetic-casme2/);
    await assert.rejects(
      () => readSets({ table: "ablation", data: "synthetic-casme2", results }),
      /no readable result.*synthetic-casme2/,
    );
    await assert.rejects(
      () => readSets({ table: "ablation", data: "synthetic-smic", rows: ["x"], results }),
      /no results of x here.*reproduce ablation x/,
    );
  });
});

Deno.test("figures and the network are shown as pictures and tables, with words beside", async () => {
  await withResults(async (results) => {
    const query = JSON.stringify({ table: "ablation", data, results });
    const notebook = notebookOf(
      `import { readSets, showAblation, showConfusions } from "lib/notebook/figures.ts";
import { showCostTable } from "lib/notebook/network_cost.ts";
import { showNetworkDrawing } from "lib/notebook/network_drawing.ts";
import { showNetworkSummary } from "lib/notebook/network_summary.ts";
import { msResNet3d } from "lib/networks/ms_resnet3d.ts";
import { paperCosts } from "lib/networks/training_cost.ts";
const sets = await readSets(${query});
await showAblation(sets);
await showConfusions(sets);
const build = (classes) => msResNet3d({ classes, width: 4 });
const inputShape = [16, 32, 32, 2];
await showNetworkSummary(build(3), inputShape);
await showNetworkDrawing(build(3), inputShape, { title: "Ours" });
const plan = { inputShape, epochs: 100, batchSize: 8, copies: [1, 6] };
await showCostTable(paperCosts(build, plan), [{ name: "a", gflops: 1, basis: "measured" }]);`,
    );
    const executed = await withNotebooks(
      { "a.ipynb": notebook },
      (folder) => executeNotebook(join(folder, "a.ipynb")),
    );
    const bundles = codeCells(executed.notebook)[0]!.outputs
      .map((output) => "data" in output ? output.data as Record<string, string> : {});
    const [picture, table] = ["image/svg+xml", "text/html"];
    const kinds = bundles.map((bundle) => [picture, table].find((type) => type! in bundle) ?? "-");
    const wanted = ["-", picture, table, "-", "-", picture, "-", table, picture, table];
    assert.deepEqual(kinds, wanted);
    const words = bundles.map((bundle) => bundle["text/plain"] ?? bundle["text/markdown"]!);
    assert.match(await Deno.readTextFile(join(results, "synthetic", "figure11.md")), /^# Ablation/);
    assert.match(await Deno.readTextFile(join(results, "synthetic", "figure10.svg")), /^<svg/);
    assert.match(words[1]!, /^Ablation: accuracy of each step/);
    assert.match(words[1]!, /^synthetic data/m);
    assert.match(words[2]!, /synthetic-smic \(synthetic\) +strict +\+ flow /);
    assert.match(words[2]!, /^synthetic data/m);
    assert.match(words[5]!, /^Confusion matrices\.\nsynthetic data/);
    assert.match(words[7]!, /^total +4 × 3 /m);
    assert.match(words[8]!, /^Ours: [\d,]+ learned numbers\.\ninput: 16×32×32×2\n/);
    assert.match(words[9]!, /^all 3 \(569 clips\) +a subject +×6 /m);
    for (const bundle of bundles) assert.doesNotMatch(bundle["text/html"] ?? "", /<script|<style/);
  });
});
