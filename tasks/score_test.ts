import assert from "node:assert/strict";
import { fromFileUrl, join } from "@std/path";
import { withFolder } from "lib/core/folder_testing.ts";
import { writeResult } from "lib/results/arrow.ts";
import { exampleResult } from "lib/results/testing.ts";

async function score(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", fromFileUrl(import.meta.resolve("./score.ts")), ...args],
    env: { NO_COLOR: "1" },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: text(stdout), err: text(stderr) };
}

Deno.test("deno task score prints the scores worked out by hand", async () => {
  await withFolder(async (folder) => {
    const file = join(folder, "their.csv");
    await Deno.writeTextFile(
      file,
      "video,subject,truth,predicted\n1,s1,neg,neg\n2,s1,pos,neg\n3,s2,neg,neg\n4,s2,pos,pos\n",
    );
    const { code, out, err } = await score(file, "--clip", "video");
    assert.deepEqual([code, err], [0, ""]);
    // F1: negative 2·2/(2 + 3) = 0.8, positive 2·1/(2 + 1) = 0.667.
    assert.match(out, /^ {2}UF1 +0\.733 /m);
    assert.match(out, /^ {2}UAR +0\.750 /m);
    assert.match(out, /^ {2}neg +2 +0\.667 +1\.000 +0\.800$/m);
    assert.match(out, /^ {2}pos +1 +1$/m);
    const json = JSON.parse((await score(file, "--clip", "video", "--json")).out);
    assert.equal(json.composite.accuracy, 0.75);
    assert.deepEqual(json.classes, ["neg", "pos"]);
    const three = await score(file, "--clip", "video", "--classes", "pos,neg,sur");
    assert.match(three.out, /^ {2}sur +0 +– +– +–$/m);
  });
});

Deno.test("deno task score says that a result of ours is synthetic, and gives its databases", async () => {
  await withFolder(async (folder) => {
    const file = join(folder, "row.arrow");
    await writeResult(file, exampleResult());
    const { code, out } = await score(file);
    assert.equal(code, 0);
    assert.match(out, /^Scores \(36 clips, 9 subjects, 2 seeds\)\n {2}synthetic data/);
    assert.match(out, /^By database\n.*\n {2}casme2 +12 /m);
  });
});

Deno.test("deno task score explains bad input in one line and exits with 2", async () => {
  await withFolder(async (folder) => {
    const problem = async (...args: string[]) => {
      const { code, out, err } = await score(...args);
      assert.deepEqual([code, out], [2, ""]);
      assert.match(err, /^error: [^\n]+\n$/);
      return err;
    };
    const file = join(folder, "their.csv");
    assert.match(await problem(file), /their\.csv: There is no such file/);
    await Deno.writeTextFile(
      file,
      "clip,subject,truth,predicted,seed\n1,s,a,a,1\n2,s,b,b,1\n1,s,a,a,2\n",
    );
    assert.match(await problem(file), /their\.csv: Seed 2 has no prediction of clip 2/);
    assert.match(await problem(file, "--classes", "a,a"), /--classes: Give each class once/);
    assert.match(await problem(), /missing required argument/);
  });
});
