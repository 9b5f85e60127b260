import assert from "node:assert/strict";
import { join } from "@std/path";
import { runChild } from "./child.ts";
import { configureDiff, diffSettings } from "./git.ts";

Deno.test("configureDiff() writes the clone's settings once, and follows a moved Deno", async () => {
  const folder = await Deno.makeTempDir();
  const git = async (...args: string[]) => (await runChild(["git", "-C", folder, ...args])).output;
  await git("init", "--quiet");
  assert.equal(await configureDiff(folder, "/opt/it's/deno"), true);
  const config = join(folder, ".git", "config");
  const first = await Deno.readTextFile(config);
  for (const [key, value] of Object.entries(diffSettings("/opt/it's/deno"))) {
    assert.equal(await git("config", "--get", key), value);
  }
  assert.equal(await configureDiff(folder, "/opt/it's/deno"), true);
  assert.equal(await Deno.readTextFile(config), first);
  await configureDiff(folder, "/new/deno");
  assert.match(await git("config", "--get", "diff.arrow.textconv"), /^'\/new\/deno' run /);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("diffSettings() make a command that a shell runs from a path with odd characters", async () => {
  const folder = await Deno.makeTempDir({ prefix: "it's a folder " });
  const deno = join(folder, "deno");
  await Deno.writeTextFile(deno, '#!/bin/sh\necho "$1 $6"\n');
  await Deno.chmod(deno, 0o755);
  const command = diffSettings(deno)["diff.arrow.textconv"];
  const { output } = await runChild(["sh", "-c", `${command} "$@"`, "sh", "a file"]);
  assert.equal(output, "run a file");
  await Deno.remove(folder, { recursive: true });
});

Deno.test("configureDiff() does nothing outside a clone", async () => {
  const folder = await Deno.makeTempDir();
  assert.equal(await configureDiff(folder), false);
  await Deno.remove(folder, { recursive: true });
});
