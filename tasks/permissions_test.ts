import assert from "node:assert/strict";
import { join } from "@std/path";
import { root } from "lib/experiment/find.ts";
import { setupPermissions } from "lib/setup/ensure.ts";
import settings from "../deno.json" with { type: "json" };

const tasks: Readonly<Record<string, { readonly command: string }>> = settings.tasks;

/** Both start every task, browsers and kernels, and look into `/proc`, which Deno lets nobody else do. */
const allowedAll = ["test", "soak"];

/** What each task may; the README says why. */
const expected: Readonly<Record<string, readonly string[]>> = {
  setup: ["read", "write", "env", "sys=statfs", "run"],
  reproduce: ["read", "write=…", "env", "sys", "net=127.0.0.1", "run", "ffi=node_modules"],
  bench: ["read", "write=…", "env", "sys", "run", "ffi"],
  data: ["read", "write=…", "env", "sys", "ffi=node_modules"],
  report: ["read", "write=…", "env"],
  verify: ["read", "write=…", "env", "sys", "run=…", "ffi=node_modules"],
  diff: ["read=.", "env", "run=git"],
  score: ["read", "env"],
  "check-notebooks": ["read", "write=…", "env", "run=…"],
  kernels: ["read=.", "write=lib", "env"],
  lab: ["read", "write=…", "env", "sys=uid", "run"],
  doctor: ["read", "write=…", "env", "sys", "run", "ffi"],
};

/** The permissions of the last program that a command starts, lists of folders and programs as `…`. */
function permissionsOf(command: string): string[] {
  const plain = command.replaceAll(/"(--allow-\w+=)\$\([^)]*\)"/g, "$1…");
  const last = plain.split("&&").at(-1) ?? "";
  return [...last.matchAll(/ --allow-(\S+)/g)].map(([, what]) => what!);
}

Deno.test("no task has all permissions but those that need them", () => {
  for (const [name, { command }] of Object.entries(tasks)) {
    const all = /(^|\s)(-A|--allow-all)(\s|$)/.test(command);
    assert.equal(all, allowedAll.includes(name), `${name}: ${command}`);
  }
});

Deno.test("each task has the permissions that are meant, and no other", () => {
  for (const [name, { command }] of Object.entries(tasks)) {
    if (allowedAll.includes(name) || ["check", "ok"].includes(name)) continue;
    assert.deepEqual(permissionsOf(command), expected[name], name);
  }
  assert.deepEqual(
    setupPermissions.map((flag) => flag.replace("--allow-", "")),
    expected.setup,
  );
});

Deno.test("no process that the library starts has all permissions", async () => {
  const walk = async (folder: string): Promise<void> => {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      const path = join(folder, name);
      if (isDirectory) await walk(path);
      else if (name.endsWith(".ts") && !/_?test(ing)?\.ts$/.test(name)) {
        assert.doesNotMatch(await Deno.readTextFile(path), /"(-A|--allow-all)"|"run -A /, path);
      }
    }
  };
  await walk(join(root, "lib"));
  await walk(join(root, "tasks"));
});

async function task(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", ...args],
    cwd: root,
    env: { NO_COLOR: "1", ...env },
    stdin: "null",
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: text(stdout), err: text(stderr) };
}

Deno.test("a task writes where it may, and says which flag leads elsewhere", async () => {
  // Neither in the project nor in the temporary folder, and never made.
  const folder = "/fleeting-elsewhere/folder";
  const refused = await task(["data", "export-synthetic", "--as", "casme2", folder]);
  assert.equal(refused.code, 2, refused.err);
  assert.match(refused.err, /^error: folder: This task may not write to '.*FLEETING_WRITE\n$/);
  const row = ["reproduce", "table1", "bi-woof", "--dry-run", "--data", "synthetic-flow"];
  const results = await task([...row, "--results", folder]);
  assert.equal(results.code, 2, results.err);
  assert.match(results.err, /^error: --results: This task may not write to '/);
  const shown = await task([...row, "--results", folder], { FLEETING_WRITE: folder });
  assert.equal(shown.code, 0, shown.err);
  await assert.rejects(Deno.stat(folder), Deno.errors.NotFound);
});

Deno.test("set-up may look at everything that it begins with", async () => {
  // What it asks of a machine that has nothing yet; here nothing would be left to do.
  const look = `
    import { findPython, hasNvidiaDriver, requireSpace } from "lib/setup/prerequisites.ts";
    requireSpace(".", 1);
    await findPython();
    await hasNvidiaDriver();`;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", ...setupPermissions, "--config", "deno.json", "-"],
    cwd: root,
    stdin: "piped",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(look));
  await writer.close();
  const { code, stderr } = await child.output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
});
