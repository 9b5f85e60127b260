import assert from "node:assert/strict";
import { fromFileUrl, join } from "@std/path";
import { findExperiment } from "lib/experiment/find.ts";
import { readResult, writeResult } from "lib/results/arrow.ts";
import { run } from "lib/run/run.ts";

const task = fromFileUrl(import.meta.resolve("./reproduce.ts"));

async function reproduce(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", task, ...args],
    env: { NO_COLOR: "1" },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: text(stdout), err: text(stderr) };
}

Deno.test("deno task reproduce --from makes what a file says, with its parameters, and compares", async () => {
  const folder = await Deno.makeTempDir();
  const again = join(folder, "again");
  try {
    const experiment = await findExperiment("table1", "bi-woof");
    // Nothing of this is a default.
    const given = { data: "synthetic-flow", seeds: 2, split: "k-fold-by-subject", k: 3 };
    const { file } = await run(experiment, given, { results: folder, workers: 1 });
    const equal = await reproduce("--from", file);
    assert.equal(equal.code, 0, equal.err);
    assert.match(equal.out, /no change \(1 result file\)/);
    assert.match(equal.err, /table1\/bi-woof on synthetic-flow: 6\/6 folds/);

    const { metadata, predictions } = await readResult(file);
    const parameters = { ...metadata.parameters, k: 4 };
    await writeResult(file, { metadata: { ...metadata, parameters }, predictions });
    const other = await reproduce("--from", file, "--results", again);
    assert.equal(other.code, 1, other.err);
    assert.match(other.out, /UF1 +0\.\d{3}/);
    const made = await readResult(join(again, "synthetic-flow", "table1", "bi-woof.arrow"));
    assert.equal(made.metadata.parameters.k, 4);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("deno task reproduce --from refuses whatever the file says already", async () => {
  for (
    const [args, message] of [
      [["--from", "a.arrow", "--seeds", "2"], /^error: --seeds: A result file says itself/],
      [["table1", "--from", "a.arrow"], /^error: table1: A result file says itself/],
      [["--from", "no-such-file.arrow"], /^error: .*no-such-file\.arrow: There is no such file/],
    ] as const
  ) {
    const { code, err } = await reproduce(...args);
    assert.match(err, message);
    assert.equal(code, 2);
  }
});
