import assert from "node:assert/strict";
import { dirname, fromFileUrl, join } from "@std/path";

Deno.test({
  name: "deno task soak finds the same bytes and nothing left after kills (Linux only)",
  ignore: Deno.build.os !== "linux",
  async fn() {
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--quiet", "tasks/soak.ts", "--kills", "16", "--per-round", "16"],
      cwd: join(dirname(fromFileUrl(import.meta.url)), ".."),
      env: { NO_COLOR: "1" },
      stdin: "null",
    }).output();
    const said = new TextDecoder().decode(stdout);
    assert.match(said, /\n16 kills, 0 differing bytes, 0 leftovers\n$/);
    assert.equal(code, 0, new TextDecoder().decode(stderr));
  },
});
