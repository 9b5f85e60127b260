import assert from "node:assert/strict";
import { dirname, fromFileUrl, join } from "@std/path";

const root = join(dirname(fromFileUrl(import.meta.url)), "..", "..");

/** Starts a process that makes its folder, says so, and lives until its input ends. */
async function start(parent: string): Promise<Deno.ChildProcess> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      ...["eval", "--quiet"],
      `import { useScratch } from "lib/core/scratch.ts";
       useScratch();
       Deno.makeTempFileSync({ prefix: "native-" });
       console.log("made");
       for await (const _ of Deno.stdin.readable);
       Deno.exit(0);`,
    ],
    cwd: root,
    env: { TMPDIR: parent },
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const reader = child.stdout.getReader();
  await reader.read();
  reader.releaseLock();
  return child;
}

async function end(child: Deno.ChildProcess): Promise<void> {
  await child.stdin.close().catch(() => {});
  await child.status;
  await child.stdout.cancel();
}

function below(folder: string): string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) =>
    isDirectory ? [name, ...below(join(folder, name))] : [name]
  );
}

Deno.test("useScratch() keeps a process's temporary files in a folder that ends with it, even killed", async () => {
  const parent = await Deno.makeTempDir({ prefix: "scratch-test-" });
  await Deno.mkdir(join(parent, `fleeting-${crypto.randomUUID()}`));
  await Deno.mkdir(join(parent, "fleeting-of-somebody-else"));
  try {
    const [living, killed] = [await start(parent), await start(parent)];
    assert.equal(below(parent).filter((name) => name.startsWith("native-")).length, 2);
    killed.kill("SIGKILL");
    await end(killed);
    assert.equal(below(parent).filter((name) => name.startsWith("native-")).length, 2);
    // The next one removes what the killed one left, and what was never used.
    await end(await start(parent));
    assert.equal(below(parent).filter((name) => name.startsWith("native-")).length, 1);
    await end(living);
    assert.deepEqual(below(parent), ["fleeting-of-somebody-else"]);
  } finally {
    await Deno.remove(parent, { recursive: true });
  }
});
