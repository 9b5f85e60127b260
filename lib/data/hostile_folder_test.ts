import assert from "node:assert/strict";
import { dirname, join } from "@std/path";
import { DataError } from "lib/core/errors.ts";
import { dataRoot } from "./catalogue.ts";
import { fakeRecordings, withDataFolder } from "./clip_testing.ts";
import { checkFolder } from "./folder_bounds.ts";
import { readSheet } from "./sheet.ts";
import { frameCell, nameCell } from "./annotations.ts";
import { frameNumber } from "./frame_folders.ts";
import { writeLayout } from "./layouts/write.ts";
import { loadClipSet, loadDataset } from "./mod.ts";
import { writeMegcLayout } from "./testing.ts";

async function refused(promise: Promise<unknown>, file: string, why: RegExp): Promise<void> {
  await assert.rejects(promise, (error) => {
    assert.ok(error instanceof DataError, String(error));
    assert.ok(error.message.includes(file), error.message);
    assert.match(error.message, why);
    return true;
  });
}

async function pipe(file: string): Promise<void> {
  assert.ok((await new Deno.Command("mkfifo", { args: [file] }).output()).success);
}

/** Maps in the published layout, in a data root. */
async function withMaps(test: (root: string, folder: string, map: string) => Promise<void>) {
  const { samples } = await loadDataset("synthetic-flow");
  await withDataFolder(async (root) => {
    const folder = join(root, "megc2019-flow");
    const [map] = await writeMegcLayout(folder, { samples: samples.slice(0, 6) });
    await test(root, folder, join(folder, map!));
  });
}

Deno.test("loadDataset() refuses links out of the data root, and follows those within it", async () => {
  await withMaps(async (root, folder, map) => {
    const whole = await loadDataset("megc2019-flow", { root });
    const outside = join(dirname(root), "outside.png");
    await Deno.rename(map, outside);
    await Deno.symlink(outside, map);
    await refused(
      loadDataset("megc2019-flow", { root }),
      map,
      /link leads out of the data root, to '/,
    );
    await Deno.remove(map);
    await Deno.symlink("/dev/zero", map);
    await refused(loadDataset("megc2019-flow", { root }), map, /leads out of the data root/);
    await Deno.remove(map);
    // As data managers keep files: elsewhere below the root.
    await Deno.mkdir(join(root, ".store"));
    await Deno.rename(outside, join(root, ".store", "1"));
    await Deno.symlink(join(root, ".store", "1"), map);
    assert.equal((await loadDataset("megc2019-flow", { root })).digest, whole.digest);
    // The root that a user names may be a link, and so may the data set's folder in it.
    await Deno.symlink(root, join(dirname(root), "by-link"));
    const linked = await loadDataset("megc2019-flow", { root: join(dirname(root), "by-link") });
    assert.equal(linked.digest, whole.digest);
    const other = join(dirname(root), "other");
    await Deno.mkdir(other);
    await Deno.symlink(folder, join(other, "megc2019-flow"));
    await refused(
      loadDataset("megc2019-flow", { root: other }),
      "u_test",
      /leads out of the data root/,
    );
    await Deno.remove(map);
    await Deno.copyFile(join(root, ".store", "1"), map);
    assert.equal((await loadDataset("megc2019-flow", { root: other })).digest, whole.digest);
  });
});

