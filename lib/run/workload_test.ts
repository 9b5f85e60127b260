import assert from "node:assert/strict";
import { join } from "@std/path";
import type { FoldFacts } from "./facts.ts";
import { withRunPlace } from "./testing.ts";
import { keepTimings, readTimings, timingKey } from "./timings.ts";
import { openWorkload } from "./workload.ts";

Deno.test("openWorkload() says how long the rest takes, from earlier runs and then from this one", () => {
  const work = openWorkload(() => 2, { folds: { count: 10, seconds: 40 } });
  assert.equal(work.secondsLeft(), 0);
  work.add("folds", 6);
  assert.equal(work.secondsLeft(), 6 * 4 / 2);
  work.add("notebooks", 1);
  assert.equal(work.secondsLeft(), (6 * 4 + 4) / 2, "what was never measured counts as the rest");
  work.done("notebooks", 3);
  work.done("folds", 2);
  assert.equal(work.expected("folds"), 2, "this run counts more than earlier ones");
  assert.equal(work.secondsLeft(), 5 * 2 / 2);
  for (let i = 0; i < 4; i++) work.forget("folds");
  assert.equal(work.secondsLeft(), 2, "one piece is done by one worker");
  assert.deepEqual(work.measured(), {
    folds: { count: 1, seconds: 2 },
    notebooks: { count: 1, seconds: 3 },
  });
});

Deno.test("openWorkload() does not guess before anything was measured", () => {
  const work = openWorkload(() => 2, {});
  work.add("folds", 6);
  assert.deepEqual([work.secondsLeft(), work.expected("folds")], [null, undefined]);
});

Deno.test("timings are kept from run to run, and a damaged file counts as none", async () => {
  await withRunPlace(async ({ cache, folder }) => {
    assert.deepEqual(await readTimings(cache), {});
    await keepTimings(cache, { a: { count: 1, seconds: 2 }, b: { count: 1, seconds: 3 } });
    await keepTimings(cache, { b: { count: 2, seconds: 8 } });
    const kept = { a: { count: 1, seconds: 2 }, b: { count: 2, seconds: 8 } };
    assert.deepEqual(await readTimings(cache), kept);
    const file = join(folder, "timings.json");
    const text = await Deno.readTextFile(file);
    for (
      const bad of [text.slice(0, 40), "[]", "null", text.replace('"count": 1', '"count": -1')]
    ) {
      await Deno.writeTextFile(file, bad);
      const found = await readTimings(cache);
      assert.deepEqual(Object.keys(found), bad.includes("-1") ? ["b"] : []);
    }
  });
});

Deno.test("openWorkload() keeps apart what a process was started for", () => {
  const work = openWorkload(() => 1, {});
  work.done("folds", 9, true);
  work.done("folds", 2);
  work.done("folds", 3, false);
  const folds = { count: 3, seconds: 14, fresh: { count: 1, seconds: 9 } };
  assert.deepEqual(work.measured(), { folds });
});

Deno.test("timings say what was measured, and those of an older format are passed over", async () => {
  await withRunPlace(async ({ cache, folder }) => {
    const facts: FoldFacts = {
      what: "fold",
      ...{ method: "rcn", input: "apex-flow", data: "synthetic-flow" },
      ...{ parameters: { epochs: 4 }, clips: 30, classes: 3, folds: 5 },
    };
    await keepTimings(cache, { a: { count: 1, seconds: 2 } }, { a: facts, b: facts });
    assert.deepEqual(await readTimings(cache), { a: { count: 1, seconds: 2, facts } });
    const file = join(folder, "timings.json");
    const text = await Deno.readTextFile(file);
    await Deno.writeTextFile(file, text.replace("timings/2", "timings/1"));
    assert.deepEqual(await readTimings(cache), {});
  });
});

Deno.test("timingKey() tells apart what takes differently long", () => {
  const inputs = {
    method: "rcn",
    input: "apex-flow",
    parameters: { epochs: 4 },
    data: { name: "synthetic-flow", digest: "x" },
  } as const;
  const key = timingKey(inputs);
  assert.match(key, /^rcn on synthetic-flow [0-9a-f]{12}$/);
  assert.equal(timingKey({ ...inputs, data: { ...inputs.data, digest: "y" } }), key);
  assert.notEqual(timingKey({ ...inputs, parameters: { epochs: 5 } }), key);
});

Deno.test("openWorkload() does not guess while nothing is under way", () => {
  let places = 0;
  const work = openWorkload(() => places, { folds: { count: 10, seconds: 40 } });
  work.add("folds", 4);
  assert.equal(work.secondsLeft(), null);
  places = 2;
  assert.equal(work.secondsLeft(), 8);
});
