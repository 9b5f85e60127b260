import assert from "node:assert/strict";
import { dirname, fromFileUrl, join } from "@std/path";
import { UserError } from "./errors.ts";
import { isUnfinished, removeUnfinished, writeAtomic } from "./files.ts";
import { withFolder } from "./folder_testing.ts";

const root = join(dirname(fromFileUrl(import.meta.url)), "..", "..");
const bytes = 64 << 20;
const ignore = Deno.build.os !== "linux";

function temporaries(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).filter(isUnfinished);
}

/** Whether somebody has begun to write there; a lock comes first. */
function isWriting(folder: string): boolean {
  try {
    return temporaries(folder).some((name) => Deno.statSync(join(folder, name)).size > 0);
  } catch {
    return false; // It has just got its name.
  }
}

/** A process in the middle of writing a large file: stopped, its temporary file is there. */
async function stoppedWriter(file: string): Promise<Deno.ChildProcess> {
  const code = `
    import { writeAtomic } from "lib/core/files.ts";
    await writeAtomic(${JSON.stringify(file)}, new Uint8Array(${bytes}).fill(7));`;
  for (;;) {
    const child = new Deno.Command(Deno.execPath(), {
      args: ["eval", "--quiet", code],
      cwd: root,
      stdin: "null",
    }).spawn();
    let ended = false;
    void child.status.then(() => ended = true);
    while (!ended && !isWriting(dirname(file))) {
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    if (!ended) {
      child.kill("SIGSTOP");
      if (temporaries(dirname(file)).length === 1) return child;
      child.kill("SIGCONT");
    }
    // It was too fast: once more.
    await child.status;
    await Deno.remove(file);
  }
}

Deno.test({
  name:
    "removeUnfinished() spares what a living process writes, and removes what a killed one left",
  ignore,
  async fn() {
    await withFolder(async (folder) => {
      const file = join(folder, "large");
      const writer = await stoppedWriter(file);
      await removeUnfinished(folder);
      assert.equal(temporaries(folder).length, 1);
      writer.kill("SIGCONT");
      assert.equal((await writer.status).code, 0);
      const written = await Deno.readFile(file);
      assert.ok(written.length === bytes && written.every((byte) => byte === 7));
      await Deno.remove(file);

      const killed = await stoppedWriter(file);
      killed.kill("SIGKILL");
      await killed.status;
      assert.equal(temporaries(folder).length, 1);
      await removeUnfinished(dirname(folder));
      assert.equal(temporaries(folder).length, 1);
      await removeUnfinished(folder);
      assert.deepEqual([...Deno.readDirSync(folder)], []);
    });
  },
});

Deno.test({
  name: "writeAtomic() writes again when its temporary file was taken away, as by another machine",
  ignore,
  async fn() {
    await withFolder(async (folder) => {
      const file = join(folder, "large");
      const writer = await stoppedWriter(file);
      await Deno.remove(join(folder, temporaries(folder)[0]!));
      writer.kill("SIGCONT");
      assert.equal((await writer.status).code, 0);
      assert.equal((await Deno.stat(file)).size, bytes);
      assert.deepEqual(temporaries(folder), []);
    });
  },
});

Deno.test("writeAtomic() removes what others left in its folder, and touches nothing else there", async () => {
  await withFolder(async (folder) => {
    const inner = join(folder, "inner");
    await Deno.mkdir(inner);
    const left = `.${crypto.randomUUID()}.tmp`;
    for (const name of [left, "own.tmp", ".hidden", "file"]) {
      await Deno.writeTextFile(join(inner, name), "before");
    }
    await writeAtomic(join(inner, "file"), "after");
    const names = [...Deno.readDirSync(inner)].map(({ name }) => name).sort();
    assert.deepEqual(names, [".hidden", "file", "own.tmp"]);
    assert.equal(await Deno.readTextFile(join(inner, "file")), "after");
    await Deno.writeTextFile(join(inner, left), "before");
    await removeUnfinished(folder, { below: true });
    assert.deepEqual(temporaries(inner), []);
  });
});

Deno.test("writeAtomic() of many at once to one file leaves one of them whole", async () => {
  await withFolder(async (folder) => {
    const file = join(folder, "file");
    const texts = Array.from({ length: 30 }, (_, i) => String(i).repeat(1000 * (i + 1)));
    const cleaning = Promise.all(texts.map(() => removeUnfinished(folder)));
    await Promise.all(texts.map((text) => writeAtomic(file, text)));
    await cleaning;
    assert.ok(texts.includes(await Deno.readTextFile(file)));
    assert.deepEqual(temporaries(folder), []);
  });
});

Deno.test("writeAtomic() names a folder that stands where the file belongs", async () => {
  await withFolder(async (folder) => {
    const file = join(folder, "taken");
    await Deno.mkdir(join(file, "by"), { recursive: true });
    await assert.rejects(writeAtomic(file, "text"), (error) => {
      assert.ok(error instanceof UserError);
      assert.match(error.message, /taken: There is a folder where .* Remove the folder/);
      return true;
    });
    assert.deepEqual(temporaries(folder), []);
  });
});