Deno.test("loadDataset() refuses folders in circles, pipes, and names that could steer a terminal", async () => {
  await withMaps(async (root, folder) => {
    const load = () => loadDataset("megc2019-flow", { root });
    const subject = [...Deno.readDirSync(folder)][0]!.name;
    const stray = join(folder, subject, "u_test", "0", "x.png");
    await Deno.mkdir(dirname(stray), { recursive: true });
    for (const target of ["..", "../..", folder]) {
      await Deno.symlink(target, stray);
      await refused(load(), stray, /leads to the same folder as '/);
      await Deno.remove(stray);
    }
    await pipe(stray);
    await refused(load(), stray, /This is a pipe, a socket or a device/);
    await Deno.remove(stray);
    const odd = join(dirname(stray), "a\u001b[2Jb.png");
    await Deno.writeFile(odd, new Uint8Array(1));
    await refused(
      load(),
      "a\\u001b[2Jb.png",
      /This name has characters that no name of a clip has/,
    );
    await Deno.remove(odd);
    const huge = await Deno.open(stray, { create: true, write: true });
    await huge.truncate(2 ** 40);
    huge.close();
    await refused(load(), stray, /The file has .* MiB, more than/);
  });
});

Deno.test("clips behind links out of the data root, and frames that are pipes, are refused", async () => {
  await withDataFolder(async (root) => {
    const folder = join(root, "casme2");
    await writeLayout("casme2", fakeRecordings("casme2", ["Happiness", "Surprise"]), folder);
    const frames: string[] = [];
    const walk = (path: string): void => {
      for (const { name, isDirectory } of Deno.readDirSync(path)) {
        if (isDirectory) walk(join(path, name));
        else if (name.endsWith(".jpg")) frames.push(join(path, name));
      }
    };
    walk(folder);
    const frame = frames.sort()[3]!;
    const load = () => loadClipSet("casme2", { root });
    await Deno.remove(frame);
    await Deno.symlink("/etc/hostname", frame);
    await refused(load(), frame, /link leads out of the data root/);
    await Deno.remove(frame);
    await pipe(frame);
    await refused(load(), frame, /This is a pipe, a socket or a device/);
    await Deno.remove(frame);
    await Deno.mkdir(frame);
    await refused(load(), dirname(frame), /missing between/);
    await Deno.remove(frame);
    const away = join(dirname(root), "away");
    await Deno.rename(dirname(frame), away);
    await Deno.symlink(away, dirname(frame));
    await refused(load(), dirname(frame), /link leads out of the data root/);
    // A sheet that is a pipe.
    await refused(readPipe(root), "s.xlsx", /This is a pipe/);
  });
});

async function readPipe(root: string): Promise<unknown> {
  await pipe(join(root, "s.xlsx"));
  return await readSheet(root, "s.xlsx", { subject: { title: "Subject" } });
}

Deno.test("checkFolder() ends on folders that lead to each other in many ways", async () => {
  await withDataFolder(async (root) => {
    for (let i = 0; i < 30; i++) await Deno.mkdir(join(root, `d${i}`));
    for (let i = 0; i < 29; i++) {
      for (const name of ["a", "b"]) await Deno.symlink(`../d${i + 1}`, join(root, `d${i}`, name));
    }
    await refused(checkFolder(root, root), root, /leads to the same folder as '/);
  });
});

Deno.test("nameCell() refuses what is no name of a folder", () => {
  const row = (name: string) => ({ row: 7, cells: { name } });
  for (
    const name of [
      "",
      ".",
      "..",
      "../x",
      "a/b",
      "a\\b",
      "/etc",
      "a\0b",
      "a\nb",
      "\u001b[1m",
      "x".repeat(256),
    ]
  ) {
    assert.throws(() => nameCell(row(name), "name", "s.xlsx"), (error) => {
      assert.ok(error instanceof DataError);
      assert.match(error.message, /^s\.xlsx: row 7, name: /);
      assert.ok(error.message.length < 300);
      return true;
    });
  }
  assert.equal(nameCell(row("EP02_01f"), "name", "s.xlsx"), "EP02_01f");
});

Deno.test("frame numbers beyond whole numbers are refused: nothing could count up to them", () => {
  for (const text of ["1".repeat(20), "9007199254740993", "1".repeat(400)]) {
    assert.equal(frameNumber(`a/img${text}.jpg`), undefined);
    const row = { row: 7, cells: { onset: text } };
    assert.throws(
      () => frameCell(row, "onset", "s.xlsx"),
      /s\.xlsx: row 7, onset: '1?9?\d+' is not/,
    );
  }
  assert.equal(frameNumber("a/img9007199254740991.jpg"), 2 ** 53 - 1);
});

Deno.test("dataRoot() says what is wrong with a data root that is a file, a device or a pipe", async () => {
  await withDataFolder(async (root) => {
    const file = join(root, "file");
    await Deno.writeTextFile(file, "x");
    await pipe(join(root, "pipe"));
    for (
      const place of [file, join(root, "pipe"), "/dev/zero", "/dev/null", "a\0b", "x".repeat(5000)]
    ) {
      await assert.rejects(dataRoot("casme2", place), /^DataError: .*'casme2' is not there/s);
    }
  });
});
