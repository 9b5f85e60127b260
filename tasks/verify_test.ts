import assert from "node:assert/strict";
import { fromFileUrl, join } from "@std/path";
import { findExperiment } from "lib/experiment/find.ts";
import { readResult, writeResult } from "lib/results/arrow.ts";
import { run } from "lib/run/run.ts";
import { foldNames, sampled } from "lib/run/again.ts";

const task = fromFileUrl(import.meta.resolve("./verify.ts"));

async function verify(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", task, ...args],
    env: { NO_COLOR: "1" },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: text(stdout), err: text(stderr) };
}

Deno.test("deno task verify finds the folds that are not what the code computes", async () => {
  const results = await Deno.makeTempDir();
  try {
    const experiment = await findExperiment("table1", "bi-woof");
    const given = { data: "synthetic-flow", seeds: 1 };
    const { file } = await run(experiment, given, { results, workers: 1 });
    const sound = await verify("--results", results, "--folds", "3");
    assert.equal(sound.err, "");
    assert.match(sound.out, /3 folds computed again: all the same\n$/);
    assert.equal(sound.code, 0);

    // One score of one clip, in the last digit.
    const result = await readResult(file);
    const [first, ...rest] = result.predictions;
    const [score, ...others] = first!.scores;
    const touched = { ...first!, scores: [Math.fround(score! * (1 + 2 ** -23)), ...others] };
    await writeResult(file, { ...result, predictions: [touched, ...rest] });
    const all = String(foldNames(result).length);
    const bad = await verify(file, "--folds", all);
    assert.match(bad.out, new RegExp(`fold ${first!.fold}: differs, 0 of \\d+ clips flipped`));
    assert.match(bad.out, new RegExp(`1 of ${all} folds differ\n$`));
    assert.equal(bad.code, 1);
  } finally {
    await Deno.remove(results, { recursive: true });
  }
});

Deno.test("deno task verify says what is wrong with its arguments", async () => {
  const nowhere = join(Deno.cwd(), "no-such-file.arrow");
  for (
    const [args, message] of [
      [["--folds", "none"], /^error: --folds: Expected a whole number of at least 1, got 'none'/],
      [[nowhere], /^error: .*no-such-file\.arrow/],
    ] as const
  ) {
    const { code, err } = await verify(...args);
    assert.match(err, message);
    assert.equal(code, 2);
  }
});

Deno.test("sampled() draws the same from the same seed, each at most once, in order", () => {
  const items = Array.from({ length: 50 }, (_, i) => i);
  assert.deepEqual(sampled(items, 7, 1), sampled(items, 7, 1));
  assert.notDeepEqual(sampled(items, 7, 1), sampled(items, 7, 2));
  const drawn = sampled(items, 60, 3);
  assert.deepEqual(drawn, items);
});
