import assert from "node:assert/strict";
import { dirname, fromFileUrl, join } from "@std/path";
import { encode } from "fast-png";
import { DataError } from "lib/core/errors.ts";
import { volume } from "lib/core/volume.ts";
import { encodePng } from "./image.ts";
import { describeReport } from "./lock.ts";
import { loadDataset, verifyDataset } from "./mod.ts";
import { countClips } from "./summary.ts";
import { syntheticFlow } from "./synthetic_flow.ts";
import { megcPath, writeMegcLayout } from "./testing.ts";
import type { Sample } from "./types.ts";

const generated = await syntheticFlow.load("");
// Two clips of each database are enough to damage.
const samples = ["casme2", "samm", "smic"].flatMap((database) =>
  generated.samples.filter((sample) => sample.database === database).slice(0, 2)
);
const victim = samples[0] as Sample;

/** Gives a test a data root with a small data set in it, and takes it away afterwards. */
async function withData(test: (folder: string, root: string) => Promise<void>): Promise<void> {
  const root = await Deno.makeTempDir();
  try {
    const folder = join(root, "megc2019-flow");
    await writeMegcLayout(folder, { samples });
    await test(folder, root);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

async function write(file: string, bytes: Uint8Array): Promise<void> {
  await Deno.mkdir(dirname(file), { recursive: true });
  await Deno.writeFile(file, bytes);
}

Deno.test("megc2019-flow: a written data set comes back clip by clip", async () => {
  await withData(async (_, root) => {
    const dataset = await loadDataset("megc2019-flow", { root });
    assert.deepEqual(dataset.samples, samples);
    assert.equal(dataset.synthetic, false);
    assert.deepEqual(dataset.classes, ["negative", "positive", "surprise"]);
  });
});

Deno.test("megc2019-flow: the digest depends on content and place of files, not on where they are", async () => {
  const digestOf = async (root: string) => (await loadDataset("megc2019-flow", { root })).digest;
  await withData((folder, first) =>
    withData(async (_, second) => {
      const before = await digestOf(first);
      assert.equal(await digestOf(second), before);
      // The same clip, moved to another class.
      const moved = { ...victim, label: (victim.label + 1) % 3 };
      await Deno.mkdir(dirname(join(folder, megcPath(moved))), { recursive: true });
      await Deno.rename(join(folder, megcPath(victim)), join(folder, megcPath(moved)));
      assert.notEqual(await digestOf(first), before);
    })
  );
});

Deno.test("megc2019-flow: published extras (u_train, files beside the subjects) are passed over", async () => {
  await withData(async (folder, root) => {
    const before = await loadDataset("megc2019-flow", { root });
    const train = join(folder, "sub01", "u_train", "0", "s01_x.png");
    await write(train, encodePng(victim.input));
    for (const name of ["README.md", join("sub01", ".DS_Store"), join("s01", "Thumbs.db")]) {
      await Deno.writeTextFile(join(folder, name), "");
    }
    assert.deepEqual(await loadDataset("megc2019-flow", { root }), before);
  });
});

const png = encodePng(victim.input);
const flipped = (at: number) => png.map((byte, i) => (i === at ? byte ^ 1 : byte));
const grey = new Uint8Array(28 * 28);

// What stands in a file → the message. The victim is overwritten unless another path is given.
const cases: readonly { title: string; bytes: Uint8Array; message: RegExp; path?: string }[] = [
  { title: "an empty file", bytes: new Uint8Array(), message: /The file is empty\. Copy the file/ },
  {
    title: "another kind of file",
    bytes: new TextEncoder().encode("<html>404</html>"),
    message: /Not a PNG file\. Copy/,
  },
  { title: "a PNG cut in its data", bytes: png.slice(0, png.length / 2), message: /is cut off/ },
  { title: "a PNG without its end", bytes: png.slice(0, -12), message: /is cut off\. Copy/ },
  { title: "a PNG cut after its signature", bytes: png.slice(0, 8), message: /is cut off/ },
  { title: "a PNG with a flipped bit", bytes: flipped(png.length - 30), message: /is damaged \(/ },
  // The header's own checksum: nothing but the CRC can tell.
  { title: "a PNG with a wrong checksum", bytes: flipped(29), message: /is damaged \(.*CRC/ },
  {
    title: "a map of another size",
    bytes: encodePng(volume(new Float32Array(14 * 28 * 3), [14, 28, 3])),
    message: /Expected an image of 28×28 pixels, got 28×14\. Use/,
  },
  {
    title: "a map with an alpha channel",
    bytes: encodePng(volume(new Float32Array(28 * 28 * 4), [28, 28, 4])),
    message: /Expected 3 channels of 8 bits, got 4 of 8 bits\. Use/,
  },
  {
    title: "a grey map",
    bytes: encode({ data: grey, width: 28, height: 28, channels: 1 }),
    message: /Expected 3 channels of 8 bits, got 1 of 8 bits/,
  },
  {
    title: "a map of 16 bits",
    bytes: encode({
      data: new Uint16Array(28 * 28 * 3),
      width: 28,
      height: 28,
      channels: 3,
      depth: 16,
    }),
    message: /got 3 of 16 bits/,
  },
  {
    title: "a label folder that is no class",
    bytes: png,
    path: "sub01/u_test/3/sub01_x .png",
    message: /Label folder '3' is not 0, 1 or 2\. The classes are 0 negative/,
  },
  {
    title: "a label folder with a name",
    bytes: png,
    path: "sub01/u_test/positive/sub01_x .png",
    message: /Label folder 'positive' is not 0, 1 or 2/,
  },
  {
    title: "a file beside the clips",
    bytes: png,
    path: "sub01/u_test/0/notes.txt",
    message: /This file does not belong here\. Expected only <subject>\/u_test\/<label/,
  },
  {
    title: "a clip without a label folder",
    bytes: png,
    path: "sub01/u_test/sub01_x.png",
    message: /does not belong here/,
  },
  {
    title: "a folder too deep",
    bytes: png,
    path: "sub01/u_test/0/more/sub01_x.png",
    message: /does not belong here/,
  },
  {
    title: "a folder that is no subject",
    bytes: png,
    path: "old/u_test/0/sub01_x.png",
    message: /'old' is not a subject of CASME II, SMIC or SAMM\. Expected a folder such as/,
  },
];

for (const { title, bytes, message, path = megcPath(victim) } of cases) {
  Deno.test(`megc2019-flow: ${title} stops with its name and the fix`, async () => {
    await withData(async (folder, root) => {
      const file = join(folder, path);
      await write(file, bytes);
      await assert.rejects(loadDataset("megc2019-flow", { root }), (error: Error) => {
        assert.ok(error instanceof DataError, String(error));
        assert.match(error.message, message);
        assert.ok(error.message.startsWith(`${file}: `), error.message);
        assert.ok(error.place.fix);
        return true;
      });
    });
  });
}

Deno.test("megc2019-flow: one clip in two classes stops with both names", async () => {
  await withData(async (folder, root) => {
    const twin = megcPath({ ...victim, label: (victim.label + 1) % 3 }).replace(" .png", ".png");
    await write(join(folder, twin), png);
    await assert.rejects(loadDataset("megc2019-flow", { root }), ({ message }: Error) => {
      assert.match(message, /same clip as/);
      return message.includes(twin) && message.includes(megcPath(victim)) &&
        message.includes(victim.clip);
    });
  });
});

const shared = join(dirname(fromFileUrl(import.meta.url)), "..", "..", "..", "shared");
const there = await Deno.stat(join(shared, "megc2019-flow")).then(() => true, () => false);
const reason = there ? "" : " (skipped: ../shared/megc2019-flow is not there)";

Deno.test({
  name: `megc2019-flow: the real clips have the counts of the challenge${reason}`,
  ignore: !there,
  async fn() {
    const dataset = await loadDataset("megc2019-flow", { root: shared });
    assert.deepEqual(
      countClips(dataset).map(({ database, subjects, clips, byClass }) => [
        database,
        subjects,
        clips,
        ...byClass,
      ]),
      [
        ["casme2", 24, 145, 88, 32, 25],
        ["samm", 28, 133, 92, 26, 15],
        ["smic", 16, 164, 70, 51, 43],
        ["all", 68, 442, 250, 109, 83],
      ],
    );
    // Wrong in any byte, the files would not have the committed digests.
    assert.equal(describeReport(await verifyDataset("megc2019-flow", { root: shared })), "");
    const clips = new Set(dataset.samples.map(({ clip }) => clip));
    assert.equal(clips.size, 442);
    for (const clip of ["casme2/sub01/EP02_01f", "samm/006/006_1_2", "smic/s20/s20_sur_05"]) {
      assert.ok(clips.has(clip), clip);
    }
  },
});
