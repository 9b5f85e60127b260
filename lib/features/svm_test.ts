import assert from "node:assert/strict";
import process from "node:process";
import { fromFileUrl } from "@std/path";
import { rng } from "lib/core/rng.ts";
import { innerSubjectFolds } from "lib/protocol/splits.ts";
import { chooseC, type SvmOptions, trainSvm } from "./svm.ts";
import golden from "./testdata/svm_golden.json" with { type: "json" };

const rowsOf = (rows: readonly (readonly number[])[]) => rows.map((row) => Float64Array.from(row));
const linear = { kind: "linear" } as const;

/** Points around one corner of a triangle for each class, of subjects with a shift of their own. */
function randomItems(n: number, noise: number, seed = 1) {
  const stream = rng(seed, "points");
  return Array.from({ length: n }, (_, i) => {
    const label = i % 3;
    const corner = [[0, 0], [2, 0], [0, 2]][label]!;
    const row = Float64Array.from(corner, (x) => x + noise * stream.normal());
    return { clip: `c${String(i).padStart(4, "0")}`, subject: `s${i % 7}`, label, row };
  });
}

for (const { name, options, decisions, scores } of golden.cases) {
  Deno.test(`trainSvm() agrees with scikit-learn's SVC to 1e-6: ${name}`, async () => {
    const precomputed = name === "precomputed";
    const train = rowsOf(precomputed ? golden.trainKernel : golden.train);
    const test = rowsOf(precomputed ? golden.testKernel : golden.test);
    const settings = { ...options as SvmOptions, tolerance: 1e-9 };
    const model = await trainSvm(train, golden.labels, settings);
    const near = (actual: number[][], expected: number[][]) =>
      actual.forEach((row, i) =>
        row.forEach((value, k) => {
          const target = expected[i]![k]!;
          assert.ok(Math.abs(value - target) < 1e-6, `row ${i}, ${k}: ${value}, not ${target}`);
        })
      );
    assert.equal(model.decide(test)[0]!.length, 3);
    near(model.decide(test), decisions);
    near(model.scores(test, 3), scores);
    assert.deepEqual(model.predict(test), scores.map((row) => row.indexOf(Math.max(...row))));
  });
}

Deno.test("trainSvm() finds the widest margin of two points worked by hand", async () => {
  const model = await trainSvm(rowsOf([[1, 1], [-1, -1]]), [0, 1], { kernel: linear, C: 10 });
  // w = (½, ½), no offset; the first class is positive.
  for (const [point, value] of [[[1, 1], 1], [[0, 0], 0], [[3, -1], 1], [[-4, 0], -2]] as const) {
    assert.ok(Math.abs(model.decide(rowsOf([point]))[0]![0]! - value) < 1e-9);
  }
});

Deno.test("trainSvm() does not depend on the order of classes in the data", async () => {
  const items = randomItems(30, 0.8);
  const test = randomItems(20, 1, 2).map(({ row }) => row);
  const train = async (order: typeof items) => {
    const labels = order.map(({ label }) => label);
    const options = { kernel: linear, C: 1, tolerance: 1e-9 };
    return (await trainSvm(order.map(({ row }) => row), labels, options)).decide(test).flat();
  };
  const forwards = await train(items);
  const backwards = await train(items.toReversed());
  forwards.forEach((value, i) => assert.ok(Math.abs(value - backwards[i]!) < 1e-6));
});

Deno.test("trainSvm() gives the same bits in overlapping calls", async () => {
  const items = randomItems(60, 1);
  const rows = items.map(({ row }) => row);
  const run = async (C: number) =>
    (await trainSvm(rows, items.map(({ label }) => label), { kernel: linear, C })).decide(rows);
  const alone = [await run(1), await run(4)];
  assert.deepEqual(await Promise.all([run(1), run(4), run(1)]), [...alone, alone[0]]);
});

Deno.test("trainSvm() scores break ties of votes by decision values, and unknown classes last", async () => {
  const rows = rowsOf([[0, 1], [1, -1], [-1, -1]]);
  const model = await trainSvm(rows, [0, 1, 3], { kernel: { kind: "rbf", gamma: 1 }, C: 1 });
  const [row] = model.scores(rowsOf([[0.05, 0]]), 5);
  assert.deepEqual([row![2], row![4]], [-1, -1]);
  assert.ok([0, 1, 3].every((c) => row![c]! > -1 / 3));
  assert.deepEqual(model.predict(rows), [0, 1, 3]);
});

Deno.test("trainSvm() weighs classes", async () => {
  const items = randomItems(90, 2);
  const rows = items.map(({ row }) => row);
  const share = async (classWeights?: readonly number[]) => {
    const labels = items.map(({ label }) => label);
    const model = await trainSvm(rows, labels, {
      ...{ kernel: linear, C: 1 },
      ...(classWeights && { classWeights }),
    });
    return model.predict(rows).filter((label) => label === 2).length;
  };
  assert.ok(await share([1, 1, 10]) > 1.5 * await share());
  assert.equal(await share([1, 1, 1]), await share());
});

