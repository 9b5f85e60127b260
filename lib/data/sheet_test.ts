import assert from "node:assert/strict";
import { join } from "@std/path";
import { deflateRawSync } from "node:zlib";
import { DataError } from "lib/core/errors.ts";
import { withDataFolder } from "./clip_testing.ts";
import { type Cell, workbook } from "./layouts/workbook.ts";
import { findSheet, readSheet } from "./sheet.ts";

const columns = {
  subject: { title: "Subject" },
  onset: { title: "Onset Frame", aliases: ["OnsetF"] },
  units: { title: "Action Units", optional: true },
};

async function read(rows: readonly (readonly Cell[])[]): ReturnType<typeof readSheet> {
  let found: Awaited<ReturnType<typeof readSheet>> = [];
  await withDataFolder(async (folder) => {
    await Deno.writeFile(join(folder, "s.xlsx"), await workbook("page", rows));
    found = await readSheet(folder, "s.xlsx", columns);
  });
  return found;
}

async function refused(bytes: Uint8Array, message: RegExp): Promise<void> {
  await withDataFolder(async (folder) => {
    await Deno.writeFile(join(folder, "s.xlsx"), bytes);
    await assert.rejects(readSheet(folder, "s.xlsx", columns), (error: Error) => {
      assert.ok(error instanceof DataError, String(error));
      assert.ok(error.message.startsWith(join(folder, "s.xlsx")), error.message);
      return message.test(error.message) || assert.fail(error.message);
    });
  });
}

Deno.test("readSheet() finds the titles below lines of text and gives rows their numbers", async () => {
  const rows = await read([
    ["Some text about Subject and more"],
    [],
    ["onset  frame", "", "SUBJECT", "Action Units"],
    [46, "", "006", "4 or 12"],
    [],
    ["/", "", 7, ""],
  ]);
  assert.deepEqual(rows, [
    { row: 4, cells: { subject: "006", onset: "46", units: "4 or 12" } },
    { row: 6, cells: { subject: "7", onset: "/", units: "" } },
  ]);
});

Deno.test("readSheet() knows a column by another spelling, and does without an optional one", async () => {
  const rows = await read([["OnsetF", "Subject"], [1, 2]]);
  assert.deepEqual(rows, [{ row: 2, cells: { subject: "2", onset: "1" } }]);
});

Deno.test("readSheet() names the column that is missing", async () => {
  const bytes = await workbook("page", [["Subject", "Onzet"], [1, 2]]);
  await refused(bytes, /The sheet lacks the column 'Onset Frame'\. Use the sheet that came/);
  await refused(await workbook("page", []), /lacks the column 'Subject', 'Onset Frame'/);
});

/** A ZIP file with one part, which may lie about its size. */
function zip(name: string, content: Uint8Array, claimed = content.length): Uint8Array {
  const packed = deflateRawSync(content);
  const bytes = new Uint8Array(30 + name.length + packed.length + 46 + name.length + 22);
  const view = new DataView(bytes.buffer);
  const text = new TextEncoder().encode(name);
  const directory = 30 + name.length + packed.length;
  const sizes = (at: number) => {
    view.setUint16(at, 8, true);
    view.setUint32(at + 10, packed.length, true);
    view.setUint32(at + 14, claimed, true);
    view.setUint16(at + 18, name.length, true);
  };
  view.setUint32(0, 0x04034b50, true);
  sizes(8);
  bytes.set(text, 30);
  bytes.set(packed, 30 + name.length);
  view.setUint32(directory, 0x02014b50, true);
  sizes(directory + 10);
  bytes.set(text, directory + 46);
  const end = directory + 46 + name.length;
  view.setUint32(end, 0x06054b50, true);
  view.setUint16(end + 8, 1, true);
  view.setUint16(end + 10, 1, true);
  view.setUint32(end + 12, 46 + name.length, true);
  view.setUint32(end + 16, directory, true);
  return bytes;
}

Deno.test("readSheet() refuses a file that unpacks to gigabytes, even if it claims not to", async () => {
  const zeros = new Uint8Array(200 * 2 ** 20);
  const honest = zip("xl/worksheets/sheet1.xml", zeros);
  assert.ok(honest.length < 2 ** 20);
  await refused(honest, /unpacks to more than 64 MiB/);
  await refused(zip("xl/worksheets/sheet1.xml", zeros, 100), /unpacks to more than 64 MiB/);
});

Deno.test("readSheet() refuses what is no Excel file, cut off or too large", async () => {
  await refused(new TextEncoder().encode("Subject,Onset Frame\n1,2\n"), /no usable Excel file/);
  await refused(new Uint8Array(0), /no usable Excel file/);
  const whole = await workbook("page", [["Subject", "Onset Frame"], [1, 2]]);
  await refused(whole.subarray(0, whole.length / 2), /it is no ZIP file, or cut off/);
  const damaged = whole.slice();
  damaged.fill(7, 60, 400);
  await refused(damaged, /damaged|Cannot read/);
  await refused(new Uint8Array(17 * 2 ** 20), /17\.0 MiB, more than the 16\.0 MiB/);
  await refused(zip("readme.txt", new Uint8Array(10)), /Cannot read the sheet|lacks the column/);
});

Deno.test("findSheet() takes the one that fits and refuses to choose between two", () => {
  const wanted = { pattern: /^casme2.*coding/i, example: "CASME2-coding-20140508.xlsx" };
  const paths = ["a/~$CASME2-coding.xlsx", "a/CASME2-ObjectiveClasses.xlsx", "a/CASME2-coding.txt"];
  assert.equal(findSheet("data", paths, wanted), undefined);
  assert.equal(
    findSheet("data", [...paths, "b/CASME2-coding-1.xls"], wanted),
    "b/CASME2-coding-1.xls",
  );
  assert.throws(
    () => findSheet("data", ["CASME2-coding-1.xlsx", "old/CASME2-coding-2.xlsx"], wanted),
    /^DataError: data: There are 2 sheets: CASME2-coding-1\.xlsx, old\/CASME2-coding-2\.xlsx\. Keep/,
  );
});
