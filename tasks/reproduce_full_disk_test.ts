import assert from "node:assert/strict";
import { join } from "@std/path";
import { bytesBelow, filesBelow, withRunPlace } from "lib/run/testing.ts";
import { quickRow, reproduce } from "./testing.ts";

async function succeeds(command: string, ...args: string[]): Promise<boolean> {
  const child = new Deno.Command(command, { args, stdout: "null", stderr: "null" });
  return await child.output().then(({ success }) => success, () => false);
}

/** A file system of a size such as `8k`, mounted over a folder. */
async function mount(size: string, folder: string): Promise<boolean> {
  await Deno.mkdir(folder, { recursive: true });
  return await succeeds("mount", "-t", "tmpfs", "-o", `size=${size}`, "tmpfs", folder);
}

async function canMount(): Promise<boolean> {
  if (Deno.build.os !== "linux" || Deno.uid() !== 0) return false;
  const folder = await Deno.makeTempDir();
  const mounted = await mount("8k", folder);
  if (mounted) await succeeds("umount", folder);
  await Deno.remove(folder);
  return mounted;
}

const ignore = !await canMount();
const where = "(where a file system can be mounted)";

Deno.test({
  name: `deno task reproduce keeps finished folds when the results' disk is full ${where}`,
  ignore,
  async fn() {
    await withRunPlace(async (place) => {
      assert.ok(await mount("8k", place.results));
      try {
        const { code, err } = await reproduce(place, quickRow);
        assert.equal(code, 2);
        assert.match(err, /\nerror: .*bi-woof\.arrow: Cannot write .*Free some disk space.*\n$/);
        assert.deepEqual(filesBelow(place.results), []);
        assert.equal(filesBelow(place.cache).length, 3);
      } finally {
        await succeeds("umount", place.results);
      }
    });
  },
});

Deno.test({
  name:
    `deno task reproduce goes on from the finished folds when the cache's disk was full ${where}`,
  ignore,
  async fn() {
    await withRunPlace(async (place) => {
      // A fold of this row takes three pages of 4 KB: two of three folds fit.
      assert.ok(await mount("28k", place.cache));
      try {
        const { code, err } = await reproduce(place, quickRow);
        assert.equal(code, 2);
        assert.match(err, /\nerror: .*folds.*\.json: Cannot write .*Free some disk space.*\n$/);
        assert.equal(filesBelow(place.cache).length, 2);
        assert.ok(await succeeds("mount", "-o", "remount,size=1m", place.cache));
        const again = await reproduce(place, quickRow);
        assert.equal(again.code, 0, again.err);
        assert.match(again.err, /3 folds, 2 from cache/);
      } finally {
        await succeeds("umount", place.cache);
      }
    });
  },
});

Deno.test({
  name: `deno task reproduce keeps finished folds when the results are read-only ${where}`,
  ignore,
  async fn() {
    await withRunPlace(async (place) => {
      assert.ok(await mount("1m", place.results));
      try {
        assert.ok(await succeeds("mount", "-o", "remount,ro", place.results));
        const { code, err } = await reproduce(place, quickRow);
        assert.equal(code, 2);
        assert.match(err, /\nerror: .*bi-woof\.arrow: Cannot write .*Read-only.*writable.*\n$/);
        assert.equal(filesBelow(place.cache).length, 3);
        assert.ok(await succeeds("mount", "-o", "remount,rw", place.results));
        const again = await reproduce(place, quickRow);
        assert.equal(again.code, 0, again.err);
        assert.match(again.err, /3 folds, 3 from cache/);
        await withRunPlace(async (whole) => {
          assert.equal((await reproduce(whole, quickRow)).code, 0);
          assert.deepEqual(await bytesBelow(place.results), await bytesBelow(whole.results));
        });
      } finally {
        await succeeds("umount", place.results);
      }
    });
  },
});

Deno.test({
  name: `deno task reproduce names a folder for temporary files that is full ${where}`,
  ignore,
  async fn() {
    await withRunPlace(async (place) => {
      const tmp = join(place.folder, "tmp");
      assert.ok(await mount("4k", tmp));
      try {
        await Deno.writeFile(join(tmp, "filler"), new Uint8Array(4096)).catch(() => {});
        const { code, err } = await reproduce(place, quickRow, { TMPDIR: tmp });
        assert.equal(code, 2, err);
        assert.match(
          err,
          /error: .*(Cannot make a temporary folder|Cannot write this file) .*space/,
        );
        assert.doesNotMatch(err, /\n +at /);
        assert.ok(await succeeds("mount", "-o", "remount,size=1m", tmp));
        const again = await reproduce(place, quickRow, { TMPDIR: tmp });
        assert.equal(again.code, 0, again.err);
        assert.deepEqual(filesBelow(tmp), ["filler"]);
      } finally {
        await succeeds("umount", tmp);
      }
    });
  },
});
