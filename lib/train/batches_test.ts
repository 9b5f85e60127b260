import assert from "node:assert/strict";
import { rng } from "lib/core/rng.ts";
import { openBatches } from "./batches.ts";

const take = (of: { clips: number; size: number }, count: number) => {
  const batches = openBatches(of, rng(1));
  return Array.from({ length: count }, batches.next);
};

Deno.test("openBatches() shows every clip once an epoch, in another order each, in equal batches", () => {
  const seen = take({ clips: 7, size: 3 }, 7);
  assert.deepEqual(seen.map(({ length }) => length), Array(7).fill(3));
  const all = seen.flat();
  const epochs = [0, 7, 14].map((from) => all.slice(from, from + 7));
  for (const epoch of epochs) assert.deepEqual(epoch.toSorted(), [0, 1, 2, 3, 4, 5, 6]);
  assert.notDeepEqual(epochs[0], epochs[1]);
  assert.deepEqual(epochs[0], rng(1).shuffle([0, 1, 2, 3, 4, 5, 6]));
});

Deno.test("openBatches() takes all clips where they are fewer than a batch", () => {
  for (const batch of take({ clips: 3, size: 8 }, 4)) {
    assert.deepEqual(batch.toSorted(), [0, 1, 2]);
  }
});

Deno.test("openBatches() counts the batches of some epochs", () => {
  const count = (clips: number, size: number, epochs: number) =>
    openBatches({ clips, size }, rng(1)).count(epochs);
  assert.equal(count(7, 3, 3), 7);
  assert.equal(count(6, 3, 3), 6);
  assert.equal(count(7, 3, 2), 5);
  assert.equal(count(1, 8, 4), 4);
});

Deno.test("openBatches() goes on from where it stood at any step", () => {
  for (const [clips, size] of [[7, 3], [6, 3], [3, 8], [5, 4]] as const) {
    const whole = take({ clips, size }, 12);
    for (let step = 0; step < 9; step++) {
      const first = openBatches({ clips, size }, rng(1));
      for (let i = 0; i < step; i++) first.next();
      const shuffle = rng(1);
      shuffle.restore(first.stand());
      const again = openBatches({ clips, size }, shuffle, step);
      assert.deepEqual(
        [again.next(), again.next()],
        whole.slice(step, step + 2),
        `${clips} ${step}`,
      );
    }
  }
});
