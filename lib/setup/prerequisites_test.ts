import assert from "node:assert/strict";
import { join } from "@std/path";
import { root } from "lib/experiment/find.ts";
import { describeProcessor } from "./machine.ts";
import { requireAvx, requireSpace } from "./prerequisites.ts";

/**
 * Runs `deno task setup` on a fresh package folder in a world where only the given programs are on
 * the PATH, and returns its exit code and what it says.
 */
async function setUpWith(
  programs: Record<string, string>,
  args: readonly string[] = [],
): Promise<{ code: number; stderr: string }> {
  const folder = await Deno.makeTempDir();
  try {
    for (const [name, script] of Object.entries(programs)) {
      await Deno.writeTextFile(join(folder, name), `#!/bin/sh\n${script}\n`);
      await Deno.chmod(join(folder, name), 0o755);
    }
    const script = join(folder, "run.ts");
    await Deno.mkdir(join(folder, "package", "binding"), { recursive: true });
    await Deno.writeTextFile(
      script,
      `import { setUp } from "lib/setup/setup.ts";
       import { bindingPlace } from "lib/setup/paths.ts";
       import { runTask } from "${root}/tasks/cli.ts";
       const gpu = Deno.args.includes("--gpu") ? true : undefined;
       const place = bindingPlace("${folder}/package");
       await runTask(async () => { await setUp({ gpu, place }); });`,
    );
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--quiet", "--no-lock", `--config=${root}/deno.json`, script, ...args],
      env: {
        PATH: folder,
        HOME: folder,
        // Set to nothing counts as unset.
        DENO_DIR: Deno.env.get("DENO_DIR") || join(Deno.env.get("HOME") ?? "", ".cache", "deno"),
        FLEETING_CACHE: join(folder, "cache"),
        FLEETING_GPU: "0",
        FLEETING_BACKEND: "tensorflow",
        NO_COLOR: "1",
      },
      clearEnv: true,
    }).output();
    return { code, stderr: new TextDecoder().decode(stderr) };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("setUp() without Python names it and the way to get it", async () => {
  const { code, stderr } = await setUpWith({});
  assert.equal(code, 2, stderr);
  assert.match(stderr, /error: Python is missing.*(apt install python3 python3-pip|brew install)/);
  assert.match(stderr, /--backend wasm/);
  assert.doesNotMatch(stderr, /^\s+at /m);
});

Deno.test("setUp() with a Python without pip names pip", async () => {
  const { code, stderr } = await setUpWith({ python3: '[ "$1" = --version ] && echo Python 3.12' });
  assert.equal(code, 2, stderr);
  assert.match(stderr, /error: python3 has no pip.*python3-pip|brew/);
});

Deno.test("setUp() without a network says so", async () => {
  const { code, stderr } = await setUpWith({
    python3: 'case "$*" in *--version*) exit 0;; esac\n' +
      "echo 'WARNING: Retrying: NewConnectionError: [Errno -3] name resolution' >&2\nexit 1",
  });
  assert.equal(code, 2, stderr);
  assert.match(stderr, /error: pip cannot download tensorflow.*: no connection/);
});

Deno.test("setUp() for a GPU without a driver says what it looked for", async () => {
  const { code, stderr } = await setUpWith({}, ["--gpu"]);
  assert.equal(code, 2, stderr);
  assert.match(
    stderr,
    /error: --gpu: (No NVIDIA driver is loaded|TensorFlow computes on a GPU only)/,
  );
});

Deno.test("requireSpace() names the folder and both numbers", () => {
  const folder = Deno.cwd();
  requireSpace(folder, 0);
  assert.throws(
    () => requireSpace(folder, 1e12),
    /1000000000000 MB of free disk space are needed, there are \d+ MB.*FLEETING_CACHE/,
  );
});

const cpuinfo = (flags: string): string => `model name\t: A CPU\nflags\t\t: fpu ${flags}\n`;

Deno.test("requireAvx() refuses a processor without AVX only", () => {
  requireAvx(cpuinfo("sse2 avx avx2"));
  requireAvx(cpuinfo("avx"));
  requireAvx("");
  assert.throws(() => requireAvx(cpuinfo("sse2 avx512x")), /no AVX.*--backend wasm/);
});

Deno.test("describeProcessor() names the model and its vector instructions", () => {
  assert.deepEqual(describeProcessor(cpuinfo("avx avx2")), ["A CPU", "AVX2"]);
  assert.deepEqual(describeProcessor(cpuinfo("avx2 avx512f")), ["A CPU", "AVX2 and AVX-512"]);
  assert.deepEqual(describeProcessor(cpuinfo("avx")), ["A CPU", "no AVX2"]);
  assert.deepEqual(describeProcessor(""), []);
});
