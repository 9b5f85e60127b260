import assert from "node:assert/strict";
import { join } from "@std/path";
import { DataError } from "lib/core/errors.ts";
import { withDataFolder } from "./clip_testing.ts";
import { type GeneratedFolder, generatedFolder } from "./generated_folder.ts";
import { encodeFrame } from "./layouts/write.ts";

const grey = (level: number) => ({
  data: new Uint8Array(64).fill(level),
  width: 8,
  height: 8,
  channels: 1 as const,
});

/** A folder of two frames and a text, and what was said while it was made. */
function plan(events: string[] = []): GeneratedFolder<{ clips: number }> {
  return {
    name: "some-clips",
    version: "1",
    onMake: (reason) => events.push(reason),
    onWait: () => events.push("wait"),
    async write(folder) {
      for (const level of [1, 2]) {
        await Deno.writeFile(join(folder, `${level}.bmp`), await encodeFrame(grey(level), "bmp"));
      }
      await Deno.writeTextFile(join(folder, "sheet.txt"), "1 2");
      return { clips: 2 };
    },
  };
}

Deno.test("generatedFolder() makes a folder once and remembers what is known of it", async () => {
  await withDataFolder(async () => {
    const events: string[] = [];
    const first = await generatedFolder(plan(events));
    const second = await generatedFolder(plan(events));
    assert.deepEqual(second, first);
    assert.deepEqual(first.about, { clips: 2 });
    assert.deepEqual(events, ["first use"]);
    assert.match(first.folder, /data\/some-clips-1$/);
  });
});

for (
  const [what, damage] of Object.entries({
    "a frame that has changed": (folder: string) =>
      encodeFrame(grey(9), "bmp").then((bytes) => Deno.writeFile(join(folder, "1.bmp"), bytes)),
    "a frame that is gone": (folder: string) => Deno.remove(join(folder, "2.bmp")),
    "a frame that is empty": (folder: string) => Deno.truncate(join(folder, "2.bmp")),
    "a text that has changed": (folder: string) =>
      Deno.writeTextFile(join(folder, "sheet.txt"), "1 3"),
    "a manifest that is cut off": (folder: string) =>
      Deno.truncate(join(folder, ".manifest.json"), 20),
  })
) {
  Deno.test(`generatedFolder() notices ${what} and makes the folder again`, async () => {
    await withDataFolder(async () => {
      const events: string[] = [];
      const { folder } = await generatedFolder(plan());
      await damage(folder);
      await generatedFolder(plan(events));
      assert.deepEqual(events, ["damaged"]);
      await generatedFolder(plan(events));
      assert.deepEqual(events, ["damaged"]);
      assert.equal((await Deno.readFile(join(folder, "1.bmp"))).length > 54, true);
    });
  });
}

Deno.test("generatedFolder() makes a folder once when two ask at the same time", async () => {
  await withDataFolder(async () => {
    const events: string[] = [];
    const results = await Promise.all([1, 2].map(() => generatedFolder(plan(events))));
    assert.deepEqual(results[0], results[1]);
    assert.deepEqual(events.toSorted(), ["first use", "wait"]);
  });
});

Deno.test("generatedFolder() removes other versions that were not used for two weeks", async () => {
  await withDataFolder(async () => {
    const made = [];
    for (const version of ["1", "2"]) made.push(await generatedFolder({ ...plan(), version }));
    const ago = (days: number) => new Date(Date.now() - days * 24 * 3600 * 1000);
    await Deno.utime(join(made[0]!.folder, ".manifest.json"), ago(15), ago(15));
    await Deno.utime(join(made[1]!.folder, ".manifest.json"), ago(13), ago(13));
    await generatedFolder({ ...plan(), version: "3" });
    const left = (await Array.fromAsync(Deno.readDir(join(made[0]!.folder, "..")))).map((e) =>
      e.name
    );
    assert.deepEqual(left.sort(), ["locks", "some-clips-2", "some-clips-3"]);
    const events: string[] = [];
    await generatedFolder({ ...plan(events), version: "2" });
    assert.deepEqual(events, []);
  });
});

Deno.test("generatedFolder() leaves nothing behind when making fails, and works afterwards", async () => {
  await withDataFolder(async () => {
    const failing = {
      ...plan(),
      async write(folder: string): Promise<{ clips: number }> {
        await Deno.writeTextFile(join(folder, "half.txt"), "half");
        throw new DataError("The disk is full");
      },
    };
    await assert.rejects(generatedFolder(failing), /The disk is full/);
    const { folder } = await generatedFolder(plan());
    const names = (await Array.fromAsync(Deno.readDir(join(folder, "..")))).map(({ name }) => name);
    assert.deepEqual(names.sort(), ["locks", "some-clips-1"]);
    assert.equal((await Array.fromAsync(Deno.readDir(folder))).length, 4);
  });
});

Deno.test("generatedFolder() takes nothing of a process that was killed for whole", async () => {
  await withDataFolder(async () => {
    const { folder } = await generatedFolder(plan());
    await Deno.rename(folder, `${folder}.tmp`); // As if killed just before the last step.
    await Deno.remove(join(`${folder}.tmp`, "1.bmp"));
    const events: string[] = [];
    await generatedFolder(plan(events));
    assert.deepEqual(events, ["first use"]);
    assert.ok((await Deno.stat(join(folder, "1.bmp"))).isFile);
  });
});

Deno.test("generatedFolder() says so where the cache cannot be written", async () => {
  await withDataFolder(async (folder) => {
    const file = join(folder, "no-folder");
    await Deno.writeTextFile(file, "");
    Deno.env.set("FLEETING_CACHE", file);
    await assert.rejects(
      generatedFolder(plan()),
      (error: Error) => error instanceof DataError && /FLEETING_CACHE/.test(error.message),
    );
  });
});