Deno.test("trainSvm() with one class always predicts it", async () => {
  const model = await trainSvm(rowsOf([[1], [2]]), [1, 1], { kernel: linear, C: 1 });
  assert.deepEqual(model.predict(rowsOf([[5], [-5]])), [1, 1]);
  assert.deepEqual(model.scores(rowsOf([[5]]), 3), [[-1, 0, -1]]);
});

Deno.test("trainSvm() names bad input", async () => {
  const rows = rowsOf([[1], [2], [3]]);
  const train = (change: Partial<SvmOptions>, labels = [0, 1, 1]) =>
    trainSvm(rows, labels, { kernel: linear, C: 1, ...change });
  await assert.rejects(train({}, [0, 1]), RangeError);
  await assert.rejects(train({}, [0, 1, 0.5]), RangeError);
  await assert.rejects(trainSvm([], [], { kernel: linear, C: 1 }), RangeError);
  await assert.rejects(train({ C: 0 }), /got C = 0/);
  await assert.rejects(train({ tolerance: NaN }), /got tolerance = NaN/);
  await assert.rejects(train({ classWeights: [1, -1] }), /got 1 = -1/);
  await assert.rejects(train({ kernel: { kind: "precomputed" } }), /3 by 3/);
  await assert.rejects(
    trainSvm(rowsOf([[1], [NaN]]), [0, 1], { kernel: linear, C: 1 }),
    /not finite/,
  );
  await assert.rejects(
    trainSvm(rowsOf([[1], [1, 2]]), [0, 1], { kernel: linear, C: 1 }),
    RangeError,
  );
  const model = await trainSvm(rows, [0, 1, 1], { kernel: linear, C: 1 });
  assert.throws(() => model.decide(rowsOf([[1, 2]])), RangeError);
});

Deno.test("trainSvm() is silent, adds no listener to the process and keeps no memory", async () => {
  const code = `
    import process from "node:process";
    import { trainSvm } from "lib/features/svm.ts";
    const rows = Array.from({ length: 150 }, (_, i) => Float64Array.of(Math.sin(i), Math.cos(7 * i)));
    const labels = rows.map((_, i) => i % 3);
    const train = () => trainSvm(rows, labels, { kernel: { kind: "linear" }, C: 1 });
    await train();
    const before = Deno.memoryUsage().rss;
    // Each call passes 0.5 MB; not freeing it would show as 200 MB.
    for (let i = 0; i < 400; i++) await train();
    const grown = (Deno.memoryUsage().rss - before) / 2 ** 20;
    if (grown > 100) throw new Error("memory grew by " + grown + " MB");
    if (process.listenerCount("unhandledRejection") > 0) throw new Error("a listener is left");
  `;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["eval", "--quiet", code],
    cwd: fromFileUrl(new URL("../..", import.meta.url)),
    stdout: "piped",
    stderr: "piped",
    env: { NO_COLOR: "1" },
  });
  const { code: exit, stdout, stderr } = await child.output();
  const text = new TextDecoder();
  assert.deepEqual([exit, text.decode(stdout), text.decode(stderr)], [0, "", ""]);
  assert.equal(process.listenerCount("unhandledRejection"), 0);
});

Deno.test("chooseC() takes the C that is best for held-out subjects", async () => {
  // Two classes by the sign of x, with a fifth of the labels wrong: a narrow RBF kernel with a large C
  // learns the wrong ones by heart.
  const stream = rng(3);
  const items = Array.from({ length: 120 }, (_, i) => {
    const x = 2 * stream.next() - 1;
    const label = Number(x > 0) ^ Number(stream.next() < 0.2);
    return { clip: `c${i}`, subject: `s${i % 10}`, label, row: Float64Array.of(x) };
  });
  const rows = items.map(({ row }) => row);
  const folds = innerSubjectFolds(items, 5, rng(1));
  const kernel = { kind: "rbf", gamma: 200 } as const;
  const { candidate, scores } = await chooseC(rows, items, { kernel, folds, grid: [1e4, 0.5] });
  assert.equal(candidate, 0.5);
  assert.ok(scores[0]! > scores[1]! + 0.05);
});

Deno.test("chooseC() takes the smaller C of equals", async () => {
  const items = randomItems(42, 0.05);
  const rows = items.map(({ row }) => row);
  const folds = innerSubjectFolds(items, 3, rng(1));
  const { candidate, scores } = await chooseC(rows, items, {
    ...{ kernel: linear, folds },
    grid: [100, 1, 10],
  });
  assert.deepEqual([candidate, scores], [1, [1, 1, 1]]);
});
