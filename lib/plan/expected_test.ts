import assert from "node:assert/strict";
import { experiment as biWoof } from "experiments/table1/bi-woof.ts";
import { experiment as msResNet3d } from "experiments/table1/ms-resnet3d.ts";
import { resolveParameters } from "lib/experiment/parameters.ts";
import type { Experiment } from "lib/experiment/types.ts";
import type { FoldFacts } from "lib/run/facts.ts";
import { expectedTimings } from "./expected.ts";

function factsOf(experiment: Experiment): FoldFacts {
  const { method, input } = experiment;
  const parameters = resolveParameters(experiment, { data: "synthetic-smic" });
  return {
    what: "fold",
    method,
    input,
    parameters,
    data: "synthetic-smic",
    clips: 36,
    classes: 3,
    folds: 6,
  };
}

Deno.test("expectedTimings() keeps what was timed, and tells long folds from short ones", async () => {
  const facts = { short: factsOf(biWoof), long: factsOf(msResNet3d), timed: factsOf(biWoof) };
  const timings = { timed: { count: 4, seconds: 8 } };
  const expected = await expectedTimings(facts, timings);
  assert.deepEqual(expected.timed, timings.timed);
  assert.ok(expected.long!.seconds > 10 * (expected.short?.seconds ?? 0));
  assert.ok(expected.notebook!.seconds > 0);
  assert.equal(await expectedTimings({ timed: facts.timed }, timings), timings);
});
