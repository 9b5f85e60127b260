import assert from "node:assert/strict";
import { join } from "@std/path";
import { Buffer } from "node:buffer";
import { crc32, deflateSync } from "node:zlib";
import { encode as encodeBmp } from "fast-bmp";
import { utils, write } from "@e965/xlsx";
import { unzipSync, zipSync } from "fflate";
import { DataError } from "lib/core/errors.ts";
import { damaged, fuzz } from "lib/core/fuzz_testing.ts";
import { hostile } from "lib/core/hostile_testing.ts";
import { withDataFolder } from "./clip_testing.ts";
import { frameFacts } from "./frame_facts.ts";
import { decodeFrame, imageLibrary } from "./frames.ts";
import { decodePng } from "./image.ts";
import { workbook } from "./layouts/workbook.ts";
import { readLock } from "./lock.ts";
import { refuseInflated } from "./map_bounds.ts";
import { readSheet } from "./sheet.ts";
import images from "./testdata/images.json" with { type: "json" };
import { zipProblem } from "./zip_bounds.ts";

const bytesOf = (base64: string) => new Uint8Array(Buffer.from(base64, "base64"));
const pictures = Object.values(images).map(({ file }) => bytesOf(file));
const grey = Uint8Array.from({ length: 28 * 28 * 3 }, (_, i) => (37 * i) % 256);
const sharp = await imageLibrary();
const map = new Uint8Array(
  await sharp(grey, { raw: { width: 28, height: 28, channels: 3 } }).png().toBuffer(),
);
const form = { width: 28, height: 28, channels: 3 };

/** Closes the chunks of a PNG again after damage, so that it goes deeper than the checksums. */
function withChecksums(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const view = new DataView(bytes.buffer);
  for (let at = 8; at + 12 <= bytes.length;) {
    const end = at + 8 + view.getUint32(at);
    if (end + 4 > bytes.length) break;
    view.setUint32(end, crc32(bytes.subarray(at + 4, end)));
    at = end + 4;
  }
  return bytes;
}

Deno.test("decodeFrame() gives a frame or an error for any image", async () => {
  const rows = new Uint8Array(3 * 6 * 5).map((_, i) => 11 * i);
  const shape = { width: 6, height: 5, channels: 3, components: 3 } as const;
  const bmp = encodeBmp({ ...shape, bitsPerPixel: 24, data: rows });
  const palette = new Uint8Array(54 + 1024 + 8 * 5);
  palette.set(bmp.subarray(0, 54));
  new DataView(palette.buffer).setUint32(10, 54 + 1024, true);
  new DataView(palette.buffer).setUint16(28, 8, true);
  const { values, errors } = await fuzz({
    name: "frames",
    file: "f.img",
    cases: 600,
    variant: (random) => {
      const bytes = damaged([...pictures, bmp, palette, map], random);
      return bytes[1] === 0x50 ? withChecksums(bytes) : bytes;
    },
    parse: (bytes: Uint8Array) => decodeFrame(bytes, "f.img"),
  });
  assert.ok(values > 10 && errors > 100, `${values} values, ${errors} errors`);
});

Deno.test("refuseInflated() and decodePng() give a map or an error for any file", async () => {
  await fuzz({
    name: "maps",
    file: "m.png",
    cases: 600,
    variant: (random) => withChecksums(damaged([map], random)),
    parse(bytes: Uint8Array) {
      refuseInflated(bytes, "m.png", form);
      return decodePng(bytes, "m.png", form);
    },
  });
});

/** A PNG whose image data is `content`, whatever its header says. */
function pngOf(width: number, height: number, content: Uint8Array, more: Uint8Array[] = []) {
  const chunk = (type: string, data: Uint8Array) => {
    const bytes = new Uint8Array(12 + data.length);
    new DataView(bytes.buffer).setUint32(0, data.length);
    bytes.set(new TextEncoder().encode(type), 4);
    bytes.set(data, 8);
    return bytes;
  };
  const header = new Uint8Array(13);
  new DataView(header.buffer).setUint32(0, width);
  new DataView(header.buffer).setUint32(4, height);
  header.set([8, 2], 8);
  const parts = [
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk("IHDR", header),
    ...more.map((data) => chunk("iCCP", data)),
    chunk("IDAT", content),
    chunk("IEND", new Uint8Array(0)),
  ];
  const whole = new Uint8Array(Buffer.concat(parts));
  return withChecksums(whole);
}

const zeros = new Uint8Array(deflateSync(new Uint8Array(200 * 2 ** 20), { level: 9 }));

