import assert from "node:assert/strict";
import { findExperiments } from "lib/experiment/find.ts";
import { resolveParameters } from "lib/experiment/parameters.ts";
import { exampleMetadata } from "lib/results/testing.ts";
import { learnedNumbers } from "./size.ts";

const of = async (id: string, data: string, given: object = {}) => {
  const rows = await findExperiments("table1");
  const experiment = rows.find((row) => row.id === id)!;
  return await learnedNumbers({
    ...exampleMetadata,
    experiment,
    parameters: resolveParameters(experiment, { data, ...given }),
    data: { ...exampleMetadata.data, name: data },
  });
};

Deno.test("learnedNumbers() counts what the rows' own tests count", async () => {
  assert.equal(exampleMetadata.classes.length, 3);
  assert.equal(await of("off-apex-net", "synthetic-smic"), 2_664_475);
  assert.equal(await of("dual-inception", "megc2019-flow"), 6_449_963);
  assert.equal(await of("rcn", "synthetic-flow", { width: 32, cells: 5 }), 15_331);
  assert.equal(await of("htnet", "synthetic-smic"), 607_942);
  assert.equal(await of("bi-woof", "synthetic-smic"), undefined);
});

Deno.test("learnedNumbers() takes every row of the table", async () => {
  for (const { id, method } of await findExperiments("table1")) {
    const found = await of(id, "synthetic-smic");
    const trains = "build" in await (await import("lib/run/methods.ts")).findMethod(method);
    assert.equal(found !== undefined && found > 1000, trains, id);
  }
});
