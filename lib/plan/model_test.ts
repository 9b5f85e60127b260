import assert from "node:assert/strict";
import { findExperiment, findExperiments } from "lib/experiment/find.ts";
import type { FoldFacts } from "lib/run/facts.ts";
import { timingKey, type Timings } from "lib/run/timings.ts";
import { fitCoefficients, secondsOf } from "./fit.ts";
import { openCostModel } from "./model.ts";
import { outlineRun } from "./outline.ts";
import { reference } from "./reference.ts";
import { foldTerms, networkWork } from "./terms.ts";

const call = { dataRoot: "/nowhere" };
const factsOf = async (row: string, given: object = {}): Promise<FoldFacts> => {
  const experiment = await findExperiment("table1", row);
  return (await outlineRun(experiment, { data: "smic-hs", ...given }, call)).facts;
};
const key = (facts: FoldFacts) => timingKey({ ...facts, data: { name: facts.data, digest: "" } });

Deno.test("openCostModel() tells more for more epochs, clips, width and pixels", async () => {
  const { fold } = await openCostModel({});
  const seconds = async (facts: FoldFacts) => (await fold(facts)).each;
  const c3d = await factsOf("c3d");
  const usual = await seconds(c3d);
  assert.ok(usual > 0);
  const changed = (parameters: object) => ({
    ...c3d,
    parameters: { ...c3d.parameters, ...parameters },
  });
  assert.ok(await seconds(changed({ epochs: 30 })) > usual);
  assert.ok(await seconds(changed({ width: 16 })) > usual);
  assert.ok(await seconds(changed({ inputSide: 56 })) > usual);
  assert.ok(await seconds(changed({ augment: "training" })) > usual);
  assert.ok(await seconds({ ...c3d, clips: 328 }) > usual);
  const lbp = await factsOf("lbp-top");
  assert.ok(await seconds({ ...lbp, clips: 328 }) > await seconds(lbp));
  const none = await factsOf("ms-resnet3d");
  const heads = await factsOf("ms-resnet3d", { headSelection: "inner", headFolds: 2 });
  assert.ok(await seconds(heads) > 1.5 * await seconds(none), "two inner folds of half the clips");
});

Deno.test("openCostModel() takes what was measured here, and takes the rest as much slower", async () => {
  const [c3d, slstt] = [await factsOf("c3d"), await factsOf("slstt")];
  const before = await openCostModel({});
  assert.deepEqual([before.basis.own, before.basis.slower], [0, 1]);
  assert.equal((await before.fold(c3d)).from, "calculated");
  const told = (await before.fold(c3d)).each;
  const timings: Timings = {
    [key(c3d)]: {
      count: 3,
      seconds: 2 * 3 * told + 10,
      fresh: { count: 1, seconds: 2 * told + 10 },
      facts: c3d,
    },
    notebook: { count: 2, seconds: 6 },
  };
  const after = await openCostModel(timings);
  const own = await after.fold(c3d);
  assert.equal(own.from, "measured");
  assert.ok(Math.abs(own.each - 2 * told) < 1e-6 * told, "without the start of the process");
  assert.ok(after.basis.slower > 1.5, `${after.basis.slower}`);
  assert.ok((await after.fold(slstt)).each > 1.5 * (await before.fold(slstt)).each);
  assert.equal(after.notebook, 3);
});

Deno.test("the reference knows every term of every row", async () => {
  const fit = fitCoefficients(reference.measurements);
  for (const experiment of await findExperiments("table1")) {
    const { facts } = await outlineRun(experiment, { data: "samm", profile: "paper" }, call);
    const { each, once } = await foldTerms(facts);
    for (const terms of [each, once]) {
      const seconds = secondsOf(terms, fit);
      assert.ok(seconds !== undefined && seconds >= 0, experiment.id);
    }
  }
  assert.notEqual(reference.machine, "");
});

Deno.test("networkWork() counts networks that list their nodes, and runs the others to count", async () => {
  const workOf = async (row: string, given: object = {}) => {
    const experiment = await findExperiment("table1", row);
    const parameters = { data: "samm", profile: "paper", seeds: 1, ...given };
    return await networkWork((await outlineRun(experiment, parameters, call)).facts);
  };
  // Its convolution and its dense layer, 133 clips in 28 folds as of MEGC 2019 and one clip held out forth.
  const clips = 133, folds = 28, epochs = 10;
  const { flops, launches } = (await workOf("stst-net", { epochs, labels: "megc3" }))!;
  const each = 30 * 30 * 16 * 27 + 400 * 4;
  const forth = 3 * epochs * (clips - clips / folds) + clips / folds;
  assert.ok(Math.abs(flops / (2 * each * forth) - 1) < 1e-9, `${flops}`);
  assert.ok(launches > 3 * epochs && Number.isFinite(launches));
  for (const row of ["off-apex-net", "dual-inception", "rcn", "strcn-g", "ms-resnet3d", "htnet"]) {
    const work = await workOf(row, { profile: "demo" });
    assert.ok(work!.flops > 1e9 && work!.launches > 0, row);
  }
  assert.equal(await workOf("bi-woof"), undefined);
});