Deno.test("images that unpack to gigabytes are refused before they are decoded", async () => {
  const before = Deno.memoryUsage().rss;
  const refused = (bytes: Uint8Array, why: RegExp) =>
    assert.rejects(decodeFrame(bytes, "bomb"), (error) => {
      assert.ok(error instanceof DataError);
      assert.match(error.message, why);
      return true;
    });
  await refused(pngOf(60_000, 60_000, zeros), /^bomb: 60000×60000 pixels are more than a frame/);
  await refused(pngOf(2 ** 31, 2 ** 31, zeros), /^bomb: .* pixels are more than a frame/);
  const jpeg = pictures.find((bytes) => bytes[0] === 0xff)!.slice();
  for (let at = 2; at < jpeg.length;) {
    if (jpeg[at + 1]! >= 0xc0 && jpeg[at + 1]! <= 0xc2) jpeg.fill(0xff, at + 5, at + 9);
    at += 2 + (jpeg[at + 2]! << 8) + jpeg[at + 3]!;
  }
  await refused(jpeg, /^bomb: 65535×65535 pixels/);
  const bmp = new Uint8Array(100);
  bmp.set([0x42, 0x4d]);
  const view = new DataView(bmp.buffer);
  view.setUint32(10, 54, true);
  view.setUint32(14, 40, true);
  view.setInt32(18, 30_000, true);
  view.setInt32(22, -30_000, true);
  view.setUint16(28, 24, true);
  await refused(bmp, /^bomb: 30000×30000 pixels/);
  view.setInt32(18, 4000, true);
  view.setInt32(22, 4000, true);
  await refused(bmp, /^bomb: The image is cut off/);
  // One that tells a small size and holds more: only the size told is unpacked.
  await decodeFrame(pngOf(28, 28, zeros), "bomb").catch((error) =>
    assert.match(error.message, /^bomb/)
  );
  const maps = [
    pngOf(28, 2 ** 31, new Uint8Array(deflateSync(grey))),
    pngOf(28, 28, zeros),
    pngOf(28, 28, deflateSync(grey), [
      new Uint8Array(Buffer.concat([Uint8Array.of(65, 0, 0), zeros])),
    ]),
  ];
  for (const bytes of maps) {
    assert.throws(
      () => refuseInflated(bytes, "bomb", form),
      /^DataError: bomb: This holds far more/,
    );
  }
  refuseInflated(map, "whole", form);
  assert.ok(Deno.memoryUsage().rss - before < 2 ** 30, "memory was taken for what was refused");
});

const columns = {
  subject: { title: "Subject" },
  onset: { title: "Onset Frame" },
  units: { title: "Action Units", optional: true },
};
const rows = [["Subject", "Onset Frame", "Action Units"], ["s1", 3, "4"], ["s2", 5, "12 or 4"]];

Deno.test("readSheet() gives rows or an error for any spreadsheet", async () => {
  const book = utils.book_new();
  utils.book_append_sheet(book, utils.aoa_to_sheet(rows), "page");
  const old = new Uint8Array(write(book, { type: "array", bookType: "biff8" }));
  const now = await workbook("page", rows as string[][]);
  const parts = { ...unpacked(now) };
  await withDataFolder(async (folder) => {
    const parse = async (bytes: Uint8Array) => {
      await Deno.writeFile(join(folder, "s.xlsx"), bytes);
      return await readSheet(folder, "s.xlsx", columns);
    };
    await fuzz({
      ...{ name: "sheets", file: "s.xlsx", cases: 150, parse },
      variant: (random) => damaged([now, old], random),
    });
    // Damage within a part of a sound ZIP file.
    await fuzz({
      ...{ name: "parts of sheets", file: "s.xlsx", cases: 150, parse },
      variant: (random) => {
        const name = Object.keys(parts)[random.integer(Object.keys(parts).length)]!;
        return zipSync({ ...parts, [name]: damaged([parts[name]!], random) });
      },
    });
  });
});

/** The parts of a ZIP file that is known to be sound. */
function unpacked(bytes: Uint8Array): Record<string, Uint8Array> {
  assert.equal(zipProblem(bytes, { entries: 100, bytes: 2 ** 20 }), undefined);
  return unzipSync(bytes);
}

Deno.test("readSheet() does not believe in sheets of thousands of millions of cells", async () => {
  const parts = unpacked(await workbook("page", rows as string[][]));
  const name = Object.keys(parts).find((name) => /sheet1\.xml$/.test(name))!;
  const xml = new TextDecoder().decode(parts[name]);
  const far = xml.replace(
    "</sheetData>",
    '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row><row r="19000"><c r="XFD19000"><v>1</v></c>' +
      "</row></sheetData>",
  ).replace(/<dimension[^>]*>/, '<dimension ref="A1:XFD1048576"/>');
  assert.notEqual(far, xml);
  await withDataFolder(async (folder) => {
    const bytes = zipSync({ ...parts, [name]: new TextEncoder().encode(far) });
    await Deno.writeFile(join(folder, "s.xlsx"), bytes);
    const before = Deno.memoryUsage().rss;
    const read = await readSheet(folder, "s.xlsx", columns);
    assert.deepEqual(read.map(({ cells }) => cells.subject), ["s1", "s2"]);
    assert.ok(Deno.memoryUsage().rss - before < 2 ** 29, "empty cells took memory");
  });
});

