import assert from "node:assert/strict";
import { join } from "@std/path";
import { sha256 } from "lib/core/json.ts";
import { landmarksFile } from "lib/setup/landmarks_place.ts";
import { findModelFile, openModel } from "./model.ts";
import { handmade, testdata, withEnvironment } from "./testing.ts";

/** Runs a test with a cache of its own and a small model of 68 points in a file. */
async function withModel(body: (file: string, cache: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  const file = join(folder, "model.dat");
  const cache = join(folder, "cache");
  await Deno.writeFile(file, handmade({}, 68));
  try {
    await withEnvironment(
      { FLEETING_CACHE: cache, FLEETING_LANDMARKS: undefined },
      () => body(file, cache),
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("findModelFile() prefers the variable, then set-up's file, then finds nothing", async () => {
  await withModel(async (file, cache) => {
    assert.equal(await findModelFile(), undefined);
    await Deno.mkdir(join(cache, "landmarks"), { recursive: true });
    await Deno.writeTextFile(landmarksFile(), "");
    assert.equal(await findModelFile(), landmarksFile());
    Deno.env.set("FLEETING_LANDMARKS", file);
    assert.equal(await findModelFile(), file);
    Deno.env.set("FLEETING_LANDMARKS", join(cache, "nothing.dat"));
    await assert.rejects(findModelFile(), {
      name: "SetupError",
      message: /^FLEETING_LANDMARKS=.*nothing\.dat: There is no such file\. Point it to/,
    });
  });
});

Deno.test("openModel() keeps a pack, uses it, and makes a damaged one anew", async () => {
  await withModel(async (file, cache) => {
    const digest = sha256(handmade({}, 68));
    const pack = join(cache, "landmarks", `${digest}.pack`);
    const first = await openModel(file);
    assert.equal(first.digest, digest);
    assert.equal(first.regressor.sizes.points, 68);
    const packed = await Deno.readFile(pack);
    assert.deepEqual(await openModel(file), first);
    const damaged = packed.slice();
    damaged[200]! ^= 1;
    await Deno.writeFile(pack, damaged);
    assert.deepEqual(await openModel(file), first);
    assert.deepEqual(await Deno.readFile(pack), packed);
  });
});

Deno.test("openModel() does without a pack where the cache cannot be written", async () => {
  await withModel(async (file, cache) => {
    await Deno.writeTextFile(cache, "a file where the folder should be");
    assert.equal((await openModel(file)).regressor.sizes.points, 68);
  });
});

Deno.test("openModel() refuses another number of points, damage, and a file in set-up's place", async () => {
  await withModel(async (file, cache) => {
    await assert.rejects(openModel(join(testdata, "tiny.dat")), {
      name: "DataError",
      message: /tiny\.dat finds 5 landmarks, 68 are needed/,
    });
    await Deno.truncate(file, 300);
    await assert.rejects(openModel(file), {
      name: "DataError",
      message: /model\.dat: .*too early/,
    });
    await assert.rejects(openModel(join(cache, "nothing.dat")), { name: "DataError" });
    await Deno.mkdir(join(cache, "landmarks"), { recursive: true });
    await Deno.writeFile(landmarksFile(), handmade({}, 68));
    await assert.rejects(openModel(landmarksFile()), {
      name: "DataError",
      message: /not the published model \(SHA-256 [0-9a-f]{64}\)\. Delete it and run/,
    });
  });
});
