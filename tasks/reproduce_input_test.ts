import assert from "node:assert/strict";
import { dirname, join } from "@std/path";
import { loadDataset, lockDataset } from "lib/data/mod.ts";
import { writeMegcLayout } from "lib/data/testing.ts";
import { filesBelow, withRunPlace } from "lib/run/testing.ts";
import { reproduce } from "./testing.ts";

// What is typed, and the whole line on standard error.
const mistakes: readonly (readonly [string, RegExp])[] = [
  ["", /It is not said what to reproduce\. Name one of .*, or give --from/],
  ["tabel1", /Nothing to reproduce is called 'tabel1'\. Did you mean 'table1'\?/],
  ["table1 bi-wof", /table1 has no row 'bi-wof'\. Did you mean 'bi-woof'\?/],
  ["table1 --wrokers 2", /unknown option '--wrokers' \(Did you mean --workers\?\)\. .*/],
  ["table1 --seeds", /option '--seeds <integer>' argument missing\. .*/],
  [
    "table1 --data sintetic-flow",
    /[\w-]+: data: .*"sintetic-flow"\. Did you mean 'synthetic-flow'\?/,
  ],
  ["table1 --profile papr", /[\w-]+: profile: .*"papr"\. Did you mean 'paper'\?/],
  ["table1 --backend cuda", /[\w-]+: backend: .*"cuda"\. Known: tensorflow, wasm/],
  ["table1 --seeds many", /--seeds: Expected a number, got 'many'/],
  ["table1 --seeds 1.5", /[\w-]+: seeds: Expected a whole number, got 1\.5\. .*/],
  ["table1 --seeds 0", /[\w-]+: seeds: Expected 1 to 1000, got 0\. .*/],
  ["table1 --workers 0", /--workers: Expected a whole number of at least 1, got '0'/],
  ["table1 --workers abc", /--workers: Expected a whole number of at least 1, got 'abc'/],
  ["table1 --cell-minutes -1", /--cell-minutes: Expected a number above 0, got '-1'/],
  [
    "table1 bi-woof --epochs 5",
    /--epochs: No chosen row has this parameter\. Rows with it: (?:[a-z0-9-]+, )*off-apex-net, (?:[a-z0-9-]+, )*stst-net/,
  ],
  [
    "table1 bi-woof --split leave-one-clip-out",
    /bi-woof: split: strict never has a subject on both sides.* Use --protocol paper.*/,
  ],
  [
    "table1 bi-woof --data synthetic-flow --split k-fold-by-subject --k 50 --dry-run",
    /Dividing the subjects into 50 parts needs at least 50 subjects, the data has 13/,
  ],
];

function assertOneLine(err: string, what: RegExp): void {
  assert.match(err, new RegExp(`^error: (?:${what.source})\n$`));
}

Deno.test("deno task reproduce answers a mistyped command with one line and exit code 2", async () => {
  await withRunPlace(async (place) => {
    for (const [typed, line] of mistakes) {
      const { code, err, out } = await reproduce(place, typed.split(" ").filter(Boolean));
      assertOneLine(err, line);
      assert.deepEqual([code, out], [2, ""], typed);
    }
    const { err } = await reproduce(place, ["table1"], { FLEETING_WORKERS: "two" });
    assertOneLine(err, /FLEETING_WORKERS: Expected a whole number of at least 1, got 'two'/);
    assert.deepEqual(filesBelow(place.folder), []);
  });
});

interface Data {
  readonly folder: string;
  readonly files: readonly string[];
}

