import assert from "node:assert/strict";
import { dirname, join } from "@std/path";
import { fakeRecordings, loadFake, withDataFolder } from "./clip_testing.ts";
import { corrections, knownGaps } from "./corrections.ts";
import { officialLayouts } from "./layouts/official.ts";
import { writeLayout } from "./layouts/write.ts";
import { type Cell, workbook } from "./layouts/workbook.ts";
import type { Recording, SetName } from "./synthetic/recording.ts";

/** Writes a set with a changed sheet. */
async function writeChanged(
  set: SetName,
  made: readonly Recording[],
  folder: string,
  change: (rows: Cell[][]) => void,
): Promise<void> {
  await writeLayout(set, made, folder);
  const { sheet } = officialLayouts[set];
  const rows = sheet.rows(made).map((row) => [...row]);
  change(rows);
  await Deno.writeFile(join(folder, sheet.path), await workbook(sheet.page, rows));
}

Deno.test("SAMM: thirteen lines stand above the titles, and a subject may have become a number", async () => {
  const made = fakeRecordings("samm", ["Anger", "Other"]);
  await withDataFolder(async (folder) => {
    await writeChanged("samm", made, folder, (rows) => {
      assert.equal(rows.findIndex((row) => row[0] === "Subject" && row.length === 12), 13);
      rows[14]![0] = 6;
      rows[15]![9] = "Others";
    });
    const { clips, classes } = await loadFake("samm", folder);
    assert.deepEqual(clips.map(({ clip, emotion, label }) => [clip, emotion, classes[label]]), [
      ["samm/006/006_1_1", "Anger", "negative"],
      ["samm/007/007_1_2", "Others", "other"],
    ]);
    await writeChanged("samm", made, folder, (rows) => rows[14]![0] = "six");
    await assert.rejects(
      loadFake("samm", folder),
      /row 15, subject: 'six' is not a subject such as 006/,
    );
  });
});

Deno.test("SAMM: folders of subjects may lie in the data set's folder itself", async () => {
  const made = fakeRecordings("samm", ["Anger", "Other"]);
  await withDataFolder(async (folder) => {
    await writeLayout("samm", made, folder);
    for (const subject of ["006", "007"]) {
      await Deno.rename(join(folder, "SAMM", subject), join(folder, subject));
    }
    assert.equal((await loadFake("samm", folder)).clips.length, 2);
  });
});

Deno.test("CASME II: cropped frames are used where there are no others, and named if there are", async () => {
  const made = fakeRecordings("casme2", ["disgust", "happiness"]);
  await withDataFolder(async (folder) => {
    await writeLayout("casme2", made, folder);
    const cropped = join(folder, "Cropped", "sub01", "EP02_01f");
    await Deno.mkdir(cropped, { recursive: true });
    for (let number = 8; number < 20; number++) {
      const raw = join(folder, officialLayouts.casme2.framePath(made[0]!, number));
      await Deno.copyFile(raw, join(cropped, `reg_img${number}.jpg`));
    }
    const both = await loadFake("casme2", folder);
    assert.match(both.clips[0]?.frameNames[2] ?? "", /^CASME2_RAW_selected\/.*\/img10\.jpg$/);
    assert.ok(
      both.notes.includes("Frames are those of 'CASME2_RAW_selected'; passed over: 'Cropped'."),
    );
    await Deno.remove(join(folder, "CASME2_RAW_selected"), { recursive: true });
    const { clips } = await loadFake("casme2", folder);
    assert.deepEqual(clips.map(({ frameNames }) => frameNames[2]), [
      "Cropped/sub01/EP02_01f/reg_img10.jpg",
    ]);
  });
});

Deno.test("CASME II: a clip is found whatever the case and zeros of its folder's name", async () => {
  const made = fakeRecordings("casme2", ["disgust"]);
  await withDataFolder(async (folder) => {
    await writeLayout("casme2", made, folder);
    const clip = join(folder, dirname(officialLayouts.casme2.framePath(made[0]!, 8)));
    await Deno.rename(clip, join(dirname(clip), "ep2_01F"));
    const set = await loadFake("casme2", folder);
    assert.deepEqual(set.clips.map(({ clip }) => clip), ["casme2/sub01/EP02_01f"]);
  });
});

Deno.test("links to folders of frames are followed", async () => {
  const made = fakeRecordings("casme2", ["disgust"]);
  await withDataFolder(async (folder) => {
    await writeLayout("casme2", made, folder);
    const subject = join(folder, "CASME2_RAW_selected", "sub01");
    await Deno.rename(subject, join(folder, "..", "elsewhere"));
    await Deno.symlink(join(folder, "..", "elsewhere"), subject);
    assert.equal((await loadFake("casme2", folder)).clips.length, 1);
  });
});

Deno.test("corrections and known gaps name subject and clip, once a field, with a reason", () => {
  const keys = corrections.map(({ set, clip, field }) => `${set} ${clip} ${field}`);
  assert.equal(new Set(keys).size, keys.length);
  const clips = knownGaps.map(({ set, clip }) => `${set} ${clip}`);
  assert.equal(new Set(clips).size, clips.length);
  const names: Readonly<Record<SetName, RegExp>> = {
    smic: /^s(\d\d)\/s\1_(ne|po|sur)_\d\d$/,
    samm: /^(\d{3})\/\1_\d_\d$/,
    casme2: /^sub\d\d\/EP\d\d_\d\df?$/,
  };
  for (const { set, clip, reason } of [...corrections, ...knownGaps]) {
    assert.match(clip, names[set]);
    assert.match(reason, /^[a-z].*[^.]$/); // It becomes the end of a sentence.
  }
});
