import assert from "node:assert/strict";
import { join } from "@std/path";
import { root } from "lib/experiment/find.ts";
import { withLock } from "./lock.ts";

/** Takes the lock in another process, says so, and holds it until its input ends. */
async function holdElsewhere(folder: string): Promise<Deno.ChildProcess> {
  const script = join(folder, "hold.ts");
  await Deno.writeTextFile(
    script,
    `import { withLock } from "lib/setup/lock.ts";
     await withLock(Deno.args[0], () => {}, async () => {
       console.log("held");
       for await (const _ of Deno.stdin.readable);
     });`,
  );
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", "--no-lock", "--config", `${root}/deno.json`, script, folder],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const reader = child.stdout.getReader();
  await reader.read();
  reader.releaseLock();
  return child;
}

Deno.test("withLock() waits for another process, saying so once", async () => {
  const folder = await Deno.makeTempDir();
  const holder = await holdElsewhere(folder);
  const events: string[] = [];
  const waiting = withLock(folder, () => events.push("waiting"), () => {
    events.push("working");
    return Promise.resolve(7);
  });
  await new Promise((resolve) => setTimeout(resolve, 200));
  assert.deepEqual(events, ["waiting"]);
  events.push("released");
  await holder.stdin.close();
  assert.equal(await waiting, 7);
  assert.deepEqual(events, ["waiting", "released", "working"]);
  await holder.stdout.cancel();
  await holder.status;
  await Deno.remove(folder, { recursive: true });
});

Deno.test("withLock() is free after its holder was killed, and after its work threw", async () => {
  const folder = await Deno.makeTempDir();
  const holder = await holdElsewhere(folder);
  holder.kill("SIGKILL");
  await holder.status;
  await holder.stdin.close().catch(() => {});
  await holder.stdout.cancel();
  const refuse = () => assert.fail("the lock was still held");
  await assert.rejects(withLock(folder, refuse, () => Promise.reject(new Error("work"))), /work/);
  assert.equal(await withLock(folder, refuse, () => Promise.resolve("free")), "free");
  await Deno.remove(folder, { recursive: true });
});
