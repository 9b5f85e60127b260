import assert from "node:assert/strict";
import { rng } from "lib/core/rng.ts";
import { leastSeconds } from "./predict.ts";
import { type Lot, simulate } from "./simulate.ts";

const lot = (count: number, seconds: number, more: Partial<Lot> = {}): Lot => ({
  ...{ count, seconds, expected: seconds, kind: "a", after: [] },
  ...more,
});

Deno.test("simulate() comes to what is worked out by hand", () => {
  const one = simulate([lot(6, 4)], { places: 1, startSeconds: 1 });
  assert.deepEqual([one.seconds, one.busy, one.starts], [25, 25, 1]);
  // Both places start a process: 3 tasks each.
  const two = simulate([lot(6, 4)], { places: 2, startSeconds: 1 });
  assert.deepEqual([two.seconds, two.busy, two.starts], [13, 26, 2]);
  // The longer kind first, each place its own; b is done at 7 and helps with a: 1 + 3 × 4 = 13, 7 + 1 + 4.
  const kinds = simulate([lot(2, 3, { kind: "b" }), lot(4, 4)], { places: 2, startSeconds: 1 });
  assert.deepEqual([kinds.seconds, kinds.starts, kinds.lots], [13, 3, [7, 18]]);
});

Deno.test("simulate() lets lots wait for others, and does notebooks before what waits", () => {
  const lots: Lot[] = [
    lot(2, 5, { kind: "clips" }),
    lot(4, 2, { after: [0], once: 3 }),
    { count: 1, seconds: 10, after: [1] },
    lot(2, 1, { kind: "b", after: [0] }),
  ];
  const { seconds, lots: spent } = simulate(lots, { places: 1, startSeconds: 0 });
  assert.equal(seconds, 10 + 11 + 10 + 2);
  assert.deepEqual(spent, [10, 11, 10, 2]);
  // One place: folds of a (3 + 4 × 2) end at 21, then the notebook, then b.
  assert.throws(
    () => simulate([lot(1, 1, { after: [1] }), lot(1, 1, { after: [0] })], options(1)),
    RangeError,
  );
  assert.equal(simulate([], options(3)).seconds, 0);
  assert.equal(simulate([lot(0, 5), lot(1, 2, { after: [0] })], options(1)).seconds, 2);
});

const options = (places: number) => ({ places, startSeconds: 0 });

Deno.test("simulate() is as good with equal tasks together as with each by itself", () => {
  const together = simulate(
    [lot(5, 3), lot(7, 2, { kind: "b" }), lot(1, 9, { kind: "c" })],
    options(3),
  );
  const apart = simulate([
    ...Array.from({ length: 5 }, () => lot(1, 3)),
    ...Array.from({ length: 7 }, () => lot(1, 2, { kind: "b" })),
    lot(1, 9, { kind: "c" }),
  ], options(3));
  assert.equal(together.seconds, apart.seconds);
  assert.equal(together.busy, apart.busy);
});

Deno.test("simulate() is never faster than any order can be, nor slower than one place", () => {
  const stream = rng(7, "simulate");
  for (let round = 0; round < 200; round++) {
    const lots = Array.from({ length: 1 + stream.integer(8) }, (_, i): Lot => ({
      count: stream.integer(6),
      seconds: 1 + stream.integer(9),
      ...(stream.next() < 0.8 ? { expected: 1 + stream.integer(9) } : {}),
      ...(stream.next() < 0.8 ? { kind: `${stream.integer(3)}` } : {}),
      after: i > 0 && stream.next() < 0.4 ? [stream.integer(i)] : [],
    }));
    const places = 1 + stream.integer(6);
    const { seconds, busy } = simulate(lots, options(places));
    const work = lots.reduce((sum, { count, seconds }) => sum + count * seconds, 0);
    assert.equal(busy, work);
    assert.ok(seconds >= leastSeconds(lots, places) - 1e-9, JSON.stringify(lots));
    assert.ok(seconds <= work + 1e-9);
  }
});
