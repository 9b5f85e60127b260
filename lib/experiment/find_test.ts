import assert from "node:assert/strict";
import { ParameterError } from "lib/core/errors.ts";
import { findExperiment, findExperiments } from "./find.ts";

Deno.test("findExperiments() takes no path for a table's name, nor for a row's", async () => {
  const odd = ["../x", "../table1", "table1/../table1", "/etc", ".", "..", "", "table1\0", "a\nb"];
  for (const name of [...odd, "__proto__", "constructor", "x".repeat(100_000)]) {
    await assert.rejects(findExperiments(name), ParameterError, name.slice(0, 40));
    await assert.rejects(findExperiment("table1", name), (error) => {
      assert.ok(error instanceof ParameterError);
      assert.ok(error.message.length < 22_000);
      return true;
    });
  }
});