Deno.test("zipProblem() refuses ZIP files whose records tell different stories", () => {
  const bounds = { entries: 10, bytes: 2 ** 20 };
  const text = new TextEncoder().encode("text ".repeat(100));
  const whole = zipSync({ "a.txt": text, "b/c.txt": text });
  assert.equal(zipProblem(whole, bounds), undefined);
  const change = (at: number, set: (view: DataView, at: number) => void) => {
    const copy = whole.slice();
    set(new DataView(copy.buffer), at);
    return copy;
  };
  const view = new DataView(whole.buffer, whole.byteOffset);
  const end = whole.length - 22;
  const directory = view.getUint32(end + 16, true);
  const refused = (bytes: Uint8Array, why: RegExp) =>
    assert.match(zipProblem(bytes, bounds) ?? "nothing", why);
  refused(change(end + 8, (v, at) => v.setUint16(at, 1, true)), /contradict each other/);
  refused(
    change(directory + 24, (v, at) => v.setUint32(at, 2 ** 31, true)),
    /contradicts its parts/,
  );
  refused(change(directory + 24, (v, at) => v.setUint32(at, 3, true)), /contradicts its parts/);
  refused(change(directory + 10, (v, at) => v.setUint16(at, 0, true)), /contradicts its parts/);
  refused(change(directory + 10, (v, at) => v.setUint16(at, 9, true)), /packed in another way/);
  refused(change(8, (v, at) => v.setUint16(at, 0, true)), /contradicts its parts/);
  // The same lie before the part and in the directory.
  for (const [size, why] of [[2 ** 31, /unpacks to more/], [600, /another size/]] as const) {
    const both = change(22, (v, at) => v.setUint32(at, size, true));
    new DataView(both.buffer).setUint32(directory + 24, size, true);
    refused(both, why);
  }
  refused(change(end + 20, (v, at) => v.setUint16(at, 5, true)), /no ZIP file, or cut off/);
  for (const name of ["../a", "/etc/passwd", "x/../../a", "C:\\a", "a\\..\\b"]) {
    refused(zipSync({ [name]: text }), /the name of a part leads out of it/);
  }
});

const entry = {
  licence: "MIT",
  obtain: "x",
  digest: "0".repeat(64),
  digests: { paper: "1".repeat(64) },
  files: { "sub01/u_test/0/a.png": `12 ${"2".repeat(64)}` },
};
const lock = { format: "fleeting-data-lock/1", datasets: { "megc2019-flow": entry } };

Deno.test("readLock() gives a lock or an error for any file, and refuses paths that lead out", async () => {
  await withDataFolder(async (folder) => {
    const file = join(folder, "l.json");
    const parse = async (value: unknown) => {
      await Deno.writeTextFile(file, JSON.stringify(value));
      const found = (await readLock(file))["megc2019-flow"];
      return [...Object.keys(found?.files ?? {}), found?.digests?.paper?.length];
    };
    const variant = (random: Parameters<typeof hostile>[1]) => hostile(lock, random);
    await fuzz({ name: "locks", file: "l.json", cases: 300, variant, parse });
    for (const path of ["../x.png", "/etc/passwd", "a/../../b", "a//b", "a\nb", "a/./b", ""]) {
      const files = { [path]: "1 2" };
      const text = JSON.stringify({ ...lock, datasets: { x: { ...entry, files } } });
      await Deno.writeTextFile(file, text);
      await assert.rejects(
        readLock(file),
        /l\.json: x: .* is no path below the data set's folder/s,
      );
    }
  });
});

Deno.test("frameFacts() makes a damaged memory anew", async () => {
  await withDataFolder(async (folder) => {
    await Deno.writeFile(join(folder, "1.png"), map);
    await frameFacts(folder, ["1.png"]);
    const cache = join(Deno.env.get("FLEETING_CACHE")!, "frames");
    const wrong = [null, [], {}, { version: 1 }, { version: 1, files: null }, {
      version: 1,
      files: { "1.png": ["x", "y", "z", 1] },
    }, { version: 1, files: { "1.png": null } }];
    await Deno.mkdir(cache, { recursive: true });
    for (const value of wrong) {
      for (const { name } of Deno.readDirSync(cache)) {
        await Deno.writeTextFile(join(cache, name), JSON.stringify(value));
      }
      const fact = (await frameFacts(folder, ["1.png"])).get("1.png");
      assert.ok(fact !== undefined && !(fact instanceof DataError) && fact.width === 28);
    }
  });
});
