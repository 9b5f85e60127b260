import assert from "node:assert/strict";
import { SetupError } from "lib/core/errors.ts";
import { compareVersions, minimumDeno, requireDeno } from "./versions.ts";

Deno.test("compareVersions() orders by number, not by text", () => {
  const sorted = ["1.46.3", "2.0.0-rc.1", "2.0.0", "2.9.4", "2.10.0", "2.10.1"];
  for (let i = 1; i < sorted.length; i++) {
    assert.ok(compareVersions(sorted[i - 1]!, sorted[i]!) < 0, `${sorted[i - 1]} < ${sorted[i]}`);
    assert.ok(compareVersions(sorted[i]!, sorted[i - 1]!) > 0);
  }
  assert.equal(compareVersions("v2.9.4", "2.9.4+abc"), 0);
  assert.throws(() => compareVersions("2.9", "2.9.4"), RangeError);
});

Deno.test("requireDeno() admits the minimum and refuses what is older, naming both ways out", () => {
  requireDeno(minimumDeno);
  requireDeno("3.0.0");
  assert.throws(() => requireDeno("2.9.3"), (error: Error) => {
    assert.ok(error instanceof SetupError);
    assert.match(error.message, /Deno 2\.9\.3 is too old, 2\.9\.4 or newer is needed/);
    assert.match(error.message, /deno upgrade/);
    assert.match(error.message, /npx -y deno@/);
    return true;
  });
});
