import assert from "node:assert/strict";
import { join } from "@std/path";
import { SetupError } from "lib/core/errors.ts";
import { exists } from "lib/core/files.ts";
import { ensureVenv } from "./venv.ts";

const fakePython = `#!/bin/sh
echo "$@" >> "$0.log"
case "$*" in
  *ensurepip*) [ ! -e "$0.no-venv" ] ;;
  *"-m venv"*) mkdir -p "$4/bin" && rm -f "$4/fleeting.json" && cp "$0" "$4/bin/python" ;;
  *"-m pip"*) echo "Collecting a"; echo "no network" >&2; [ ! -e "$(dirname "$0")/../../offline" ] ;;
esac
`;

async function withFakePython(use: (folder: string, python: string) => Promise<void>) {
  const folder = await Deno.makeTempDir({ prefix: "venv-test-" });
  const python = join(folder, "python3"), before = Deno.env.get("PYTHON");
  await Deno.writeTextFile(python, fakePython, { mode: 0o755 });
  Deno.env.set("PYTHON", python);
  try {
    await use(folder, python);
  } finally {
    if (before === undefined) Deno.env.delete("PYTHON");
    else Deno.env.set("PYTHON", before);
    await Deno.remove(folder, { recursive: true });
  }
}

async function refusal(work: Promise<void>): Promise<string> {
  const error = await work.then(() => undefined, (error) => error);
  assert.ok(error instanceof SetupError, String(error));
  return error.message;
}

Deno.test("ensureVenv() makes an environment once, and anew for other packages", async () => {
  await withFakePython(async (folder, python) => {
    const options = { folder: join(folder, "venv"), lock: join(folder, "lock") };
    const timesMade = async () =>
      (await Deno.readTextFile(`${python}.log`)).split("\n").filter((l) => l.includes("-m venv"))
        .length;
    await ensureVenv({ ...options, packages: ["a==1"] });
    await ensureVenv({ ...options, packages: ["a==1"] });
    assert.equal(await timesMade(), 1);
    await ensureVenv({ ...options, packages: ["a==2"] });
    assert.equal(await timesMade(), 2);
  });
});

Deno.test("ensureVenv() repairs an environment whose install failed", async () => {
  await withFakePython(async (folder) => {
    const venv = join(folder, "venv"), lock = join(folder, "lock");
    const options = { folder: venv, lock, packages: ["a==1"] };
    await Deno.writeTextFile(join(folder, "offline"), "");
    assert.match(await refusal(ensureVenv(options)), /^pip could not .*no network.* the network/);
    assert.equal(await exists(join(venv, "fleeting.json")), false);
    await Deno.remove(join(folder, "offline"));
    const said: string[] = [];
    await ensureVenv({ ...options, report: (line) => said.push(line) });
    assert.match(said[0]!, /^repairing /);
    assert.equal(await exists(join(venv, "fleeting.json")), true);
  });
});

Deno.test("ensureVenv() names what is missing and how to get it", async () => {
  await withFakePython(async (folder, python) => {
    const options = { folder: join(folder, "venv"), lock: join(folder, "lock"), packages: [] };
    await Deno.writeTextFile(`${python}.no-venv`, "");
    assert.match(await refusal(ensureVenv(options)), /has no venv module\. Install it/);
    await Deno.remove(python);
    assert.match(
      await refusal(ensureVenv(options)),
      /^Python 3\.9 or newer is missing .*Install it/,
    );
  });
});
