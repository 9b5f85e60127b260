import assert from "node:assert/strict";
import { join } from "@std/path";
import { UserError } from "./errors.ts";
import { fileProblem, refuseDetour, writeAtomic } from "./files.ts";
import { withFolder } from "./folder_testing.ts";

Deno.test("fileProblem() takes files and links to files, up to a size, and nothing else", async () => {
  await withFolder(async (folder) => {
    const file = join(folder, "a");
    await Deno.writeFile(file, new Uint8Array(10));
    await Deno.symlink(file, join(folder, "link"));
    assert.equal(await fileProblem(file, 10), undefined);
    assert.equal(await fileProblem(join(folder, "link"), 10), undefined);
    assert.equal(await fileProblem(join(folder, "none"), 10), undefined);
    assert.match(await fileProblem(file, 9) ?? "", /more than the 0\.0 MiB/);
    assert.match(await fileProblem(folder, 9) ?? "", /folder/);
    assert.match(await fileProblem("/dev/null", 9) ?? "", /device/);
  });
});

Deno.test("refuseDetour() names a link below the folder of results, whose own links are the user's", async () => {
  await withFolder(async (folder) => {
    const [results, away] = [join(folder, "results"), join(folder, "away")];
    await Deno.mkdir(join(results, "a", "b"), { recursive: true });
    await Deno.mkdir(away);
    await refuseDetour(results, join(results, "a", "b", "x.arrow"));
    await refuseDetour(results, join(results, "none", "x.arrow"));
    await Deno.symlink(away, join(results, "a", "c"));
    await assert.rejects(
      refuseDetour(results, join(results, "a", "c", "d", "x.arrow")),
      (error) => {
        assert.ok(error instanceof UserError);
        assert.ok(error.message.startsWith(`${join(results, "a", "c")}: This is a link`));
        return true;
      },
    );
    await Deno.symlink(results, join(folder, "by-link"));
    await refuseDetour(join(folder, "by-link"), join(folder, "by-link", "a", "b", "x.arrow"));
  });
});

Deno.test("writeAtomic() replaces a link by a file, and never writes by it", async () => {
  await withFolder(async (folder) => {
    const [file, other] = [join(folder, "a.arrow"), join(folder, "other")];
    await Deno.writeTextFile(other, "theirs");
    await Deno.symlink(other, file);
    await writeAtomic(file, "ours");
    assert.equal(await Deno.readTextFile(other), "theirs");
    assert.equal(await Deno.readTextFile(file), "ours");
    assert.ok((await Deno.lstat(file)).isFile);
  });
});
