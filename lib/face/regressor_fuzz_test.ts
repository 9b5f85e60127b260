import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "@std/path";
import { damaged, fuzz } from "lib/core/fuzz_testing.ts";
import { readRegressor } from "./regressor_file.ts";
import { openPack, packRegressor } from "./regressor_pack.ts";
import { handmade, testdata } from "./testing.ts";

const tiny = Deno.readFileSync(join(testdata, "tiny.dat"));
const hand = Uint8Array.from(handmade());

Deno.test("readRegressor() gives a regressor or an error for any file", async () => {
  await fuzz({
    name: "regressors",
    file: "some.dat",
    cases: 800,
    variant: (random) => damaged([tiny, hand], random),
    parse: (bytes: Uint8Array) => readRegressor(bytes, "some.dat"),
  });
});

Deno.test("openPack() opens a whole pack or none, even when the digest was made to fit", async () => {
  const source = "ab".repeat(32);
  const pack = packRegressor(readRegressor(tiny, "tiny.dat"), source);
  assert.ok(openPack(pack, source) !== undefined);
  await fuzz({
    name: "packs",
    file: "",
    cases: 500,
    variant(random) {
      const bytes = damaged([pack], random);
      if (bytes.length < 96) return bytes;
      bytes.set(
        createHash("sha256").update(bytes.subarray(0, 64)).update(bytes.subarray(96)).digest(),
        64,
      );
      return bytes;
    },
    parse(bytes: Uint8Array<ArrayBuffer>) {
      const opened = openPack(bytes, source);
      if (opened === undefined) return;
      const { points, cascades, trees, depth } = opened.sizes;
      assert.equal(opened.initial.length, 2 * points);
      assert.equal(opened.thresholds.length, cascades * trees * (2 ** depth - 1));
    },
  });
});