// What happens to a data set, and what is said of it.
const faults: readonly (readonly [string, (data: Data) => Promise<void>, RegExp])[] = [
  [
    "a truncated image",
    ({ folder, files }) => Deno.truncate(join(folder, files[0]!), 200),
    /.*sub01.*\.png: The PNG is cut off\. .*/,
  ],
  [
    "a label folder 3",
    ({ folder, files }) => {
      const label = dirname(join(folder, files[0]!));
      return Deno.rename(label, join(dirname(label), "3"));
    },
    /.*u_test\/3\/.*\.png: Label folder '3' is not 0, 1 or 2\. .*/,
  ],
  [
    "a foreign file",
    ({ folder, files }) => Deno.writeTextFile(join(folder, dirname(files[0]!), "notes.txt"), "x"),
    /.*notes\.txt: This file does not belong here\. .*/,
  ],
  [
    "an extra clip",
    ({ folder, files }) =>
      Deno.copyFile(join(folder, files[0]!), join(folder, dirname(files[0]!), "new.png")),
    /.*1 extra: '[^']*new\.png': Not the data that .*lock\.json describes\. .*data lock.*/,
  ],
  [
    "a changed image",
    ({ folder, files }) => Deno.copyFile(join(folder, files[0]!), join(folder, files[1]!)),
    /.*1 changed: 'sub01[^']*\.png': Not the data that .*lock\.json describes\. .*/,
  ],
  [
    "a missing image",
    ({ folder, files }) => Deno.remove(join(folder, files[0]!)),
    /.*1 missing: 'sub01[^']*\.png': Not the data that .*/,
  ],
];

Deno.test("deno task reproduce stops before training at data that is not as locked", async () => {
  const { samples } = await loadDataset("synthetic-flow");
  for (const [name, damage, line] of faults) {
    await withRunPlace(async (place) => {
      const folder = join(place.folder, "data", "megc2019-flow");
      const files = await writeMegcLayout(folder, {
        samples: samples.filter(({ subject }) => /sub0[123]$/.test(subject)),
      });
      const root = dirname(folder);
      const lockFile = join(place.folder, "lock.json");
      await lockDataset("megc2019-flow", { root, lockFile });
      const typed = "table1 bi-woof --data megc2019-flow --seeds 1 --inner-folds 2".split(" ");
      const run = (...more: string[]) =>
        reproduce(place, [...typed, "--data-root", root, ...more], { FLEETING_LOCK: lockFile });
      const sound = await run("--dry-run");
      assert.match(sound.out, /^bi-woof: 3 of 3 folds to compute/, sound.err);
      await damage({ folder, files: files.filter((file) => file.startsWith("sub01")) });
      const { code, err } = await run("--dry-run");
      assertOneLine(err, line);
      assert.equal(code, 2, name);
    });
  }
});

Deno.test("deno task reproduce tells of missing data in one line when a notebook finds out", async () => {
  await withRunPlace(async (place) => {
    const typed = "table1 bi-woof --data megc2019-flow --data-root".split(" ");
    const { code, err } = await reproduce(place, [...typed, place.folder]);
    assert.equal(code, 2);
    const lines = err.trimEnd().split("\n");
    assert.match(lines.at(-1)!, /^error: .*megc2019-flow: Data set .* is not there/);
    assert.deepEqual(
      lines.slice(0, -1).filter((line) => !line.startsWith("table1/bi-woof on megc2019-flow: ")),
      [],
    );
    assert.deepEqual(filesBelow(place.cache), []);
  });
});

Deno.test("deno task reproduce leaves out rows that a data set has no frames for, and names them", async () => {
  await withRunPlace(async (place) => {
    for (const name of ["table1", "curves"]) {
      const { code, out, err } = await reproduce(place, [
        ...[name, "--data", "synthetic-flow", "--seeds", "1", "--dry-run"],
      ]);
      assert.equal(code, 0, err);
      assert.match(err, /^synthetic-flow has no frames, so without: .*lgccon/);
      assert.match(out, /^stst-net: /m);
      assert.doesNotMatch(out, /lgccon/);
    }
    const named = await reproduce(place, ["table1", "lgccon", "--data", "synthetic-flow"]);
    assert.equal(named.code, 2);
    assert.match(named.err, /lgccon: data: Unknown choice "synthetic-flow"/);
  });
});
