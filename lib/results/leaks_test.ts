import assert from "node:assert/strict";
import { findExperiments } from "lib/experiment/find.ts";
import { resolveParameters, schemaOf } from "lib/experiment/parameters.ts";
import { leaks, leaksOf } from "./leaks.ts";
import { cautions } from "./scores.ts";
import { exampleMetadata } from "./testing.ts";

// Whatever else a switch needs to have an effect.
const needs: Readonly<Record<string, object>> = { "lbp-top": { components: 8 } };

Deno.test("every leak is a switch that strict refuses and that paper marks as optimistic", async () => {
  const rows = await findExperiments("table1");
  for (const { parameter, value, what } of leaks) {
    const having = rows.filter((row) => parameter in schemaOf(row));
    assert.ok(having.length > 0, parameter);
    for (const row of having) {
      // A network of several heads has no one best epoch, under either protocol.
      if (parameter === "epochSelection" && "headSelection" in schemaOf(row)) continue;
      const given = { ...needs[row.id], [parameter]: value };
      assert.throws(
        () => resolveParameters(row, { ...given, protocol: "strict" }),
        new RegExp(`${row.id}: ${parameter}: strict .*--protocol paper`),
      );
      const parameters = resolveParameters(row, { ...given, protocol: "paper" });
      assert.ok(leaksOf(parameters, "headSelection" in parameters).includes(what));
      const said = cautions({
        metadata: { ...exampleMetadata, parameters, protocol: "paper", optimistic: true },
      });
      assert.ok(said.some((text) => text.startsWith("optimistic: ") && text.includes(what)));
    }
  }
});

Deno.test("leaksOf() finds nothing in any row under strict", async () => {
  for (const row of await findExperiments("table1")) {
    assert.deepEqual(leaksOf(resolveParameters(row, {}), true), [], row.id);
  }
});
