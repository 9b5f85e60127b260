import assert from "node:assert/strict";
import { dirname, join } from "@std/path";
import { DataError } from "lib/core/errors.ts";
import {
  expectedOfFake,
  fakeRecordings,
  loadFake,
  surveyFake,
  withDataFolder,
} from "./clip_testing.ts";
import type { Correction, KnownGap } from "./corrections.ts";
import { encodeFrame, writeLayout } from "./layouts/write.ts";
import { officialLayouts } from "./layouts/official.ts";
import { type Cell, workbook } from "./layouts/workbook.ts";
import type { Recording } from "./synthetic/recording.ts";

const emotions = ["disgust", "happiness", "surprise", "others"];
const made = fakeRecordings("casme2", emotions);
const { framePath, sheet } = officialLayouts.casme2;
const first = made[0]!;
const apexless = "casme2/sub02/EP02_04f: the sheet has no apex.";

/** Gives a test a small CASME II to damage. */
async function withClips(test: (folder: string) => Promise<void>): Promise<void> {
  await withDataFolder(async (folder) => {
    await writeLayout("casme2", made, folder);
    await test(folder);
  });
}

const frameFile = (folder: string, recording: Recording, number: number) =>
  join(folder, framePath(recording, number));

/** Writes another sheet: the official rows, changed. */
async function writeRows(folder: string, change: (rows: Cell[][]) => void): Promise<void> {
  const rows = sheet.rows(made).map((row) => [...row]);
  change(rows);
  await Deno.writeFile(join(folder, sheet.path), await workbook("Sheet1", rows));
}

async function refused(folder: string, ...messages: (string | RegExp)[]): Promise<void> {
  await assert.rejects(loadFake("casme2", folder), (error: Error) => {
    assert.ok(error instanceof DataError, String(error));
    assert.doesNotMatch(error.message, /\n/);
    for (const part of messages) {
      const found = typeof part === "string"
        ? error.message.includes(part)
        : part.test(error.message);
      assert.ok(found, `${part} in: ${error.message}`);
    }
    return true;
  });
}

// Columns of the sheet.
const [onset, apex, offset, emotion] = [3, 4, 5, 8];

Deno.test("a missing frame between onset and offset stops, naming clip, folder and frame", async () => {
  await withClips(async (folder) => {
    await Deno.remove(frameFile(folder, first, 12));
    await refused(folder, dirname(frameFile(folder, first, 12)), "casme2/sub01/EP02_01f");
    await refused(folder, "frame 12 is missing between 10 and 17", /Copy the folder again/);
    await Deno.remove(frameFile(folder, first, 13));
    await Deno.remove(frameFile(folder, first, 17));
    await refused(folder, "frames 12, 13, 17 are");
  });
});

Deno.test("frames before onset and after offset may be missing; the clip is what is joined", async () => {
  await withClips(async (folder) => {
    await Deno.remove(frameFile(folder, first, 8));
    await Deno.remove(frameFile(folder, first, 18));
    const [clip] = (await loadFake("casme2", folder)).clips;
    assert.deepEqual([clip?.onset, clip?.apex, clip?.offset], [1, 4, 8]);
    assert.equal(clip?.frameNames.length, 9);
    assert.match(clip?.frameNames[0] ?? "", /img9\.jpg$/);
  });
});

Deno.test("a gap that the published frames have is used and noted", async () => {
  await withClips(async (folder) => {
    await Deno.remove(frameFile(folder, first, 17));
    await Deno.remove(frameFile(folder, first, 16));
    const gap: KnownGap = { set: "casme2", clip: "sub01/EP02_01f", frames: 2, reason: "so it is" };
    const { clips, notes } = await loadFake("casme2", folder, { gaps: [gap] });
    assert.deepEqual([clips[0]?.onset, clips[0]?.offset], [2, 7]);
    assert.equal(clips[0]?.frameNames.length, 8);
    assert.ok(
      notes.includes(
        "casme2/sub01/EP02_01f: frames 16 to 17 are missing, since so it is.",
      ),
      notes.join("\n"),
    );
    await assert.rejects(loadFake("casme2", folder, { gaps: [{ ...gap, frames: 1 }] }), /missing/);
  });
});

Deno.test("a frame of another size stops, naming the frame and both sizes", async () => {
  await withClips(async (folder) => {
    const [other] = fakeRecordings("casme2", emotions, { width: 30 });
    await Deno.writeFile(frameFile(folder, first, 12), await encodeFrame(other!.frame(12), "jpeg"));
    await refused(
      folder,
      "img12.jpg: casme2/sub01/EP02_01f: this frame has 30×24 pixels, the first 32×24",
    );
  });
});

