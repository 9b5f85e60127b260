import assert from "node:assert/strict";
import { progressDisplay, type ProgressState, progressText } from "./progress.ts";

const state = { title: "t", total: 100, cached: 0, running: 1, secondsLeft: null };

Deno.test("progressDisplay() shows the first and the latest of many states, not all", async () => {
  const shown: number[] = [];
  const display = progressDisplay("t", { onUpdate: ({ done }) => shown.push(done), everyMs: 20 });
  for (let done = 0; done <= 50; done++) await display.update({ ...state, done });
  assert.deepEqual(shown, [0]);
  await new Promise((resolve) => setTimeout(resolve, 60));
  assert.deepEqual(shown, [0, 50]);
});

Deno.test("progressDisplay() shows nothing after done()", async () => {
  const shown: ProgressState[] = [];
  const display = progressDisplay("t", { onUpdate: (s) => shown.push(s), everyMs: 10 });
  await display.update({ ...state, done: 1 });
  await display.update({ ...state, done: 2 });
  await display.done("2 done");
  await display.update({ ...state, done: 3 });
  await new Promise((resolve) => setTimeout(resolve, 30));
  assert.deepEqual(shown.map(({ done }) => done), [1]);
});

Deno.test("progressDisplay() does nothing outside a kernel", async () => {
  const display = progressDisplay("t");
  await display.update({ ...state, done: 1 });
  await display.done("done");
});

Deno.test("progressText() says what is known", () => {
  assert.equal(
    progressText({ ...state, title: "Table 1", done: 12, cached: 5, secondsLeft: 200, note: "a" }),
    "Table 1: 12 of 100 (5 cached), 1 running, about 3 min left, a",
  );
  assert.equal(progressText({ ...state, done: 100, running: 0, secondsLeft: 0 }), "t: 100 of 100");
});
