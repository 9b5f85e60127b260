import assert from "node:assert/strict";
import { join } from "@std/path";
import { readRegressor } from "./regressor_file.ts";
import { openPack, packRegressor } from "./regressor_pack.ts";
import { testdata } from "./testing.ts";

const regressor = readRegressor(Deno.readFileSync(join(testdata, "tiny.dat")), "tiny.dat");
const source = "ab".repeat(32);

Deno.test("openPack() gives back what packRegressor() packed", () => {
  assert.deepEqual(openPack(packRegressor(regressor, source), source), regressor);
});

Deno.test("openPack() refuses another source, damage, a cut and other files", () => {
  const pack = packRegressor(regressor, source);
  assert.equal(openPack(pack, "cd".repeat(32)), undefined);
  assert.equal(openPack(pack.slice(0, -1), source), undefined);
  assert.equal(openPack(new Uint8Array(), source), undefined);
  assert.equal(openPack(new Uint8Array(4096), source), undefined);
  for (const at of [0, 8, 12, 40, 70, 96, pack.length >> 1, pack.length - 1]) {
    const damaged = pack.slice();
    damaged[at]! ^= 1;
    assert.equal(openPack(damaged, source), undefined, `byte ${at}`);
  }
});