Deno.test("an empty image stops at once, half an image when it is decoded", async () => {
  await withClips(async (folder) => {
    const file = frameFile(folder, first, 12);
    const whole = await Deno.readFile(file);
    await Deno.writeFile(file, new Uint8Array(0));
    await refused(folder, file, "The file is empty. Copy the file again");
    await Deno.writeFile(file, whole.subarray(0, whole.length - 200));
    const [clip] = (await loadFake("casme2", folder)).clips;
    await clip!.frame(3);
    await assert.rejects(
      clip!.frame(4),
      (error: Error) =>
        error instanceof DataError && error.message.startsWith(file) &&
        /cut off/.test(error.message),
    );
    await assert.rejects(clip!.frame(12), /has frames 0\.\.11, not 12/);
    await Deno.remove(file);
    await assert.rejects(
      clip!.frame(4),
      (error: Error) =>
        error instanceof DataError && error.message.startsWith(file) &&
        /Cannot read/.test(error.message),
    );
  });
});

Deno.test("an apex outside onset..offset stops, naming row and column", async () => {
  await withClips(async (folder) => {
    await writeRows(folder, (rows) => rows[1]![apex] = 18);
    await refused(folder, `${sheet.path}: row 2, apex: casme2/sub01/EP02_01f`);
    await refused(
      folder,
      "the apex 18 is outside onset..offset, 10..17",
      "lib/data/corrections.ts",
    );
  });
});

Deno.test("a known bad apex is passed over, and a known bad offset corrected, while they last", async () => {
  await withClips(async (folder) => {
    await writeRows(folder, (rows) => {
      rows[1]![apex] = -1;
      rows[2]![offset] = 9999;
    });
    const known = { set: "casme2", from: "impossible", reason: "it is known" } as const;
    const corrections: Correction[] = [
      { ...known, clip: "sub01/EP02_01f", field: "apex", to: "none" },
      { ...known, clip: "sub02/EP02_02f", field: "offset", to: 15 },
      { ...known, clip: "sub01/EP02_03f", field: "apex", to: 11 }, // Right in this sheet.
    ];
    const { clips, notes } = await loadFake("casme2", folder, { corrections });
    const of = (name: string) => clips.find(({ clip }) => clip.endsWith(name))!;
    assert.equal(of("EP02_01f").apex, undefined);
    assert.equal(of("EP02_02f").offset, 7);
    assert.equal(of("EP02_03f").apex, 5);
    const said = notes.filter((note) => note.includes("since it is known"));
    assert.deepEqual(said, [
      "casme2/sub01/EP02_01f: the apex -1 is passed over, since it is known.",
      "casme2/sub02/EP02_02f: the offset 9999 is taken for 15, since it is known.",
    ]);
  });
});

Deno.test("a clip of one frame, an offset before the onset and a missing onset stop", async () => {
  await withClips(async (folder) => {
    await writeRows(folder, (rows) => rows[1]![offset] = rows[1]![onset] = rows[1]![apex] = 10);
    await refused(folder, "row 2, offset: casme2/sub01/EP02_01f has one frame only, 10");
    await writeRows(folder, (rows) => rows[1]![offset] = 9);
    await refused(folder, "the offset 9 precedes the onset 10");
    await writeRows(folder, (rows) => rows[1]![onset] = "/");
    await refused(folder, "casme2/sub01/EP02_01f has no onset");
    await writeRows(folder, (rows) => rows[1]![onset] = "ten");
    await refused(folder, "row 2, onset: 'ten' is not the number of a frame");
  });
});

Deno.test("an offset of millions of frames stops without a list of them", async () => {
  await withClips(async (folder) => {
    await writeRows(folder, (rows) => rows[1]![offset] = 900_000_000);
    await refused(folder, "frames 20 to 119 are missing");
  });
});

Deno.test("an unknown emotion stops, with the closest that is known", async () => {
  await withClips(async (folder) => {
    await writeRows(folder, (rows) => rows[3]![emotion] = "surprize");
    await refused(folder, "row 4, emotion: casme2/sub01/EP02_03f: unknown emotion 'surprize'");
    await refused(folder, "Did you mean 'surprise'?");
    await writeRows(folder, (rows) => rows[3]![emotion] = "");
    await refused(folder, "unknown emotion ''");
  });
});

Deno.test("a sheet that lacks a column, that is not there or there twice stops", async () => {
  await withClips(async (folder) => {
    await writeRows(folder, (rows) => rows[0]![apex] = "Peak");
    await refused(folder, "The sheet lacks the column 'ApexFrame'");
    const copy = join(folder, "CASME2-coding-updated.xlsx");
    await Deno.copyFile(join(folder, sheet.path), copy);
    await refused(folder, "There are 2 sheets");
    await Deno.remove(copy);
    await Deno.remove(join(folder, sheet.path));
    await refused(folder, "There is no sheet", "CASME2-coding-20140508.xlsx");
  });
});

