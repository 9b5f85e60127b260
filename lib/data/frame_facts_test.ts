import assert from "node:assert/strict";
import { join } from "@std/path";
import { DataError } from "lib/core/errors.ts";
import { withDataFolder } from "./clip_testing.ts";
import { frameFacts } from "./frame_facts.ts";
import { encodeFrame } from "./layouts/write.ts";

const bytes = (level: number, width = 4) =>
  encodeFrame(
    { data: new Uint8Array(4 * width).fill(level), width, height: 4, channels: 1 },
    "bmp",
  );

Deno.test("frameFacts() gives sizes and digests, and the error of a bad file", async () => {
  await withDataFolder(async (folder) => {
    await Deno.writeFile(join(folder, "1.bmp"), await bytes(1));
    await Deno.writeFile(join(folder, "2.bmp"), await bytes(1, 6));
    await Deno.writeFile(join(folder, "3.bmp"), new Uint8Array(0));
    const facts = await frameFacts(folder, ["1.bmp", "2.bmp", "3.bmp", "4.bmp"]);
    const [one, two, three, four] = facts.values();
    assert.ok(!(one instanceof DataError) && one !== undefined);
    assert.deepEqual([one.width, one.height, one.size], [4, 4, (await bytes(1)).length]);
    assert.ok(!(two instanceof DataError) && two?.width === 6);
    assert.match((three as DataError).message, /3\.bmp: The file is empty/);
    assert.match((four as DataError).message, /4\.bmp: Cannot read this file/);
  });
});

Deno.test("frameFacts() reads a file again once it has changed, and only then", async () => {
  await withDataFolder(async (folder) => {
    const file = join(folder, "1.bmp");
    const read = async (): Promise<[boolean, string]> => {
      let reads = 0;
      const paths = Array<string>(100).fill("1.bmp"); // Progress is told every hundred reads.
      const fact = (await frameFacts(folder, paths, { onProgress: () => reads++ })).get("1.bmp");
      return [reads > 0, (fact as { sha256: string }).sha256];
    };
    await Deno.writeFile(file, await bytes(1));
    const [, first] = await read();
    // A file as new as this one might change without a trace, so it is not remembered.
    await Deno.writeFile(file, await bytes(2));
    const [, second] = await read();
    assert.notEqual(second, first);
    await Deno.utime(file, 1000.5, 1000.5);
    assert.deepEqual(await read(), [true, second]);
    assert.deepEqual(await read(), [false, second]);
    await Deno.writeFile(file, await bytes(3));
    await Deno.utime(file, 2000.5, 2000.5);
    const [again, third] = await read();
    assert.ok(again);
    assert.notEqual(third, second);
  });
});

Deno.test("frameFacts() does without a memory that is damaged or cannot be written", async () => {
  await withDataFolder(async (folder) => {
    const file = join(folder, "1.bmp");
    await Deno.writeFile(file, await bytes(1));
    await Deno.utime(file, 1000.5, 1000.5);
    const before = await frameFacts(folder, ["1.bmp"]);
    const memory = join(Deno.env.get("FLEETING_CACHE")!, "frames");
    for await (const { name } of Deno.readDir(memory)) {
      await Deno.writeTextFile(join(memory, name), "{");
    }
    assert.deepEqual(await frameFacts(folder, ["1.bmp"]), before);
    Deno.env.set("FLEETING_CACHE", file);
    assert.deepEqual(await frameFacts(folder, ["1.bmp"]), before);
  });
});
