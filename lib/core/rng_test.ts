import assert from "node:assert/strict";
import { rng } from "./rng.ts";

Deno.test("rng() repeats for the same seed and path, and differs for another", () => {
  const draw = (...path: (string | number)[]) => {
    const stream = rng(7, ...path);
    return Array.from({ length: 5 }, () => stream.next());
  };
  assert.deepEqual(draw("fold", 1), draw("fold", 1));
  assert.notDeepEqual(draw("fold", 1), draw("fold", 2));
  assert.notDeepEqual(draw("fold", 1), draw("fold", "1"));
  assert.notDeepEqual(draw("a", "b"), draw("a,b"));
});

Deno.test("rng() fork() does not depend on what the parent has drawn", () => {
  const a = rng(3, "x");
  const b = rng(3, "x");
  b.next();
  assert.equal(a.fork("child").next(), b.fork("child").next());
});

Deno.test("rng() seed() is never 0 and fits 31 bits", () => {
  const stream = rng(1);
  for (let i = 0; i < 1000; i++) {
    const seed = stream.seed();
    assert.ok(Number.isInteger(seed) && seed >= 1 && seed < 2 ** 31);
  }
});

Deno.test("rng() shuffle() keeps every item and its argument", () => {
  const items = [1, 2, 3, 4, 5, 6, 7, 8];
  const shuffled = rng(2).shuffle(items);
  assert.deepEqual(items, [1, 2, 3, 4, 5, 6, 7, 8]);
  assert.deepEqual([...shuffled].sort(), items);
  assert.notDeepEqual(shuffled, items);
});

Deno.test("rng() normal() has mean 0 and variance 1", () => {
  const stream = rng(11);
  const draws = Array.from({ length: 20_000 }, () => stream.normal());
  const mean = draws.reduce((sum, x) => sum + x, 0) / draws.length;
  const variance = draws.reduce((sum, x) => sum + (x - mean) ** 2, 0) / draws.length;
  assert.ok(Math.abs(mean) < 0.03, `mean ${mean}`);
  assert.ok(Math.abs(variance - 1) < 0.04, `variance ${variance}`);
});

Deno.test("rng() refuses seeds that would mean 'random' elsewhere", () => {
  for (const seed of [0, -1, 1.5, NaN]) assert.throws(() => rng(seed), RangeError);
});

Deno.test("restore() goes on where save() was, also between two normal numbers", () => {
  const stream = rng(4, "a");
  stream.normal();
  const state = JSON.parse(JSON.stringify(stream.save()));
  const draw = (from: ReturnType<typeof rng>) => [from.normal(), from.next(), from.seed()];
  const expected = draw(stream);
  const other = rng(4, "a");
  other.restore(state);
  assert.deepEqual(draw(other), expected);
  stream.restore(state);
  assert.deepEqual(draw(stream), expected);
});
