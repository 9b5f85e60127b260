import assert from "node:assert/strict";
import { dirname, fromFileUrl, join } from "@std/path";
import { loadDataset } from "lib/data/mod.ts";
import { writeMegcLayout } from "lib/data/testing.ts";
import { table } from "./table.ts";

const root = join(dirname(fromFileUrl(import.meta.url)), "..");

/** Runs the task in a process of its own, with no data root from outside. */
async function data(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--allow-all", join(root, "tasks", "data.ts"), ...args],
    cwd: root,
    env: { FLEETING_DATA: "", FLEETING_LOCK: "", NO_COLOR: "1" },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: text(stdout), err: text(stderr) };
}

Deno.test("deno task data locks, verifies, lists and inspects a data set on disk", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const { samples } = await loadDataset("synthetic-flow");
    const [first = ""] = await writeMegcLayout(join(folder, "megc2019-flow"), {
      samples: samples.slice(0, 9),
    });
    const flags = ["--data-root", folder, "--lock-file", join(folder, "lock.json")];
    const unlocked = await data("verify", "megc2019-flow", ...flags);
    assert.equal(unlocked.code, 2);
    assert.match(unlocked.err, /^error: .*is not locked.*deno task data lock megc2019-flow\n$/);
    const locked = await data("lock", "megc2019-flow", ...flags);
    assert.equal(locked.code, 0, locked.err);
    assert.match(locked.out, /^megc2019-flow: 9 files, digest [0-9a-f]{12} → .*lock\.json\n$/);
    const verified = await data("verify", ...flags);
    assert.equal(verified.code, 0, verified.err);
    assert.match(verified.out, /^megc2019-flow: as locked \(9 files\)\nsynthetic-flow: skipped\./);
    const listed = await data("list", ...flags);
    assert.match(
      listed.out,
      /\nmegc2019-flow .* no +yes +9 +\d+ +3 .*\nsynthetic-flow .* yes +no /,
    );
    assert.match((await data("inspect", "megc2019-flow", ...flags)).out, /\nall +\d+ +9 /);
    await Deno.truncate(join(folder, "megc2019-flow", first), 0);
    const changed = await data("verify", ...flags);
    assert.equal(changed.code, 2);
    assert.equal(
      changed.err,
      `error: ${join(folder, "megc2019-flow")}: 1 changed: '${first}'\n`,
    );
    assert.match((await data("list", ...flags)).out, /damaged: see verify/);
    await Deno.writeTextFile(join(folder, "lock.json"), "{");
    assert.match((await data("verify", ...flags)).err, /^error: .*lock\.json: Not valid JSON/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

for (
  const [args, message] of [
    [["verify", "synthetic-flaw"], /^error: .* Did you mean 'synthetic-flow'\?\n$/],
    [["lokc", "synthetic-flow"], /^error: unknown command 'lokc'/],
    [["lock"], /^error: missing required argument 'name'/],
    [["list", "--date-root", "x"], /^error: unknown option '--date-root'/],
    [["inspect", "megc2019-flow", "--data-root", "nowhere"], /^error: nowhere\/megc2019-flow: /],
  ] as const
) {
  Deno.test(`deno task data ${args.join(" ")} says what is wrong in one line`, async () => {
    const { code, out, err } = await data(...args);
    assert.equal(code, 2);
    assert.equal(out, "");
    assert.match(err, message);
    assert.equal(err.trim().split("\n").length, 1);
  });
}

Deno.test("table() aligns words to the left and numbers to the right", () => {
  assert.equal(
    table([["name", "clips"], ["a", "9"], ["long", "121"]]),
    "name  clips\na         9\nlong    121",
  );
});
