import assert from "node:assert/strict";
import { join, relative } from "@std/path";
import { root } from "lib/experiment/find.ts";
import { codeOf } from "./code.ts";

/** Three modules in a folder of the repository: main imports used, and neither imports unused. */
async function withModules(
  body: (folder: string, code: () => ReturnType<typeof codeOf>) => Promise<void>,
): Promise<void> {
  await Deno.mkdir(join(root, ".cache"), { recursive: true });
  const folder = await Deno.makeTempDir({ dir: join(root, ".cache") });
  try {
    await Deno.writeTextFile(
      join(folder, "main.ts"),
      `import { two } from "./used.ts";\nimport type { T } from "./types.ts";\n` +
        `export const lazy = () => import("./lazy.ts");\nexport const four: T = two * 2;\n`,
    );
    await Deno.writeTextFile(join(folder, "used.ts"), "export const two: number = 2;\n");
    await Deno.writeTextFile(join(folder, "types.ts"), "export type T = number;\n");
    await Deno.writeTextFile(join(folder, "lazy.ts"), "export const x = 1;\n");
    await body(folder, () => codeOf([relative(root, join(folder, "main.ts"))]));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("codeOf() lists what static imports reach, and nothing else", async () => {
  await withModules(async (folder, code) => {
    const names = Object.keys((await code()).modules).map((name) => name.split("/").pop());
    assert.deepEqual(names, ["main.ts", "used.ts"]);
    assert.ok(folder.length > 0);
  });
});

Deno.test("codeOf() ignores comments, types and formatting, and sees a changed value", async () => {
  await withModules(async (folder, code) => {
    const before = await code();
    await Deno.writeTextFile(
      join(folder, "used.ts"),
      "// why two\nexport const two    = /* the */ 2 as number\n\n",
    );
    assert.equal((await code()).digest, before.digest);
    await Deno.writeTextFile(join(folder, "used.ts"), "export const two: number = 3;\n");
    const after = await code();
    assert.notEqual(after.digest, before.digest);
    const changed = Object.keys(after.modules)
      .filter((name) => after.modules[name] !== before.modules[name]);
    assert.deepEqual(changed.map((name) => name.split("/").pop()), ["used.ts"]);
  });
});

Deno.test("codeOf() names packages with their versions", async () => {
  const { modules } = await codeOf(["lib/core/rng.ts"]);
  assert.ok(Object.keys(modules).some((name) => /^npm:seedrandom@\d+\.\d+\.\d+$/.test(name)));
});

Deno.test("codeOf() can be asked several times at once", async () => {
  const names = ["lib/core/rng.ts", "lib/core/json.ts", "lib/core/volume.ts"];
  const together = await Promise.all(names.map((name) => codeOf([name])));
  for (const [i, name] of names.entries()) assert.deepEqual(await codeOf([name]), together[i]);
});

Deno.test("codeOf() keeps what it read, sees new imports, and passes over a damaged copy", async () => {
  const kept = () => [...Deno.readDirSync(join(root, ".cache", "code"))].map(({ name }) => name);
  await withModules(async (folder, code) => {
    const before = new Set(await code().then(kept));
    const first = await code();
    assert.deepEqual(new Set(kept()), before, "read once, kept once");
    await Deno.writeTextFile(join(folder, "new.ts"), "export const one = 1;\n");
    await Deno.writeTextFile(
      join(folder, "used.ts"),
      'import { one } from "./new.ts";\nexport const two: number = one + one;\n',
    );
    const second = await code();
    assert.deepEqual(
      Object.keys(second.modules).map((name) => name.split("/").pop()),
      ["main.ts", "new.ts", "used.ts"],
    );
    await Deno.writeTextFile(join(folder, "used.ts"), "export const two: number = 2;\n");
    assert.deepEqual(await code(), first);
    const mine = relative(root, join(folder, "main.ts"));
    for (const name of kept()) {
      const file = join(root, ".cache", "code", name);
      const text = await Deno.readTextFile(file);
      if (!text.includes(mine)) continue;
      await Deno.writeTextFile(file, text.slice(0, text.length / 2));
      assert.deepEqual(await code(), first);
      await Deno.remove(file);
    }
  });
});
