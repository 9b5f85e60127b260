import assert from "node:assert/strict";
import { join } from "@std/path";
import { ParameterError } from "lib/core/errors.ts";
import { spawnKernel } from "./kernel_process.ts";
import { refuseOpening, setUpLab, startLab } from "./lab.ts";
import { processesOf } from "./processes.ts";
import { findBrowser, root } from "./testing.ts";

const linux = Deno.build.os === "linux";

/** The addresses at which something listens on a port, as Linux lists them: `0100007F` is 127.0.0.1. */
function listeners(port: number): string[] {
  return ["/proc/net/tcp", "/proc/net/tcp6"].flatMap((file) =>
    Deno.readTextFileSync(file).split("\n").slice(1).flatMap((line) => {
      const [, local = "", , state] = line.trim().split(/\s+/);
      const [address = "", at = ""] = local.split(":");
      return state === "0A" && parseInt(at, 16) === port ? [address] : [];
    })
  );
}

async function until<T>(what: string, look: () => T | undefined | Promise<T | undefined>) {
  for (let attempt = 0; attempt < 600; attempt++) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`waited in vain for ${what}`);
}

Deno.test({
  name: "the runner's kernel listens on loopback only, with a secret that its owner alone can read",
  ignore: !linux,
  fn: async () => {
    const kernel = await spawnKernel({ cwd: root });
    try {
      for (const port of Object.values(kernel.ports)) {
        const found = await until(`port ${port}`, () => {
          const at = listeners(port);
          return at.length > 0 ? at : undefined;
        });
        assert.deepEqual(found, ["0100007F"]);
      }
      const { mode } = await Deno.stat(kernel.connection);
      assert.equal((mode ?? 0) & 0o077, 0, "others can read the connection file");
      const said = JSON.parse(await Deno.readTextFile(kernel.connection));
      assert.equal(said.ip, "127.0.0.1");
      assert.equal(said.signature_scheme, "hmac-sha256");
      assert.equal(said.key, kernel.key);
      assert.match(kernel.key, /^[0-9a-f]{8}-[0-9a-f-]{27}$/);
    } finally {
      kernel.kill();
      await kernel.end();
    }
    await assert.rejects(Deno.stat(kernel.connection), Deno.errors.NotFound);
  },
});

Deno.test({
  name: "processesOf() finds a family with and without Deno's leave to look into /proc",
  ignore: !linux,
  fn: async () => {
    const family = crypto.randomUUID();
    const child = new Deno.Command("sleep", { args: ["60"], env: { FLEETING_KERNEL: family } })
      .spawn();
    try {
      assert.deepEqual(processesOf(family), [child.pid]);
      const script = `import { processesOf } from "lib/notebook/processes.ts";
        console.log(JSON.stringify(processesOf("${family}")));`;
      const file = await Deno.makeTempFile({ dir: join(root, ".cache"), suffix: ".ts" });
      await Deno.writeTextFile(file, script);
      const { stdout } = await new Deno.Command(Deno.execPath(), {
        args: ["run", "--quiet", "--no-prompt", "--allow-read", "--allow-run", file],
        cwd: root,
      }).output();
      await Deno.remove(file);
      assert.deepEqual(JSON.parse(new TextDecoder().decode(stdout)), [child.pid]);
    } finally {
      child.kill("SIGKILL");
      await child.status;
    }
    assert.deepEqual(processesOf(family), []);
  },
});

Deno.test("startLab() refuses what would open JupyterLab to others", () => {
  for (
    const args of [
      ["--ip=0.0.0.0"],
      ["--ip", "0.0.0.0"],
      ["--ServerApp.ip=*"],
      ["--IdentityProvider.token="],
      ["--ServerApp.token=''"],
      ["--NotebookApp.token", ""],
      ["--ServerApp.allow_unauthenticated_access=True"],
      ["--ServerApp.allow_remote_access=True"],
      ["--ServerApp.disable_check_xsrf=True"],
    ]
  ) {
    assert.throws(() => refuseOpening(args), ParameterError, args.join(" "));
  }
  refuseOpening(["--no-browser", "--port=9000", "--ip=127.0.0.1", "--IdentityProvider.token=x"]);
});

Deno.test({
  name: "JupyterLab listens on loopback only and answers nobody without its token",
  // As the test in a browser, it brings JupyterLab where it is not there.
  ignore: !linux || findBrowser() === undefined,
  fn: async () => {
    await setUpLab({ root });
    const folder = await Deno.makeTempDir({ dir: join(root, ".cache"), prefix: "lab-test-" });
    const runtime = join(folder, "runtime");
    const before = Deno.env.get("JUPYTER_RUNTIME_DIR");
    Deno.env.set("JUPYTER_RUNTIME_DIR", runtime);
    const end = new AbortController();
    const lab = startLab(root, ["--no-browser", "--log-level=ERROR"], {
      signal: end.signal,
      folder,
    });
    try {
      // Where it listens and the token that it made up, as it tells its owner.
      const { port, token } = await until("JupyterLab", () => {
        try {
          const name = [...Deno.readDirSync(runtime)].find(({ name }) =>
            name.endsWith(".json")
          )!.name;
          const file = join(runtime, name);
          assert.equal(Deno.statSync(file).mode! & 0o077, 0, "others can read the token");
          return JSON.parse(Deno.readTextFileSync(file)) as { port: number; token: string };
        } catch (error) {
          if (error instanceof assert.AssertionError) throw error;
          return undefined;
        }
      });
      assert.match(token, /^[0-9a-f]{32,}$/);
      const ask = async (headers: HeadersInit): Promise<number> => {
        const response = await fetch(`http://127.0.0.1:${port}/api/contents`, { headers });
        await response.body?.cancel();
        return response.status;
      };
      await until("an answer", () => ask({}).catch(() => undefined));
      assert.deepEqual(listeners(port), ["0100007F"]);
      assert.equal(await ask({}), 403);
      assert.equal(await ask({ Authorization: "token wrong" }), 403);
      assert.equal(await ask({ Authorization: `token ${token}` }), 200);
    } finally {
      end.abort();
      await lab;
      if (before === undefined) Deno.env.delete("JUPYTER_RUNTIME_DIR");
      else Deno.env.set("JUPYTER_RUNTIME_DIR", before);
      await Deno.remove(folder, { recursive: true });
    }
  },
});
