import assert from "node:assert/strict";
import { join } from "@std/path";
import { sha256 } from "lib/core/json.ts";
import { fileEntry, listFiles, mapFiles, treeDigest } from "./files.ts";

Deno.test("listFiles() sorts, follows links, and passes over what systems leave behind", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.mkdir(join(folder, "b", "c"), { recursive: true });
    await Deno.mkdir(join(folder, "left"));
    const names = ["z.png", "b/c/2.png", "b/c/10.png", "b/.DS_Store", "b/Thumbs.db", "left/x.png"];
    for (const name of names) await Deno.writeTextFile(join(folder, name), name);
    await Deno.symlink(join(folder, "z.png"), join(folder, "a.png"));
    await Deno.symlink(join(folder, "b"), join(folder, "linked"));
    assert.deepEqual(await listFiles(folder, (path) => path === "left/"), [
      "a.png",
      "b/c/10.png",
      "b/c/2.png",
      "linked/c/10.png",
      "linked/c/2.png",
      "z.png",
    ]);
    await assert.rejects(listFiles(join(folder, "none")), /none: Cannot list this folder/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("treeDigest() does not depend on the order and tells name from content", () => {
  const a = fileEntry("a", new TextEncoder().encode("1"));
  const b = fileEntry("b", new TextEncoder().encode("22"));
  assert.equal(treeDigest([b, a]), treeDigest([a, b]));
  assert.equal(treeDigest([a, b]), sha256(`${sha256("1")} 1 a\n${sha256("22")} 2 b\n`));
  assert.notEqual(treeDigest([{ ...a, path: "b" }, { ...b, path: "a" }]), treeDigest([a, b]));
});

Deno.test("mapFiles() keeps the order, bounds what is under way, and passes errors on", async () => {
  let running = 0;
  let most = 0;
  const items = Array.from({ length: 100 }, (_, i) => i);
  const results = await mapFiles(items, async (i) => {
    most = Math.max(most, ++running);
    await new Promise((done) => setTimeout(done, i % 3));
    running--;
    return 2 * i;
  });
  assert.deepEqual(results, items.map((i) => 2 * i));
  assert.equal(most, 32);
  await assert.rejects(mapFiles([1], () => Promise.reject(new Error("no"))), /no/);
});
