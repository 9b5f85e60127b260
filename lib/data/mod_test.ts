import assert from "node:assert/strict";
import { join } from "@std/path";
import { DataError, ParameterError } from "lib/core/errors.ts";
import {
  dataGroups,
  dataRoot,
  datasetNames,
  dataSources,
  glanceAtClipSet,
  loadDataset,
  loadVerified,
  loadVerifiedClips,
  lockDataset,
  verifyDataset,
} from "./mod.ts";
import { describeReport, isClean, lockPath, readLock } from "./lock.ts";
import { writeMegcLayout } from "./testing.ts";

/** Gives a test a data root with twelve clips and a place for a lock file. */
async function withData(
  test: (
    place: { root: string; folder: string; paths: string[]; lockFile: string },
  ) => Promise<void>,
): Promise<void> {
  const root = await Deno.makeTempDir();
  const folder = join(root, "megc2019-flow");
  try {
    const { samples } = await loadDataset("synthetic-flow");
    const paths = await writeMegcLayout(folder, { samples: samples.slice(0, 12) });
    await test({ root, folder, paths, lockFile: join(root, "lock.json") });
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

Deno.test("dataSources are sorted, of different names, and say how to get them", () => {
  assert.deepEqual(datasetNames, [...new Set(datasetNames)].sort());
  for (const { licence, obtain, title } of dataSources) assert.ok(licence && obtain && title);
});

Deno.test("loadDataset() refuses an unknown name and offers the closest", async () => {
  await assert.rejects(loadDataset("sintetic-flow"), (error: Error) => {
    assert.ok(error instanceof ParameterError);
    return /no data set 'sintetic-flow'\. Did you mean 'synthetic-flow'\?/.test(error.message);
  });
});

Deno.test("dataRoot() takes <root>/<name>, or the root itself when it has the layout", async () => {
  await withData(async ({ root, folder }) => {
    assert.equal(await dataRoot("megc2019-flow", root), folder);
    assert.equal(await dataRoot("megc2019-flow", folder), folder);
    assert.equal(await dataRoot("synthetic-flow", root), "");
    assert.equal((await loadDataset("megc2019-flow", { root: folder })).samples.length, 12);
  });
});

Deno.test("dataRoot() says where it looked, how to get the data and how to point to it", async () => {
  const root = await Deno.makeTempDir();
  try {
    await assert.rejects(loadDataset("megc2019-flow", { root }), (error: Error) => {
      assert.ok(error instanceof DataError);
      for (
        const part of [join(root, "megc2019-flow"), "Apply for", "--data-root", "FLEETING_DATA"]
      ) {
        assert.ok(error.message.includes(part), `${part} in: ${error.message}`);
      }
      return true;
    });
    await Deno.mkdir(join(root, "megc2019-flow"));
    await assert.rejects(loadDataset("megc2019-flow", { root }), /no clips here/);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});

Deno.test("lockDataset() then verifyDataset() finds nothing, and keeps other entries", async () => {
  await withData(async ({ root, paths, lockFile }) => {
    await lockDataset("synthetic-flow", { lockFile });
    const entry = await lockDataset("megc2019-flow", { root, lockFile });
    assert.deepEqual(Object.keys(entry.files ?? {}), paths);
    assert.deepEqual(Object.keys(await readLock(lockFile)), ["megc2019-flow", "synthetic-flow"]);
    assert.ok(isClean(await verifyDataset("megc2019-flow", { root, lockFile })));
    assert.ok(isClean(await verifyDataset("synthetic-flow", { lockFile })));
    const { digest } = await loadVerified("megc2019-flow", { root, lockFile });
    assert.equal(digest, entry.digest);
    const line = (await Deno.readTextFile(lockFile)).split("\n").find((l) => l.includes(paths[0]!));
    assert.match(line ?? "", /^ +"[^"]+ \.png": "\d+ [0-9a-f]{64}",$/);
  });
});

Deno.test("verifyDataset() names missing, extra, changed and unreadable files", async () => {
  await withData(async ({ root, folder, paths, lockFile }) => {
    const options = { root, lockFile };
    await lockDataset("megc2019-flow", options);
    const [gone, edited, dangling, source] = paths as [string, string, string, string];
    await Deno.remove(join(folder, gone));
    await Deno.copyFile(join(folder, source), join(folder, edited));
    await Deno.remove(join(folder, dangling));
    await Deno.symlink(join(root, "nowhere"), join(folder, dangling));
    await Deno.copyFile(join(folder, source), join(folder, "new.png"));
    await Deno.mkdir(join(folder, "sub09", "u_test", "0"), { recursive: true });
    const extra = "sub09/u_test/0/sub09_x .png";
    await Deno.copyFile(join(folder, source), join(folder, extra));
    const report = await verifyDataset("megc2019-flow", options);
    assert.deepEqual(report, {
      name: "megc2019-flow",
      folder,
      expected: 12,
      missing: [gone],
      extra: [extra],
      changed: [edited],
      unreadable: [dangling],
    });
    const words = describeReport(report);
    assert.equal(
      words,
      `1 missing: '${gone}'; 1 extra: '${extra}'; 1 changed: '${edited}'; 1 unreadable: '${dangling}'`,
    );
    await Deno.remove(join(folder, dangling));
    await assert.rejects(loadVerified("megc2019-flow", options), (error: Error) => {
      assert.ok(error instanceof DataError);
      return [folder, gone, extra, edited, "deno task data lock megc2019-flow"].every((part) =>
        error.message.includes(part)
      );
    });
  });
});

Deno.test("describeReport() names the first ten files and counts the rest", () => {
  const missing = Array.from({ length: 12 }, (_, i) => `f${i}`);
  const none = { missing: [], extra: [], changed: [], unreadable: [] };
  const report = { name: "x", folder: "x", expected: 12, ...none, missing };
  assert.match(describeReport(report), /^12 missing: 'f0', .*'f9', and 2 more$/);
  assert.equal(describeReport({ ...report, missing: [] }), "");
});

Deno.test("loadVerified() stops at an unlocked data set and says how to lock it", async () => {
  await withData(async ({ root, lockFile }) => {
    await assert.rejects(
      loadVerified("megc2019-flow", { root, lockFile }),
      /lock\.json: .*'megc2019-flow' is not locked.*Run: deno task data lock megc2019-flow/,
    );
  });
});

Deno.test("loadVerified() notices a generator that makes other clips", async () => {
  await withData(async ({ lockFile }) => {
    const entry = await lockDataset("synthetic-flow", { lockFile });
    const text = await Deno.readTextFile(lockFile);
    await Deno.writeTextFile(lockFile, text.replace(entry.digest, "0".repeat(64)));
    await assert.rejects(loadVerified("synthetic-flow", { lockFile }), /generated clips/);
  });
});

Deno.test("lockDataset() does not lock a damaged data set", async () => {
  await withData(async ({ root, folder, paths, lockFile }) => {
    await Deno.truncate(join(folder, paths[0]!), 100);
    await assert.rejects(lockDataset("megc2019-flow", { root, lockFile }), /is cut off/);
    assert.deepEqual(await readLock(lockFile), {});
  });
});

Deno.test("readLock() refuses what is no lock file", async () => {
  await withData(async ({ lockFile }) => {
    for (const text of ["{", "null", "[]", '{"format":"other"}']) {
      await Deno.writeTextFile(lockFile, text);
      await assert.rejects(readLock(lockFile), (error: Error) => {
        assert.ok(error instanceof DataError, String(error));
        return error.message.startsWith(lockFile) && /version control/.test(error.message);
      });
    }
  });
});

Deno.test("data.lock.json has an entry for every data set that all have alike", async () => {
  const lock = await readLock(lockPath());
  // Of a licensed set each has a copy of their own, and locks that.
  const shared = dataSources.filter(({ kind, needsRoot }) => kind !== "clips" || !needsRoot);
  assert.deepEqual(Object.keys(lock), shared.map(({ name }) => name));
  assert.equal(Object.keys(lock["megc2019-flow"]?.files ?? {}).length, 442);
  await loadVerified("synthetic-flow");
});

for (const name of dataGroups.synthetic ?? []) {
  Deno.test(`${name} is as data.lock.json says, and its files are what its loader expects`, async () => {
    const set = await loadVerifiedClips(name);
    assert.equal(set.synthetic, true);
    const about = await glanceAtClipSet(name);
    assert.equal(set.clips.length, about.clips);
    assert.equal(new Set(set.clips.map(({ subject }) => subject)).size, about.subjects);
    // One clip of CASME II's sheet has no apex.
    assert.deepEqual(set.notes.map((note) => note.replace(/^.*: /, "")), [
      ...(name === "synthetic-casme2" ? ["the sheet has no apex."] : []),
    ]);
  });
}
