import assert from "node:assert/strict";
import { join } from "@std/path";
import { bytesBelow, filesBelow, withRunPlace } from "lib/run/testing.ts";
import { quickRow, reproduce } from "./testing.ts";

Deno.test("deno task reproduce runs a row once, and says the second time that nothing changed", async () => {
  await withRunPlace(async (place) => {
    const planned = await reproduce(place, [...quickRow, "--why"]);
    assert.equal(planned.code, 0, planned.err);
    assert.match(
      planned.out,
      /^bi-woof: 3 of 3 folds to compute → .*bi-woof\.arrow\n {2}never computed \(3 folds\)\n$/,
    );
    assert.deepEqual(filesBelow(place.folder), []);
    const first = await reproduce(place, quickRow);
    assert.equal(first.code, 0, first.err);
    assert.match(
      first.err,
      /table1\/bi-woof on synthetic-flow: done in [\d.]+ s, 3 folds, 0 from cache\n/,
    );
    assert.match(first.err, /\nsee .*synthetic-flow\/table1\/summary\.md\n$/);
    const written = await bytesBelow(place.results);
    assert.ok(written.has("synthetic-flow/table1/bi-woof.arrow"));
    assert.ok(written.has("synthetic-flow/table1/summary.md"));
    const second = await reproduce(place, quickRow);
    assert.equal(second.code, 0, second.err);
    assert.match(
      second.err,
      /^table1\/bi-woof on synthetic-flow: unchanged\nsummary on synthetic-flow: unchanged\nsee /m,
    );
    assert.deepEqual(await bytesBelow(place.results), written);
    // A result that is not what was written is written again, from the kept folds.
    await Deno.writeTextFile(join(place.results, "synthetic-flow/table1/bi-woof.md"), "else");
    const third = await reproduce(place, quickRow);
    assert.match(
      third.err,
      /table1\/bi-woof on synthetic-flow: done in [\d.]+ s, 3 folds, 3 from cache\n/,
    );
    assert.deepEqual(await bytesBelow(place.results), written);
    const dry = await reproduce(place, [...quickRow, "--dry-run"]);
    assert.match(dry.out, /^bi-woof: nothing to compute → /);
    const changed = await reproduce(place, [...quickRow, "--blocks", "6", "--why"]);
    assert.match(changed.out, /\n {2}parameter: blocks 5 → 6 \(3 folds\)\n$/);
    const forced = await reproduce(place, [...quickRow, "--force", "--why"]);
    assert.match(forced.out, /\n {2}forced \(3 folds\)\n$/);
  });
});

Deno.test("deno task reproduce computes a damaged fold again, and says so", async () => {
  await withRunPlace(async (place) => {
    assert.equal((await reproduce(place, quickRow)).code, 0);
    const written = await bytesBelow(place.results);
    const [fold = ""] = filesBelow(place.cache);
    await Deno.truncate(join(place.cache, fold), 100);
    const why = await reproduce(place, [...quickRow, "--why"]);
    assert.match(why.out, /1 of 3 folds to compute.*\n {2}fold file damaged \(1 fold\)\n$/);
    const { code, err } = await reproduce(place, quickRow);
    assert.equal(code, 0, err);
    assert.match(err, /3 folds, 2 from cache, 1 kept fold was damaged and computed again\n/);
    assert.deepEqual(await bytesBelow(place.results), written);
  });
});

Deno.test("deno task reproduce keeps finished folds when results cannot be written", async () => {
  await withRunPlace(async (place) => {
    const file = join(place.folder, "file");
    await Deno.writeTextFile(file, "");
    const { code, err } = await reproduce(place, [...quickRow, "--results", join(file, "results")]);
    assert.equal(code, 2);
    assert.match(
      err.trimEnd().split("\n").at(-1)!,
      /^error: .*bi-woof\.arrow: Cannot write .*kept$/,
    );
    assert.equal(filesBelow(place.cache).length, 3);
    assert.match((await reproduce(place, quickRow)).err, /3 folds, 3 from cache/);
  });
});

Deno.test("deno task reproduce without flags is about the three drawn sets, from their frames", async () => {
  await withRunPlace(async (place) => {
    const { code, out, err } = await reproduce(place, ["table1", "bi-woof", "--dry-run"]);
    assert.equal(code, 0, err);
    const lines = out.trimEnd().split("\n");
    for (const [i, set] of ["smic", "samm", "casme2"].entries()) {
      const wanted = `^bi-woof: (\\d+) of \\1 clips to prepare, 6 of 6 folds to compute → ` +
        `.*synthetic-${set}/table1/bi-woof\\.arrow$`;
      assert.match(lines[i]!, new RegExp(wanted));
    }
    assert.deepEqual([lines[3], filesBelow(place.folder)], ["", []]);
    assert.match(out, /^notebooks /m);
  });
});

Deno.test("deno task reproduce finishes the other rows when the folds of one fail", async () => {
  await withRunPlace(async (place) => {
    const { code, err } = await reproduce(place, [
      ...["table1", "stst-net", ...quickRow.slice(1)],
      // No weight outlives this rate.
      ...["--epochs", "2", "--learning-rate", "1e30"],
    ]);
    assert.equal(code, 1, err);
    assert.match(err, /table1\/stst-net on synthetic-flow: 3 of 3 jobs failed:\nfold .*NaN/);
    assert.match(err, /table1\/bi-woof on synthetic-flow: done in /);
    assert.doesNotMatch(err, /summary/);
    const written = filesBelow(place.results).filter((path) => path.endsWith(".arrow"));
    assert.deepEqual(written, ["synthetic-flow/table1/bi-woof.arrow"]);
  });
});

Deno.test("deno task reproduce --dry-run plans for sets that are not here, by their published counts", async () => {
  await withRunPlace(async (place) => {
    const args = "table1 stst-net --data raw --profile paper --dry-run".split(" ");
    const { code, out, err } = await reproduce(place, [...args, "--nodes", "8", "--workers", "4"]);
    assert.equal(code, 0, err);
    assert.match(out, /^stst-net: 164 clips to prepare, 48 folds to compute, if smic-hs is as /);
    assert.match(
      out,
      /^casme2: counted as 246 clips of 26 subjects, as its authors published it /m,
    );
    assert.match(out, /^stst-net on samm +87 +~[\d.]+ +[\d.]+ +[\d.]+$/m);
    assert.match(out, /^32 workers \(8 nodes\): .* by the clock; no order takes less than /m);
    assert.match(out, /^storage: .* of folds, .* of prepared clips, /m);
    assert.match(
      out,
      /^Nothing was measured on this machine yet: .*\nGPU times are calculated, no GPU was measured: /ms,
    );
    const json = await reproduce(place, [...args, "--json"]);
    const plan = JSON.parse(json.out);
    assert.equal(plan.format, "fleeting-plan/1");
    assert.deepEqual(plan.rows.map(({ open }: { open: number }) => open), [48, 87, 78]);
    assert.deepEqual(filesBelow(place.folder), []);
    const stray = await reproduce(place, ["table1", "stst-net", "--nodes", "8"]);
    assert.deepEqual([stray.code, stray.err], [
      2,
      "error: --nodes: This is about planning. Add --dry-run\n",
    ]);
    const zero = await reproduce(place, [...args, "--gpu-efficiency", "2"]);
    assert.equal(zero.code, 2);
  });
});
