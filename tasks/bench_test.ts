import assert from "node:assert/strict";
import { dirname, fromFileUrl, join } from "@std/path";

const root = join(dirname(fromFileUrl(import.meta.url)), "..");

async function bench(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--allow-all", join(root, "tasks", "bench.ts"), ...args],
    cwd: root,
    env: { NO_COLOR: "1" },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: text(stdout), err: text(stderr) };
}

for (
  const [args, message] of [
    ["--rounds abc", /^error: --rounds: 'abc' is no number of rounds/],
    ["training --rounds 0", /^error: --rounds: '0' is no number of rounds/],
    ["--rounds 1.5", /^error: --rounds: '1\.5' is no number of rounds/],
    ["--python nowhere/python", /^error: --python: 'nowhere\/python' is no Python/],
    ["preprocessing --python nowhere/python", /^error: --python: 'nowhere\/python' is no Python/],
    ["descriptors --python nowhere/python", /^error: --python: 'nowhere\/python' is no Python/],
    ["trainig", /^error: There is no bench 'trainig'. Did you mean 'training'\?/],
    ["training preprocessing", /^error: too many arguments/],
    ["--round 3", /^error: unknown option '--round' \(Did you mean --rounds\?\)/],
  ] as const
) {
  Deno.test(`deno task bench ${args} says what is wrong in one line`, async () => {
    const { code, out, err } = await bench(...args.split(" "));
    assert.equal(code, 2);
    assert.equal(out, "");
    assert.match(err, message);
    assert.equal(err.trim().split("\n").length, 1, err);
  });
}

Deno.test("deno task bench --help names all benches", async () => {
  const { code, out } = await bench("--help");
  assert.equal(code, 0);
  for (const name of ["training", "memory", "preprocessing", "descriptors", "workers"]) {
    assert.match(
      out.replaceAll(/\s+/g, " "),
      new RegExp(`Arguments: what .*\\b${name}\\b.*Options:`),
    );
  }
});