Deno.test("names of the sheet cannot lead out of the folder", async () => {
  await withClips(async (folder) => {
    for (const name of ["../secret", "..", "a/b", "a\\b", ""]) {
      await writeRows(folder, (rows) => rows[1]![1] = name);
      await refused(folder, "row 2, name: ", /cannot be a folder's name|The cell is empty/);
    }
    await writeRows(folder, (rows) => rows[1]![0] = "../1");
    await refused(folder, "row 2, subject: '../1' cannot be a folder's name");
  });
});

Deno.test("two rows of one clip stop", async () => {
  await withClips(async (folder) => {
    await writeRows(folder, (rows) => rows.push([...rows[1]!]));
    await refused(folder, "row 6: casme2/sub01/EP02_01f is there twice, as in row 2");
  });
});

Deno.test("a folder without frames says what was looked for", async () => {
  await withDataFolder(async (folder) => {
    await refused(folder, "no folders of frames", "CASME2_RAW_selected/sub01/EP02_01f/img46.jpg");
  });
});

Deno.test("a subset can be used and says which clips it lacks", async () => {
  await withClips(async (folder) => {
    await Deno.remove(dirname(frameFile(folder, first, 8)), { recursive: true });
    const { clips, notes, leftOut } = await loadFake("casme2", folder, {
      expected: expectedOfFake(made),
    });
    assert.equal(clips.length, 3);
    assert.deepEqual(notes, [
      "This is a subset: 1 of the 4 clips of the sheet have no frames here: sub01/EP02_01f.",
      apexless,
    ]);
    assert.deepEqual(leftOut, [{
      clip: "casme2/sub01/EP02_01f",
      reason: "its folder of frames is not there",
    }]);
  });
});

Deno.test("folders that are not in the sheet and other counts than expected are noted", async () => {
  await withClips(async (folder) => {
    await writeRows(folder, (rows) => rows.splice(1, 1));
    const { notes } = await loadFake("casme2", folder, { expected: expectedOfFake(made) });
    assert.deepEqual(notes, [
      "Folders of frames that are not in the sheet (1): CASME2_RAW_selected/sub01/EP02_01f.",
      "Not the published 4 clips but 3: disgust 0 instead of 1.",
      apexless,
    ]);
  });
});

Deno.test("several problems are counted, and a survey lists them without their clips", async () => {
  await withClips(async (folder) => {
    await Deno.writeFile(frameFile(folder, first, 12), new Uint8Array(0));
    await writeRows(folder, (rows) => {
      rows[3]![emotion] = "joy";
      rows[2]![apex] = 99;
    });
    await refused(folder, /There are 2 more: deno task data inspect fake-casme2 lists them$/);
    const { set, problems } = await surveyFake("casme2", folder);
    assert.equal(problems.length, 3);
    assert.deepEqual(set.clips.map(({ clip }) => clip), ["casme2/sub02/EP02_04f"]);
  });
});

Deno.test("the digest depends on frames, annotation and labels, not on places and names", async () => {
  await withClips(async (folder) => {
    const before = await loadFake("casme2", folder);
    await Deno.rename(join(folder, "CASME2_RAW_selected"), join(folder, "raw"));
    assert.equal((await loadFake("casme2", folder)).digest, before.digest);
    const three = await loadFake("casme2", folder, { labels: "megc3" });
    assert.notEqual(three.digest, before.digest);
    assert.equal(three.clips[0]?.digest, before.clips[0]?.digest);
    await writeRows(folder, (rows) => rows[1]![apex] = 14);
    const moved = await loadFake("casme2", folder);
    assert.notEqual(moved.clips[0]?.digest, before.clips[0]?.digest);
    assert.equal(moved.clips[1]?.digest, before.clips[1]?.digest);
    await writeRows(folder, () => {});
    const file = join(folder, framePath(first, 12).replace("CASME2_RAW_selected", "raw"));
    await Deno.writeFile(file, await encodeFrame(first.frame(13), "jpeg"));
    assert.notEqual((await loadFake("casme2", folder)).digest, before.digest);
  });
});

Deno.test("an exported synthetic set is told from a filmed one", async () => {
  await withClips(async (folder) => {
    await Deno.writeTextFile(join(folder, "SYNTHETIC.txt"), "");
    const set = await loadFake("casme2", folder, { synthetic: false });
    assert.equal(set.synthetic, true);
    assert.match(set.notes[0] ?? "", /generated clips/);
  });
});
