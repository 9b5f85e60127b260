import assert from "node:assert/strict";
import { findExperiment } from "./find.ts";
import { ParameterError } from "lib/core/errors.ts";
import { parseValue, resolveParameters, schemaOf } from "./parameters.ts";
import type { Experiment } from "./types.ts";

const experiment = {
  id: "example-net",
  table: "table1",
  title: "Example",
  paper: { row: "Example" },
  source: "none",
  method: "example-net",
  input: "apex-flow",
  parameters: {
    epochs: { type: "integer", default: 10, min: 1, max: 500, doc: "Passes over the data" },
    rate: { type: "number", default: 0.1, min: 0, doc: "Step size" },
    kernel: { type: "choice", default: "linear", choices: ["linear", "rbf"], doc: "Kernel" },
    balanced: { type: "boolean", default: false, doc: "Weigh classes" },
  },
  profiles: { demo: {}, paper: { epochs: 100 } },
} as const satisfies Experiment;

Deno.test("resolveParameters() takes defaults, then profile and protocol, then what was given", () => {
  assert.equal(resolveParameters(experiment, {}).epochs, 10);
  assert.equal(resolveParameters(experiment, { profile: "paper" }).epochs, 100);
  assert.equal(resolveParameters(experiment, { profile: "paper", epochs: 7 }).epochs, 7);
  assert.equal(resolveParameters(experiment, {}).split, "leave-one-subject-out");
  assert.equal(resolveParameters(experiment, { protocol: "paper" }).split, "leave-one-clip-out");
  const fold = resolveParameters(experiment, { protocol: "paper", split: "k-fold-by-subject" });
  assert.equal(fold.split, "k-fold-by-subject");
});

Deno.test("resolveParameters() names what is wrong and suggests what was meant", () => {
  const cases: [Record<string, unknown>, RegExp][] = [
    [{ epoch: 3 }, /Unknown parameter 'epoch'. Did you mean 'epochs'\?/],
    [{ epochs: "3" }, /epochs: Expected a number, got "3"/],
    [{ epochs: 2.5 }, /epochs: Expected a whole number, got 2.5/],
    [{ epochs: 501 }, /epochs: Expected 1 to 500, got 501/],
    [{ rate: -1 }, /rate: Expected at least 0, got -1/],
    [{ rate: NaN }, /rate: Expected a number/],
    [{ balanced: 1 }, /balanced: Expected true or false, got 1/],
    [{ kernel: "linaer" }, /kernel: Unknown choice "linaer". Did you mean 'linear'\?/],
    [{ data: "megc2019-flw" }, /data: .*Did you mean 'megc2019-flow'\?/],
    [{ profile: "dmeo" }, /profile: .*Did you mean 'demo'\?/],
    [{ seeds: 0 }, /seeds: Expected 1 to 1000, got 0/],
    [{ split: "leave-one-clip-out" }, /strict never has a subject on both sides/],
  ];
  for (const [given, message] of cases) {
    assert.throws(() => resolveParameters(experiment, given), (error: Error) => {
      assert.ok(error instanceof ParameterError);
      assert.match(error.message, message);
      assert.match(error.message, /^example-net: /);
      return true;
    });
  }
});

Deno.test("resolveParameters() gives flow maps no parameters of frames, and refuses given ones", () => {
  const clips = resolveParameters(experiment, {});
  assert.deepEqual([clips.data, clips.labels, clips.magnify], ["synthetic-smic", "paper", "none"]);
  const maps = resolveParameters(experiment, { data: "megc2019-flow" });
  assert.deepEqual([maps.data, maps.labels, maps.magnify], ["megc2019-flow", undefined, undefined]);
  assert.throws(
    () => resolveParameters(experiment, { data: "megc2019-flow", magnify: "ideal" }),
    /example-net: magnify: This has no effect on ready flow maps such as megc2019-flow/,
  );
});

Deno.test("resolveParameters() lets no copy of a held-out clip into strict training", () => {
  assert.equal(resolveParameters(experiment, { augment: "training" }).augment, "training");
  assert.throws(
    () => resolveParameters(experiment, { augment: "before-split" }),
    /augment: strict never trains on copies of a held-out clip/,
  );
  const leaking = { protocol: "paper", augment: "before-split" };
  assert.equal(resolveParameters(experiment, leaking).augment, "before-split");
});

Deno.test("resolveParameters() fits on held-out clips under paper only, and where there is something to fit", async () => {
  const row = (id: string) => findExperiment("table1", id);
  const all = { fitOn: "all-clips" };
  const stclqp = await row("stclqp");
  assert.throws(
    () => resolveParameters(stclqp, all),
    /stclqp: fitOn: strict fits nothing on held-out clips.*--protocol paper/,
  );
  assert.equal(resolveParameters(stclqp, { ...all, protocol: "paper" }).fitOn, "all-clips");
  const lbp = await row("lbp-top");
  const theirs = { ...all, protocol: "paper" };
  assert.throws(() => resolveParameters(lbp, theirs), /lbp-top: fitOn: Nothing is fitted on clips/);
  for (const more of [{ components: 5 }, { scaling: "standardised" }, { kernel: "rbf" }]) {
    assert.equal(resolveParameters(lbp, { ...theirs, ...more }).fitOn, "all-clips");
  }
  assert.equal(resolveParameters(experiment, {}).fitOn, undefined);
});

