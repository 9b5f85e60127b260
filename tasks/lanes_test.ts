import assert from "node:assert/strict";
import { alternate, inLanes, lanesFor } from "./lanes.ts";

Deno.test("lanesFor() runs many notebooks side by side, few one after the other", () => {
  assert.equal(lanesFor(24, 2), 2);
  assert.equal(lanesFor(4, 2), 2);
  assert.equal(lanesFor(3, 2), 1);
  assert.equal(lanesFor(0, 2), 1);
  assert.equal(lanesFor(100, 16), 4);
  assert.equal(lanesFor(5, 1), 1);
});

Deno.test("alternate() takes from each list in turn", () => {
  assert.deepEqual(alternate([[1, 2, 3], [4], [5, 6]]), [1, 4, 5, 2, 6, 3]);
  assert.deepEqual(alternate([]), []);
});

Deno.test("inLanes() keeps the order of starts and never exceeds its lanes", async () => {
  const started: number[] = [];
  let running = 0;
  let most = 0;
  const code = await inLanes(2, [3, 1, 2, 1, 1], async (ms) => {
    started.push(ms);
    most = Math.max(most, ++running);
    await new Promise((resolve) => setTimeout(resolve, 10 * ms));
    running--;
    return 0;
  });
  assert.deepEqual([code, most, started], [0, 2, [3, 1, 2, 1, 1]]);
});

Deno.test("inLanes() begins nothing after a failure, and lets the others end", async () => {
  const ended: number[] = [];
  const after = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  const code = await inLanes(2, [1, 2, 3], async (item) => {
    await after(item === 1 ? 5 : 30);
    ended.push(item);
    return item === 1 ? 2 : 0;
  });
  assert.deepEqual([code, ended], [2, [1, 2]]);
  ended.length = 0;
  const thrown = inLanes(2, [1, 2, 3], async (item) => {
    await after(item === 1 ? 5 : 30);
    if (item === 1) throw new Error("no");
    ended.push(item);
    return 0;
  });
  await assert.rejects(thrown, /no/);
  assert.deepEqual(ended, [2]);
});
