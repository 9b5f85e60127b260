import assert from "node:assert/strict";
import { ownWorkers } from "lib/run/testing.ts";
import { bindingPlace } from "lib/setup/paths.ts";
import { readStamp } from "lib/setup/stamp.ts";
import { measureWorkers, workersReport } from "./workers.ts";

const ready = await readStamp(bindingPlace()).then(Boolean, () => false);

Deno.test({
  name: "measureWorkers() computes folds by one and by two workers, and leaves none behind",
  ignore: !ready,
  async fn() {
    const times = await measureWorkers({ rounds: 1, folds: 2, epochs: 1 });
    assert.equal(times.row, "stst-net on synthetic-flow");
    assert.ok(times.one > 0 && times.two > 0);
    assert.deepEqual(ownWorkers(), []);
  },
});

Deno.test("workersReport() says what two workers bring, and whether it is enough", () => {
  const row = "stst-net on synthetic-flow";
  const report = workersReport({ row, one: 2, two: 3.7 }, ["Deno 2"]);
  assert.match(report, /\| stst-net on synthetic-flow \| 2\.00 \| 3\.70 \| 1\.85 \| ≥ 1\.8 \|/);
  assert.match(workersReport({ row, one: 2, two: 3 }, []), /1\.50 \(missed\)/);
});
