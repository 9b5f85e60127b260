import assert from "node:assert/strict";
import { median, takeTurns } from "./rounds.ts";

Deno.test("median() is the middle one, by number", () => {
  assert.equal(median([10, 9, 100]), 10);
  assert.equal(median([4, 1, 3, 2]), 3);
  assert.throws(() => median([]), RangeError);
});

Deno.test("takeTurns() lets everybody run once a round, and begins with another one", async () => {
  const order: string[] = [];
  const run = (name: string) => () => order.push(name);
  const contenders = { a: run("a"), b: run("b"), c: run("c") };
  const times = await takeTurns(contenders, { rounds: 2, title: "test" });
  assert.deepEqual(order, ["a", "b", "c", "b", "c", "a"]);
  assert.deepEqual(times, { a: [1, 6], b: [2, 4], c: [3, 5] });
});
