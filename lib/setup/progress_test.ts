import assert from "node:assert/strict";
import { formatStep, openProgress } from "./progress.ts";

Deno.test("formatStep() shows share, time and time left when the size is known", () => {
  assert.equal(
    formatStep({ label: "Download x", step: [1, 4], bytes: [60e6, 240e6], seconds: 5 }),
    "[1/4] Download x: 60 of 240 MB, 25 %, 5 s, about 15 s left",
  );
});

Deno.test("formatStep() claims no time left too early, nor at the end, and never over 100 %", () => {
  const format = (done: number): string =>
    formatStep({ label: "D", step: [1, 1], bytes: [done, 100e6], seconds: 1 });
  assert.equal(format(1e6), "[1/1] D: 1 of 100 MB, 1 %, 1 s");
  assert.equal(format(100e6), "[1/1] D: 100 of 100 MB, 100 %, 1 s");
  assert.equal(format(101e6), "[1/1] D: 100 of 100 MB, 100 %, 1 s");
});

Deno.test("formatStep() does without a size, and without bytes", () => {
  assert.equal(
    formatStep({ label: "D", step: [2, 3], bytes: [7e6, undefined], seconds: 2.4 }),
    "[2/3] D: 7 MB, 2 s",
  );
  assert.equal(formatStep({ label: "Compile", step: [3, 3], seconds: 0.4 }), "[3/3] Compile");
  assert.equal(formatStep({ label: "Compile", step: [3, 3], seconds: 4.6 }), "[3/3] Compile: 5 s");
});

Deno.test("openProgress() renews one line on a terminal, cut to its width", () => {
  let text = "";
  const progress = openProgress(1, {
    terminal: true,
    columns: () => 12,
    write: (part) => void (text += part),
  });
  progress.step("A long label");
  progress.end();
  assert.ok(text.startsWith("\r\x1b[K[1/1] A lon\r"), JSON.stringify(text));
  assert.ok(text.endsWith("\n"));
  assert.equal(text.split("\n").length, 2);
});

Deno.test("openProgress() writes plain lines into a log", () => {
  let text = "";
  const target = { terminal: false, columns: () => 80, write: (s: string) => void (text += s) };
  const progress = openProgress(2, target);
  progress.step("One");
  for (let i = 0; i < 100; i++) progress.bytes(i, 100);
  progress.step("Two");
  progress.say("Done.");
  progress.end();
  assert.equal(text, "[1/2] One\n[2/2] Two\nDone.\n");
});
