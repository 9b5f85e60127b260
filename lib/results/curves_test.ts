import assert from "node:assert/strict";
import { DataError } from "lib/core/errors.ts";
import { withFolder } from "lib/core/folder_testing.ts";
import { curveFile, type LearningCurve, originOf, readCurves, writeCurve } from "./curves.ts";
import { exampleMetadata, exampleResult } from "./testing.ts";

const result = exampleResult();
const { id, title } = result.metadata.experiment;

const curve: LearningCurve = {
  ...{ format: "fleeting-curve/1", row: id, title, data: "synthetic-flow", synthetic: true },
  ...{ seed: 1, fold: "s1", heldOut: 4, of: originOf(result) },
  ...{ loss: [1 / 3, 0.2], heldOutLoss: [2 / 3, 0.5], hits: [1, 3] },
};

Deno.test("readCurves() gives back what writeCurve() wrote, to six digits, and equal bytes", async () => {
  await withFolder(async (folder) => {
    await writeCurve(folder, curve);
    const bytes = await Deno.readFile(curveFile(folder, id));
    const { curves, stale } = await readCurves(folder, [result]);
    assert.deepEqual(stale, []);
    assert.deepEqual(curves, [{ ...curve, loss: [0.333333, 0.2], heldOutLoss: [0.666667, 0.5] }]);
    await writeCurve(folder, curves[0]!);
    assert.deepEqual(await Deno.readFile(curveFile(folder, id)), bytes);
  });
});

Deno.test("readCurves() tells curves of other runs apart, and passes over rows without one", async () => {
  await withFolder(async (folder) => {
    assert.deepEqual(await readCurves(folder, [result]), { curves: [], stale: [] });
    await writeCurve(folder, curve);
    const parameters = { ...exampleMetadata.parameters, epochs: 11 };
    const other = exampleResult({ metadata: { parameters } });
    assert.deepEqual(await readCurves(folder, [other]), { curves: [], stale: [title] });
    const paper = exampleResult({ metadata: { protocol: "paper" } });
    assert.deepEqual(await readCurves(folder, [paper]), { curves: [], stale: [] });
  });
});

Deno.test("readCurves() names a file that is no curve", async () => {
  await withFolder(async (folder) => {
    await writeCurve(folder, curve);
    for (const text of ["{", '{"format":"else"}', '{"format":"fleeting-curve/1","loss":[1]}']) {
      await Deno.writeTextFile(curveFile(folder, id), text);
      await assert.rejects(readCurves(folder, [result]), (error: Error) => {
        assert.ok(error instanceof DataError);
        assert.match(error.message, /curves.*\.json: This is not a learning curve/);
        return true;
      });
    }
  });
});
