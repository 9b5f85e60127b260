import assert from "node:assert/strict";
import { fromFileUrl, join } from "@std/path";
import { encodeResult, writeResult } from "lib/results/arrow.ts";
import { exampleMetadata, exampleResult } from "lib/results/testing.ts";

const task = fromFileUrl(import.meta.resolve("./diff.ts"));
const config = fromFileUrl(import.meta.resolve("../deno.json"));

async function git(cwd: string, ...args: string[]): Promise<void> {
  const who = ["-c", "user.name=Test", "-c", "user.email=test@example.org"];
  const { success, stderr } = await new Deno.Command("git", { args: [...who, ...args], cwd })
    .output();
  assert.ok(success, new TextDecoder().decode(stderr));
}

async function diff(
  cwd: string,
  ...args: string[]
): Promise<{ code: number; out: string; err: string }> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", "--config", config, task, ...args],
    cwd,
    env: { NO_COLOR: "1" },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: text(stdout), err: text(stderr) };
}

/** A repository with the rows a, b and c committed under `results`. */
async function withRepository(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await git(folder, "init", "--quiet");
    for (const row of ["a", "b", "c"]) {
      await writeResult(join(folder, "results", `${row}.arrow`), exampleResult());
    }
    await git(folder, "add", ".");
    await git(folder, "commit", "--quiet", "--message", "first");
    await body(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const better = exampleResult({
  skill: 2,
  metadata: { parameters: { ...exampleMetadata.parameters, epochs: 20 } },
});

Deno.test("deno task diff says 'no change' and exits with 0 for equal bytes", async () => {
  await withRepository(async (folder) => {
    assert.deepEqual(await diff(folder), {
      code: 0,
      out: "  no change (3 result files)\n",
      err: "",
    });
    assert.equal((await diff(folder, "HEAD", "HEAD")).code, 0);
    assert.deepEqual(JSON.parse((await diff(folder, "--json")).out)[0], {
      file: "results/a.arrow",
      status: "same",
    });
  });
});

Deno.test("deno task diff reports changed, added, removed and unreadable files", async () => {
  await withRepository(async (folder) => {
    const at = (row: string) => join(folder, "results", `${row}.arrow`);
    await writeResult(at("a"), better);
    await Deno.remove(at("b"));
    await writeResult(at("deeper/new"), better);
    const changed = await diff(folder);
    assert.equal(changed.code, 1, changed.err);
    assert.match(changed.out, /^results\/a\.arrow \(synthetic\)$/m);
    assert.match(changed.out, /^ {2}UF1 +0\.\d{3} +1\.000 +\+0\.\d{3} +0\.\d{3} to 0\.\d{3}$/m);
    assert.match(changed.out, /McNemar, seed 1: 0 clips right only before, \d+ only after, p /);
    assert.match(changed.out, /^ {2}- parameter epochs: 10 → 20$/m);
    assert.match(changed.out, /^ {2}results\/b\.arrow \(synthetic\) +0\.\d+ → – +removed$/m);
    assert.match(
      changed.out,
      /^ {2}results\/deeper\/new\.arrow \(synthetic\) +– → 1\.000 +added$/m,
    );
    assert.match(changed.out, /no change in 1 other file\n$/);
    const md = await diff(folder, "--md");
    assert.match(md.out, /^### results\/a\.arrow \(synthetic\)\n\n\| score \| before \|/m);

    const damaged = encodeResult(better);
    damaged[1500]! ^= 1;
    await Deno.writeFile(at("c"), damaged);
    const unreadable = await diff(folder);
    assert.equal(unreadable.code, 2);
    assert.match(unreadable.out, /unreadable: results\/c\.arrow \(after\): .*seal/);
    assert.match(unreadable.out, /^results\/a\.arrow/m);
  });
});

Deno.test("deno task diff compares two revisions, from a sub-folder too", async () => {
  await withRepository(async (folder) => {
    await writeResult(join(folder, "results", "a.arrow"), better);
    await git(folder, "commit", "--quiet", "--all", "--message", "second");
    assert.equal((await diff(folder)).code, 0);
    const { code, out } = await diff(folder, "HEAD~1", "HEAD", "--json");
    assert.equal(code, 1);
    const [a, b] = JSON.parse(out);
    assert.deepEqual([a.file, a.status, b.status], ["results/a.arrow", "changed", "same"]);
    assert.equal(a.difference.causes[0].after, "20");
    const sub = await diff(join(folder, "results"), "HEAD~1", "--results", ".");
    assert.equal(sub.code, 1, sub.err);
    assert.match(sub.out, /^a\.arrow/m);
  });
});

Deno.test("deno task diff explains what it cannot do in one line and exits with 2", async () => {
  await withRepository(async (folder) => {
    const problem = async (...args: string[]) => {
      const { code, out, err } = await diff(folder, ...args);
      assert.deepEqual([code, out], [2, ""]);
      assert.match(err, /^error: [^\n]+\n$/);
      return err;
    };
    assert.match(await problem("nowhere"), /no revision 'nowhere'/);
    assert.match(await problem("HEAD", "nowhere"), /no revision 'nowhere'/);
    assert.match(await problem("--results", "../x"), /not below the working folder/);
    assert.match(await problem("--wrong"), /unknown option '--wrong'/);
  });
  const folder = await Deno.makeTempDir();
  try {
    const { code, err } = await diff(folder);
    assert.equal(code, 2);
    assert.match(err, /not a git repository/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("deno task diff --fail-on regression lets what is better, or as good by chance, pass", async () => {
  await withRepository(async (folder) => {
    const at = (row: string) => join(folder, "results", `${row}.arrow`);
    const code = async (...revisions: string[]) =>
      (await diff(folder, ...revisions, "--fail-on", "regression")).code;
    await writeResult(at("a"), better);
    assert.equal(await code(), 0);
    await git(folder, "commit", "--quiet", "--all", "--message", "better");
    // The other way round it is worse by more than chance.
    assert.equal(await code("HEAD", "HEAD~1"), 1);
    // Other made-up scores of the same skill.
    await writeResult(at("b"), exampleResult({ draw: 2 }));
    assert.equal((await diff(folder)).code, 1);
    assert.equal(await code(), 0);
    await Deno.remove(at("c"));
    assert.equal(await code(), 1);
    const { err } = await diff(folder, "--fail-on", "rain");
    assert.match(err, /rain.*invalid.*change, regression/);
  });
});

Deno.test("deno task diff says once what changed in files where no clip flipped", async () => {
  await withRepository(async (folder) => {
    const at = (row: string) => join(folder, "results", `${row}.arrow`);
    const modules = { ...exampleMetadata.code.modules, "lib/run/fold.ts": "else" };
    const code = { ...exampleMetadata.code, digest: "other", modules };
    for (const row of ["a", "b"]) await writeResult(at(row), exampleResult({ metadata: { code } }));
    await writeResult(at("c"), better);
    const { code: exit, out } = await diff(folder);
    assert.equal(exit, 1);
    // The one with other numbers first, then the others together.
    const lines = out.trimEnd().split("\n");
    assert.equal(lines[0], "results/c.arrow (synthetic)");
    const rest = lines.slice(lines.indexOf("2 files (synthetic)"));
    assert.match(
      rest.join("\n"),
      /^2 files \(synthetic\)\n {2}no clip flipped, no score moved\n {2}- results: a, b\n/,
    );
    assert.match(rest.join("\n"), /\n {2}- code lib\/run\/fold\.ts: \(none\) → else$/);
    assert.ok(rest.length <= 6, rest.join("\n"));
    // Two files with other numbers begin with a line each.
    await writeResult(at("a"), better);
    const both = await diff(folder);
    assert.match(
      both.out,
      /^ {2}2 files with other numbers\n {2}file +UF1 +change .*what is different$/m,
    );
    assert.match(
      both.out,
      /^ {2}results\/a\.arrow \(synthetic\) +0\.\d+ → 1\.000 +\+0\.\d+ .* parameter epochs$/m,
    );
  });
});
