import assert from "node:assert/strict";
import { join } from "@std/path";
import { loadDataset, lockDataset } from "lib/data/mod.ts";
import { writeMegcLayout } from "lib/data/testing.ts";
import { findExperiment } from "lib/experiment/find.ts";
import { type FoldInputs, foldPath, writeFold } from "./jobs.ts";
import { explain, type Plan, planRun, resultFile } from "./plan.ts";
import { filesBelow, type RunPlace, withRunPlace } from "./testing.ts";

const quick = { data: "synthetic-flow", split: "k-fold-by-subject", k: 3, seeds: 1 };

async function planRow(
  { cache }: RunPlace,
  given: Readonly<Record<string, unknown>> = quick,
  { row = "bi-woof", force = false } = {},
): Promise<Plan> {
  return await planRun(await findExperiment("table1", row), given, { cache, force });
}

/** Puts folds into the cache as if a run with these changes to its inputs had finished. */
async function pretend(plan: Plan, changes: Partial<FoldInputs> = {}): Promise<void> {
  for (const { inputs, file } of plan.jobs) {
    const changed = { ...inputs, ...changes };
    await writeFold({ inputs: changed, file: foldPath(join(file, ".."), changed) }, {
      predictions: [],
    });
  }
}

Deno.test("explain() says never computed, and nothing when all is in the cache", async () => {
  await withRunPlace(async (place) => {
    const plan = await planRow(place);
    assert.deepEqual([...await explain(plan)], [["never computed", 3]]);
    assert.deepEqual(filesBelow(place.folder), [], "planning wrote something");
    await pretend(plan);
    const finished = await planRow(place);
    assert.equal(finished.finished.size, 3);
    assert.deepEqual([...await explain(finished)], []);
    const forced = await planRow(place, quick, { force: true });
    assert.deepEqual([...await explain(forced)], [["forced", 3]]);
  });
});

Deno.test("explain() names the changed parameter, module, data and environment", async () => {
  await withRunPlace(async (place) => {
    const plan = await planRow(place);
    await pretend(plan);
    const other = await planRow(place, { ...quick, blocks: 6 });
    assert.deepEqual([...await explain(other)], [["parameter: blocks 5 → 6", 3]]);
  });
  const cases: [(inputs: FoldInputs) => Partial<FoldInputs>, string][] = [
    [
      ({ code }) => ({ code: { ...code, "lib/features/svm.ts": "before" } }),
      "code: lib/features/svm.ts changed",
    ],
    [({ data }) => ({ data: { ...data, digest: "before" } }), "data: digest changed"],
    [() => ({ environment: { arch: "z80" } }), `environment: arch z80 → ${Deno.build.arch}`],
  ];
  for (const [change, cause] of cases) {
    await withRunPlace(async (place) => {
      const plan = await planRow(place);
      await pretend(plan, change(plan.jobs[0]!.inputs));
      assert.deepEqual([...await explain(await planRow(place))], [[cause, 3]]);
    });
  }
});

Deno.test("planRun() keys a fold by what reaches it only", async () => {
  await withRunPlace(async (place) => {
    const files = async (given: Readonly<Record<string, unknown>>, row = "bi-woof") =>
      (await planRow(place, given, { row })).jobs.map(({ file }) => file);
    const known = await files(quick);
    for (const same of [{ backend: "wasm" }, { isa: "native" }, { profile: "paper" }]) {
      assert.deepEqual(await files({ ...quick, ...same }), known);
    }
    assert.deepEqual((await files({ ...quick, seeds: 2 })).slice(0, 3), known);
    const loso = await files({ seeds: 1 });
    assert.deepEqual(await files({ seeds: 1, k: 9 }), loso);
    const net = await files(quick, "stst-net");
    for (const other of [{ backend: "wasm" }, { isa: "native" }, { epochs: 1 }, { k: 4 }]) {
      const changed = await files({ ...quick, ...other }, "stst-net");
      assert.ok(changed.every((file) => !net.includes(file)), JSON.stringify(other));
    }
  });
});

Deno.test("planRun() lists the code behind a row: its method and blocks, not its tests", async () => {
  await withRunPlace(async (place) => {
    const { code } = await planRow(place, quick, { row: "stst-net" });
    for (
      const part of ["lib/methods/stst_net.ts", "lib/run/fold.ts", "lib/data/synthetic_flow.ts"]
    ) {
      assert.ok(part in code.modules, `${part} is missing`);
    }
    const strange = Object.keys(code.modules)
      .filter((name) =>
        /_test|testing|lib\/(notebook|results|charts|features)\/|bi_woof/.test(name)
      );
    assert.deepEqual(strange, []);
  });
});

Deno.test("resultFile() keeps data sets, tables and protocols apart", async () => {
  await withRunPlace(async (place) => {
    const strict = resultFile("results", await planRow(place));
    assert.equal(strict, "results/synthetic-flow/table1/bi-woof.arrow");
    const paper = resultFile(
      "results",
      await planRow(place, {
        data: "synthetic-flow",
        protocol: "paper",
        seeds: 1,
      }),
    );
    assert.equal(paper, "results/synthetic-flow/table1/bi-woof.paper.arrow");
  });
});

Deno.test("planRun() stops at data that is not what the lock file describes, before any work", async () => {
  await withRunPlace(async (place) => {
    const lockFile = join(place.folder, "lock.json");
    const { samples } = await loadDataset("synthetic-flow");
    const data = join(place.folder, "megc2019-flow");
    const [first = ""] = await writeMegcLayout(data, { samples: samples.slice(0, 30) });
    await lockDataset("megc2019-flow", { root: place.folder, lockFile });
    const experiment = await findExperiment("table1", "bi-woof");
    const plan = () =>
      planRun(experiment, { ...quick, data: "megc2019-flow" }, {
        cache: place.cache,
        dataRoot: place.folder,
      });
    const before = Deno.env.get("FLEETING_LOCK");
    Deno.env.set("FLEETING_LOCK", lockFile);
    try {
      assert.equal((await plan()).dataset.samples.length, 30);
      await Deno.remove(join(data, first));
      const error = await plan().then(() => undefined, (error: Error) => error);
      assert.equal(error?.name, "DataError");
      assert.ok(error?.message.includes(`1 missing: '${first}'`), error?.message);
    } finally {
      if (before === undefined) Deno.env.delete("FLEETING_LOCK");
      else Deno.env.set("FLEETING_LOCK", before);
    }
  });
});
