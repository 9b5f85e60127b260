import assert from "node:assert/strict";
import { dirname, join } from "@std/path";
import { fakeRecordings, loadFake, withDataFolder } from "./clip_testing.ts";
import { encodeFrame, writeLayout } from "./layouts/write.ts";
import { officialLayouts } from "./layouts/official.ts";
import { type Cell, workbook } from "./layouts/workbook.ts";

const made = fakeRecordings("smic", ["negative", "positive", "surprise"]);
const { sheet } = officialLayouts.smic;

/** The rows of the official sheet, changed, in a file of its name. */
async function writeRows(folder: string, change: (rows: Cell[][]) => void): Promise<void> {
  const rows = sheet.rows(made).map((row) => [...row]);
  change(rows);
  await Deno.writeFile(join(folder, sheet.path), await workbook("HS", rows));
}

/** Writes the same recordings as long clips: `s01/s1_ne_01/image8.jpg`. */
async function writeLong(folder: string): Promise<void> {
  for (const recording of made) {
    const clip = recording.name.replace(/^s0/, "s");
    const below = join(folder, "HS_long", "SMIC-HS-E", recording.subject, clip);
    await Deno.mkdir(below, { recursive: true });
    for (let number = 8; number < 20; number++) {
      const file = join(below, `image${number}.jpg`);
      await Deno.writeFile(file, await encodeFrame(recording.frame(number), "jpeg"));
    }
  }
}

Deno.test("SMIC's sorted folders need no sheet: each is one expression as a whole", async () => {
  await withDataFolder(async (folder) => {
    await writeLayout("smic", made, folder);
    await Deno.remove(join(folder, sheet.path));
    const { clips, notes } = await loadFake("smic", folder);
    assert.deepEqual(
      clips.map(({ clip, emotion, onset, offset }) => [clip, emotion, onset, offset]),
      [
        ["smic/s01/s01_ne_01", "negative", 0, 11],
        ["smic/s01/s01_sur_03", "surprise", 0, 11],
        ["smic/s02/s02_po_02", "positive", 0, 11],
      ],
    );
    assert.ok(notes.every((note) => /^Not the published/.test(note)));
  });
});

Deno.test("SMIC's sheet narrows a folder down, or is passed over where its frames lie elsewhere", async () => {
  await withDataFolder(async (folder) => {
    await writeLayout("smic", made, folder);
    await writeRows(folder, (rows) => {
      rows[2]![3] = 100_000;
      rows[2]![4] = 100_009;
    });
    const { clips, notes } = await loadFake("smic", folder);
    assert.deepEqual(clips.map(({ onset, offset }) => [onset, offset]), [[2, 9], [2, 9], [0, 11]]);
    assert.ok(
      notes.some((note) => /^Folders that count as a whole, .*\(1\): s02_po_02\.$/.test(note)),
    );
  });
});

Deno.test("SMIC's sheet and folders must agree on the emotion", async () => {
  await withDataFolder(async (folder) => {
    await writeLayout("smic", made, folder);
    await writeRows(folder, (rows) => rows[1]![13] = "positive");
    await assert.rejects(
      loadFake("smic", folder),
      /row 2, emotion: s01_ne_01 is 'positive' here, but lies in the folder 'HS\/s01\/micro\/negative/,
    );
  });
});

Deno.test("SMIC's long clips may hold two expressions; rows without an emotion are passed over", async () => {
  await withDataFolder(async (folder) => {
    await writeLong(folder);
    await assert.rejects(loadFake("smic", folder), /There is no sheet/);
    await writeRows(folder, (rows) => {
      rows[1]![4] = 12;
      rows[1]![5] = 14;
      rows[1]![6] = 18;
      rows.push([4, "s04_non_01", "", "", "", "", "", "", 1, 99, "", "", 99, ""]);
    });
    const { clips, notes } = await loadFake("smic", folder);
    assert.deepEqual(
      clips.map(({ clip, onset, offset, frameNames }) => [
        clip,
        onset,
        offset,
        frameNames.length,
      ]),
      [
        ["smic/s01/s01_ne_01", 2, 4, 12],
        ["smic/s01/s01_ne_01_2", 6, 10, 12],
        ["smic/s01/s01_sur_03", 2, 9, 12],
        ["smic/s02/s02_po_02", 2, 9, 12],
      ],
    );
    assert.notEqual(clips[0]?.digest, clips[1]?.digest);
    assert.ok(
      notes.some((note) => /^Clips with more than one expression.*\(1\): s01_ne_01\.$/.test(note)),
    );
  });
});

Deno.test("SMIC: a clip of the sheet without a folder makes a subset", async () => {
  await withDataFolder(async (folder) => {
    await writeLayout("smic", made, folder);
    const path = officialLayouts.smic.framePath(made[1]!, 8);
    await Deno.remove(dirname(join(folder, path)), { recursive: true });
    const { clips, leftOut } = await loadFake("smic", folder);
    assert.equal(clips.length, 2);
    assert.deepEqual(leftOut.map(({ clip }) => clip), ["smic/s02/s02_po_02"]);
  });
});
