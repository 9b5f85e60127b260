import assert from "node:assert/strict";
import { dirname, fromFileUrl, join } from "@std/path";
import { fakeRecordings, withDataFolder } from "lib/data/clip_testing.ts";
import { officialLayouts } from "lib/data/layouts/official.ts";
import { writeLayout } from "lib/data/layouts/write.ts";
import { loadDataset } from "lib/data/mod.ts";
import { writeMegcLayout } from "lib/data/testing.ts";
import { table } from "./table.ts";

const root = join(dirname(fromFileUrl(import.meta.url)), "..");

/** Runs the task in a process of its own, with no data root from outside. */
async function data(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ code: number; out: string; err: string }> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--allow-all", join(root, "tasks", "data.ts"), ...args],
    cwd: root,
    env: { FLEETING_DATA: "", FLEETING_LOCK: "", NO_COLOR: "1", ...env },
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
    const unlocked = await data(["verify", "megc2019-flow", ...flags]);
    assert.equal(unlocked.code, 2);
    assert.match(unlocked.err, /^error: .*is not locked.*deno task data lock megc2019-flow\n$/);
    const locked = await data(["lock", "megc2019-flow", ...flags]);
    assert.equal(locked.code, 0, locked.err);
    assert.match(locked.out, /^megc2019-flow: 9 files, digest [0-9a-f]{12} → .*lock\.json\n$/);
    const verified = await data(["verify", ...flags]);
    assert.equal(verified.code, 0, verified.err);
    assert.match(
      verified.out,
      /^megc2019-flow: as locked \(9 files\)\n(?:.*\n)*synthetic-flow: skipped\./m,
    );
    const listed = await data(["list", ...flags]);
    assert.match(
      listed.out,
      /\nmegc2019-flow .* no +yes +9 +\d+ +3 .*\n(?:.*\n)*synthetic-flow .* yes +no /,
    );
    assert.match((await data(["inspect", "megc2019-flow", ...flags])).out, /\nall +\d+ +9 /);
    await Deno.truncate(join(folder, "megc2019-flow", first), 0);
    const changed = await data(["verify", ...flags]);
    assert.equal(changed.code, 2);
    assert.equal(
      changed.err,
      `error: ${join(folder, "megc2019-flow")}: 1 changed: '${first}'\n`,
    );
    assert.match((await data(["list", ...flags])).out, /damaged: see verify/);
    await Deno.writeTextFile(join(folder, "lock.json"), "{");
    assert.match((await data(["verify", ...flags])).err, /^error: .*lock\.json: Not valid JSON/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("deno task data inspects clips, and says what is wrong with them", async () => {
  await withDataFolder(async (folder) => {
    const cache = { FLEETING_CACHE: Deno.env.get("FLEETING_CACHE")! };
    const made = fakeRecordings("casme2", ["disgust", "happiness", "fear"]);
    await writeLayout("casme2", made, folder);
    const call = ["inspect", "casme2", "--data-root", folder];
    const { code, out, err } = await data(call, cache);
    assert.deepEqual([code, err], [0, ""]);
    assert.match(out, /\nlabels +paper: negative, positive, surprise, other\n/);
    assert.match(out, /\nframes +32×24, colour, 200 a second\n/);
    assert.match(out, /\nlengths +8 to 8 frames/);
    assert.match(out, /\ndisgust +1 +63\n/);
    assert.match(out, /\nall +2 +1 +1 +0 +0\n/);
    assert.match(out, /\nleft out \(1\)\n {2}casme2\/sub01\/EP02_03f: 'fear' has no class/);
    assert.match(out, /\nnotes \(1\)\n {2}Not the published 255 clips but 3: /);
    const picture = /contact sheet +(.*\.png)\n$/.exec(out)?.[1] ?? "";
    assert.deepEqual([...(await Deno.readFile(picture)).subarray(1, 4)], [0x50, 0x4e, 0x47]);
    const frame = join(folder, officialLayouts.casme2.framePath(made[0]!, 12));
    await Deno.truncate(frame, (await Deno.stat(frame)).size - 50);
    const apex = join(folder, officialLayouts.casme2.framePath(made[1]!, 13));
    await Deno.truncate(apex, (await Deno.stat(apex)).size - 50);
    const quick = await data(call, cache);
    assert.equal(quick.code, 2);
    assert.match(quick.out, /\nproblems \(1\)\n.*img13\.jpg: The image is cut off/);
    const decoded = await data([...call, "--decode"], cache);
    assert.equal(decoded.code, 2);
    assert.match(decoded.out, /\nproblems \(2\)\n.*img12\.jpg: The image is cut off/);
  });
});

Deno.test("deno task data export-synthetic wants an empty folder", async () => {
  await withDataFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, "mine.txt"), "");
    const { code, out, err } = await data(["export-synthetic", "--as", "samm", folder]);
    assert.deepEqual([code, out], [2, ""]);
    assert.match(err, /^error: .*: This folder is not empty.* Name a new or an empty folder\n$/);
    const file = await data(["export-synthetic", "--as", "samm", join(folder, "mine.txt")]);
    assert.equal(file.code, 2);
    assert.match(file.err, /^error: .*mine\.txt: This is no folder/);
  });
});

for (
  const [args, message] of [
    [["verify", "synthetic-flaw"], /^error: .* Did you mean 'synthetic-flow'\?\n$/],
    [["lokc", "synthetic-flow"], /^error: unknown command 'lokc'/],
    [["lock"], /^error: missing required argument 'name'/],
    [["list", "--date-root", "x"], /^error: unknown option '--date-root'/],
    [["inspect", "casme2", "--data-root", "nowhere"], /^error: nowhere\/casme2: .*Apply to/],
    [["inspect", "casme2", "--labels", "four"], /^error: option '--labels <scheme>' .*megc3/],
    [["export-synthetic", "x"], /^error: required option '--as <name>'/],
    [["export-synthetic", "--as", "casme", "x"], /^error: option '--as <name>' .*smic-hs/],
    [["inspect", "megc2019-flow", "--data-root", "nowhere"], /^error: nowhere\/megc2019-flow: /],
  ] as const
) {
  Deno.test(`deno task data ${args.join(" ")} says what is wrong in one line`, async () => {
    const { code, out, err } = await data(args);
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
