import assert from "node:assert/strict";
import { hastenTurns } from "./turns.ts";

const turn = () => new Promise<void>((resolve) => void setTimeout(resolve));

Deno.test("hastenTurns() keeps turns in order, and other work of the process comes in between", async () => {
  const restore = hastenTurns();
  try {
    const order: string[] = [];
    const first = turn().then(() => order.push("turn"));
    queueMicrotask(() => order.push("microtask"));
    order.push("now");
    await first;
    assert.deepEqual(order, ["now", "microtask", "turn"]);
    // Steps that take all the time between turns, as training does: files and timers are served nevertheless.
    let [read, timed, turns] = [false, false, 0];
    void Deno.readTextFile(new URL(import.meta.url)).then(() => read = true);
    setTimeout(() => timed = true, 1);
    for (; !(read && timed); turns++) {
      assert.ok(turns < 1000, "a thousand turns passed, and nothing else was served");
      const end = performance.now() + 2;
      while (performance.now() < end);
      await turn();
    }
  } finally {
    restore();
  }
});

Deno.test("hastenTurns() leaves timers with a delay alone, and can be taken back", async () => {
  const own = globalThis.setTimeout;
  const restore = hastenTurns();
  let called = 0;
  const timer = setTimeout(() => called++, 0);
  clearTimeout(timer);
  await new Promise<void>((resolve) => void setTimeout(resolve, 5));
  assert.equal(called, 0);
  await new Promise<string>((resolve) => void setTimeout(resolve, 1, "given")).then((value) =>
    assert.equal(value, "given")
  );
  restore();
  assert.equal(globalThis.setTimeout, own);
});
