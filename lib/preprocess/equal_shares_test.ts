import assert from "node:assert/strict";
import { rng } from "lib/core/rng.ts";
import { equalShares } from "./equal_shares.ts";

Deno.test("equalShares() goes where sums have grown by equal amounts, ties to the earlier", () => {
  assert.deepEqual(equalShares([0, 1, 1, 8, 8, 9, 10, 12], 4, []), [0, 1, 3, 7]);
  assert.deepEqual(equalShares([0, 1, 2, 3, 4, 5, 6, 7, 8], 3, []), [0, 4, 8]);
  // 1.5 lies half way between 1 and 2.
  assert.deepEqual(equalShares([0, 1, 2, 3], 3, []), [0, 1, 3]);
  // It does not matter where sums begin.
  assert.deepEqual(equalShares([5, 6, 7, 8], 3, []), [0, 1, 3]);
});

Deno.test("equalShares() takes equal steps where sums stand still", () => {
  assert.deepEqual(equalShares(Array(9).fill(0), 5, []), [0, 2, 4, 6, 8]);
  assert.deepEqual(equalShares([0, 1, 2, 3, 4, 4, 4, 4, 4], 5, [4]), [0, 1, 3, 4, 8]);
  assert.deepEqual(equalShares([0, 1, 1, 1, 1, 1, 1], 4, [1]), [0, 1, 3, 6]);
});

Deno.test("equalShares() keeps what it is told to, and shares what lies between", () => {
  const even = Array.from({ length: 21 }, (_, i) => i);
  assert.deepEqual(equalShares(even, 5, [10]), [0, 5, 10, 15, 20]);
  assert.deepEqual(equalShares(even, 5, [3]), [0, 3, 9, 14, 20]);
  assert.deepEqual(equalShares(even, 5, [7, 7, 20, 0, 8]), [0, 7, 8, 14, 20]);
  assert.deepEqual(equalShares(even, 4, [1, 2]), [0, 1, 2, 20]);
});

Deno.test("equalShares() are different, in order, and hold what is kept, of whatever sums", () => {
  const stream = rng(1, "equal shares");
  for (let round = 0; round < 400; round++) {
    const places = 2 + stream.integer(14);
    const count = 2 + stream.integer(places - 1);
    let sum = 0;
    const sums = Array.from(
      { length: places },
      () => sum += stream.integer(3) * stream.next() ** 4,
    );
    const inner = stream.shuffle(Array.from({ length: places }, (_, i) => i).slice(1, -1));
    const keep = inner.slice(0, stream.integer(count - 1));
    const chosen = equalShares(sums, count, keep);
    assert.equal(chosen.length, count);
    assert.ok(chosen.every((place, i) => i === 0 || place > chosen[i - 1]!), `${chosen}`);
    for (const place of [0, places - 1, ...keep]) assert.ok(chosen.includes(place), `${keep}`);
  }
});

Deno.test("equalShares() names a place that it cannot keep", () => {
  assert.throws(() => equalShares([0, 1, 2], 2, [3]), /Cannot keep frame 3 of 3/);
  assert.throws(() => equalShares([0, 1, 2], 2, [0.5]), /Cannot keep frame 0.5 of 3/);
  assert.throws(() => equalShares([0, 1, 2], 2, [1]), /Cannot keep 3 of 2 frames/);
});
