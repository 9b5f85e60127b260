import assert from "node:assert/strict";
import { findExperiment } from "lib/experiment/find.ts";
import { scorePredictions } from "lib/protocol/metrics.ts";
import { run } from "./run.ts";
import { withRunPlace } from "./testing.ts";

// Six seeds. Guessing among three classes has an expected UF1 of at most 1/3. Over 20 seeds of shuffled
// labels it was 0.325 on these 121 clips with a standard deviation of 0.047, so 0.019 for a mean of
// six: the bound is four of these above 1/3. A leak of any held-out label would lift it far beyond.
const seeds = 6;
const chance = 1 / 3 + 4 * 0.047 / Math.sqrt(seeds);

Deno.test("run() under strict scores at chance when the labels are shuffled, clearly above when not", async () => {
  await withRunPlace(async (place) => {
    const experiment = await findExperiment("table1", "bi-woof");
    const score = async (given: { seeds: number; permuteLabels: boolean }): Promise<number> => {
      const { result } = await run(experiment, { data: "synthetic-flow", ...given }, place);
      return scorePredictions(result.predictions, result.metadata.classes).composite.uf1;
    };
    const shuffled = await score({ seeds, permuteLabels: true });
    assert.ok(shuffled > 0.2 && shuffled < chance, `UF1 of shuffled labels is ${shuffled}`);
    const true_ = await score({ seeds: 1, permuteLabels: false });
    assert.ok(true_ > 0.6, `UF1 is ${true_}`);
  });
});