Deno.test("resolveParameters() refuses a magnified band without width", () => {
  assert.throws(
    () => resolveParameters(experiment, { magnify: "ideal", lowHz: 12 }),
    /lowHz: The band has no width. Choose lowHz below highHz/,
  );
  assert.equal(resolveParameters(experiment, { magnify: "iir", lowHz: 12 }).lowHz, 12);
});

Deno.test("parseValue() reads text by the specification, never by guessing", () => {
  const { epochs, balanced, kernel } = schemaOf(experiment) as Required<
    typeof experiment.parameters
  >;
  assert.equal(parseValue("--epochs", epochs, "3"), 3);
  assert.equal(parseValue("--epochs", epochs, "1e2"), 100);
  assert.equal(parseValue("--balanced", balanced, "true"), true);
  assert.equal(parseValue("--kernel", kernel, "7"), "7");
  assert.throws(() => parseValue("--epochs", epochs, "many"), /--epochs: Expected a number/);
  assert.throws(() => parseValue("--epochs", epochs, ""), ParameterError);
  assert.throws(() => parseValue("--balanced", balanced, "yes"), /true or false/);
});

Deno.test("resolveParameters() selects a head without the label, unless the paper's protocol is asked for", async () => {
  const row = await findExperiment("table1", "ms-resnet3d");
  const refused = (given: object, field: string) =>
    assert.throws(() => resolveParameters(row, { ...given }), (error: Error) => {
      assert.ok(error.message.includes(field), error.message);
      return true;
    });
  assert.equal(resolveParameters(row, {}).headSelection, "mean");
  assert.equal(resolveParameters(row, { profile: "paper" }).headSelection, "inner");
  refused({ headSelection: "oracle" }, "headSelection");
  refused({ headSelection: "inner" }, "headSelection");
  refused({ profile: "paper", headFolds: 0 }, "headSelection");
  refused({ inputSide: 200 }, "inputSide");
  assert.equal(resolveParameters(row, { headFolds: 0, headSelection: "mean" }).headFolds, 0);
  for (const profile of ["demo", "paper"]) {
    const paper = resolveParameters(row, { protocol: "paper", profile });
    assert.deepEqual([paper.headSelection, paper.headFolds], ["oracle", 0]);
  }
});

Deno.test("resolveParameters() gives flow over time from maps a length, and nothing of frames", async () => {
  const row = await findExperiment("table1", "ms-resnet3d");
  const resolved = resolveParameters(row, { data: "synthetic-flow", keyFrames: 6 });
  assert.equal(resolved.keyFrames, 6);
  assert.ok(!("inputSide" in resolved) && !("magnify" in resolved));
});

Deno.test("resolveParameters() keeps what looks at held-out clips for the paper's protocol", async () => {
  const row = await findExperiment("table1", "capsule-net");
  for (
    const [given, message] of [
      [
        { epochSelection: "best-held-out" },
        /epochSelection: strict never looks at a held-out label/,
      ],
      [{ testRotation: 8 }, /testRotation: strict shows held-out clips as they are/],
    ] as const
  ) {
    assert.throws(() => resolveParameters(row, given), message);
  }
  const theirs = resolveParameters(row, { protocol: "paper" });
  assert.deepEqual(
    [theirs.split, theirs.epochSelection, theirs.testRotation],
    ["leave-one-subject-out", "best-held-out", 8],
  );
  const own = resolveParameters(row, { protocol: "paper", epochSelection: "last" });
  assert.equal(own.epochSelection, "last");
});

Deno.test("resolveParameters() trains on other databases where there are any", async () => {
  const row = await findExperiment("table1", "dual-inception");
  const paper = { protocol: "paper" };
  assert.equal(resolveParameters(row, paper).trainOn, undefined);
  const maps = { ...paper, data: "megc2019-flow" };
  assert.equal(resolveParameters(row, maps).trainOn, "other-databases");
  for (
    const [given, message] of [
      [
        { data: "megc2019-flow", trainOn: "other-databases" },
        /trainOn: strict trains on all other/,
      ],
      [
        { ...maps, split: "k-fold-by-subject" },
        /split: Training on other databases needs one held-/,
      ],
      [{ ...maps, epochSelection: "best-held-out" }, /epochSelection: Training on other databases/],
      [
        { ...paper, trainOn: "other-databases" },
        /trainOn: .* synthetic-smic, which is one database/,
      ],
    ] as const
  ) {
    assert.throws(() => resolveParameters(row, given), message);
  }
});

Deno.test("resolveParameters() gives a method that trains nothing no epoch to choose", async () => {
  const row = await findExperiment("table1", "bi-woof");
  assert.throws(() => resolveParameters(row, { epochSelection: "last" }), /Unknown parameter/);
});
