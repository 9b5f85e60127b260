import assert from "node:assert/strict";
import { tableFromArrays, tableToIPC } from "apache-arrow";
import { encodeResult } from "./arrow.ts";
import { arrowText } from "./text.ts";
import { exampleResult } from "./testing.ts";

Deno.test("arrowText() gives metadata by path, columns and rows, a line each", () => {
  const lines = arrowText(encodeResult(exampleResult({ seeds: 1 }))).split("\n");
  assert.ok(lines.includes("parameters.epochs: 10"));
  assert.ok(lines.includes(`code.modules.lib/train/fit.ts: ${"bb".repeat(32)}`));
  assert.ok(lines.includes('classes: ["negative","positive","surprise"]'));
  assert.ok(lines.includes("column seed: Int32 not null"));
  assert.ok(lines.some((line) => line.startsWith("1\tsmic/s00\tsmic/s00/c0\tsmic/s00\tsmic\t")));
  const end = lines.indexOf("");
  assert.deepEqual(lines.slice(0, end), lines.slice(0, end).sort());
});

Deno.test("arrowText() changes only the lines of what changed", () => {
  const lines = (epochs: number) =>
    arrowText(encodeResult(exampleResult({
      metadata: { parameters: { ...exampleResult().metadata.parameters, epochs } },
    }))).split("\n");
  const [before, after] = [lines(10), lines(20)];
  const changed = after.filter((line, i) => line !== before[i]);
  assert.equal(changed.length, 2);
  assert.equal(changed[0], "parameters.epochs: 20");
  assert.match(changed[1]!, /^seal: /);
});

Deno.test("arrowText() reads Arrow files of other origin, dictionaries and nulls too", () => {
  const table = tableFromArrays({ name: ["a", null, "a\tb"], n: Int32Array.of(1, 2, 3) });
  const text = arrowText(tableToIPC(table, "file"));
  assert.match(text, /column name: Dictionary<Int32, Utf8>/);
  assert.match(text, /\na\t1\nnull\t2\na b\t3\n$/);
});

Deno.test("arrowText() says in a line what cannot be read", () => {
  const line = (bytes: Uint8Array) => {
    const text = arrowText(bytes);
    assert.match(text, /^[^\n]+\n$/);
    return text;
  };
  assert.match(line(new TextEncoder().encode("hello")), /not an Arrow file \(5 bytes\)/);
  assert.match(line(new Uint8Array()), /empty/);
  const bytes = encodeResult(exampleResult());
  bytes[2000]! ^= 1;
  assert.match(line(bytes), /damaged fleeting result/);
});
