import assert from "node:assert/strict";
import { dirname, join } from "@std/path";
import { DataError, ParameterError } from "lib/core/errors.ts";
import { dataFor } from "lib/experiment/data.ts";
import { clipLayouts, fakeRecordings, withDataFolder } from "./clip_testing.ts";
import { officialLayouts } from "./layouts/official.ts";
import { encodeFrame, writeLayout } from "./layouts/write.ts";
import { isClean, readLock } from "./lock.ts";
import {
  dataGroups,
  datasetNames,
  dataSource,
  dataSources,
  glanceAtClipSet,
  loadClipSet,
  loadDataset,
  loadVerifiedClips,
  lockDataset,
  verifyDataset,
} from "./mod.ts";
import { countBySubject, expressionLengths } from "./summary.ts";

const made = fakeRecordings("casme2", ["disgust", "happiness", "surprise", "others", "fear"]);
const { framePath, sheet } = officialLayouts.casme2;

/** Gives a test a data root with a small CASME II and a place for a lock file. */
async function withCasme2(
  test: (place: { root: string; folder: string; lockFile: string }) => Promise<void>,
): Promise<void> {
  await withDataFolder(async (root) => {
    const folder = join(root, "casme2");
    await writeLayout("casme2", made, folder);
    await test({ root, folder, lockFile: join(root, "lock.json") });
  });
}

Deno.test("the sources are those that experiments and groups name", () => {
  assert.deepEqual([...dataFor("apex-flow")].sort(), datasetNames);
  for (const name of Object.values(dataGroups).flat()) {
    assert.equal(dataSource(name).kind, "clips", name);
  }
});

Deno.test("clips and flow maps are not taken for each other", async () => {
  await assert.rejects(
    loadClipSet("megc2019-flow"),
    (error: Error) =>
      error instanceof ParameterError &&
      /holds flow maps.*casme2, samm, smic-hs/.test(error.message),
  );
  await assert.rejects(
    loadDataset("samm"),
    (error: Error) =>
      error instanceof ParameterError && /holds clips.*megc2019-flow/.test(error.message),
  );
});

for (const [name, set] of [["smic-hs", "smic"], ["samm", "samm"], ["casme2", "casme2"]] as const) {
  Deno.test(`${name}: clips in the official layout are loaded from <root>/${name} and from the root`, async () => {
    await withDataFolder(async (root) => {
      const emotions = { smic: "positive", samm: "Happiness", casme2: "happiness" };
      const recordings = fakeRecordings(set, Array(3).fill(emotions[set]));
      await writeLayout(set, recordings, join(root, name));
      const loaded = await loadClipSet(name, { root });
      assert.equal(loaded.synthetic, false);
      assert.equal(loaded.folder, join(root, name));
      assert.deepEqual(
        loaded.clips.map(({ clip }) => clip).sort(),
        loaded.clips.map(({ clip }) => clip),
      );
      assert.equal(loaded.clips.length, 3);
      assert.ok(
        loaded.clips.every(({ label, fps }) => label === 1 && fps === clipLayouts[set].fps),
      );
      assert.equal((await loadClipSet(name, { root: join(root, name) })).digest, loaded.digest);
      const { clips, subjects } = await glanceAtClipSet(name, { root });
      assert.deepEqual([clips, subjects], [3, 2]);
    });
  });
}

Deno.test("lockDataset() writes a line a folder, and verifyDataset() names what has changed", async () => {
  await withCasme2(async (call) => {
    const { files, digests } = await lockDataset("casme2", call);
    assert.deepEqual(Object.keys(digests ?? {}), ["megc3", "original5", "paper"]);
    const folders = made.map((recording) => `${dirname(framePath(recording, 8))}/`).sort();
    assert.deepEqual(Object.keys(files ?? {}), [sheet.path, ...folders]);
    assert.ok(isClean(await verifyDataset("casme2", call)));
    for (const labels of ["paper", "megc3", "original5"] as const) {
      assert.equal(
        (await loadVerifiedClips("casme2", { ...call, labels })).digest,
        digests?.[labels],
      );
    }
    const frame = join(call.folder, framePath(made[0]!, 12));
    await Deno.writeFile(frame, await encodeFrame(made[0]!.frame(13), "jpeg"));
    await Deno.remove(join(call.folder, folders[2]!), { recursive: true });
    const report = await verifyDataset("casme2", call);
    assert.deepEqual([report.changed, report.missing], [[folders[0]], [folders[2]]]);
    await assert.rejects(
      loadVerifiedClips("casme2", call),
      (error: Error) =>
        error instanceof DataError && error.message.includes(`1 changed: '${folders[0]}'`) &&
        /deno task data lock casme2/.test(error.message),
    );
  });
});

Deno.test("lockDataset() decodes every frame and does not lock a damaged set", async () => {
  await withCasme2(async (call) => {
    const frame = join(call.folder, framePath(made[2]!, 12));
    await Deno.truncate(frame, (await Deno.stat(frame)).size - 100);
    await assert.rejects(
      lockDataset("casme2", call),
      (error: Error) => error instanceof DataError && error.message.startsWith(frame),
    );
    assert.deepEqual(await readLock(call.lockFile), {});
  });
});

Deno.test("loadVerifiedClips() stops at a set that is not locked", async () => {
  await withCasme2(async (call) => {
    await assert.rejects(
      loadVerifiedClips("casme2", call),
      /'casme2' is not locked: .*data lock casme2/,
    );
  });
});

Deno.test("loadClipSet() says so when a scheme leaves all clips out", async () => {
  await withDataFolder(async (root) => {
    await writeLayout(
      "casme2",
      fakeRecordings("casme2", ["fear", "sadness"]),
      join(root, "casme2"),
    );
    await assert.rejects(
      loadClipSet("casme2", { root }),
      /no clips here\. All 2 are left out: 'fear' has/,
    );
  });
});

Deno.test("countBySubject() and expressionLengths() count what is there", async () => {
  await withCasme2(async (call) => {
    const set = await loadClipSet("casme2", call);
    assert.deepEqual(countBySubject(set), [
      { subject: "sub01", clips: 2, byClass: [1, 0, 1, 0] },
      { subject: "sub02", clips: 2, byClass: [0, 1, 0, 1] },
      { subject: "all", clips: 4, byClass: [1, 1, 1, 1] },
    ]);
    assert.deepEqual(expressionLengths(set), { min: 8, median: 8, max: 8 });
  });
});

Deno.test("data sources have a licence, a title, and a way to get them", () => {
  for (const { licence, obtain, title, hasLayout } of dataSources) {
    assert.ok(licence && obtain && title && hasLayout);
  }
});
