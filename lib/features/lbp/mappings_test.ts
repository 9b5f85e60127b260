import assert from "node:assert/strict";
import { mappingOf } from "./mappings.ts";

Deno.test("mappingOf() numbers the uniform patterns of four bits as worked by hand", () => {
  const { bins, table } = mappingOf("uniform", 4);
  assert.equal(bins, 15);
  const bin = (code: number) => table[code];
  assert.deepEqual([0b0000, 0b0001, 0b1000, 0b0100, 0b0010].map(bin), [0, 1, 2, 3, 4]);
  assert.deepEqual([0b0011, 0b1001, 0b1100, 0b0110].map(bin), [5, 6, 7, 8]);
  assert.deepEqual([0b0111, 0b1011, 0b1101, 0b1110, 0b1111].map(bin), [9, 10, 11, 12, 13]);
  assert.deepEqual([0b0101, 0b1010].map(bin), [14, 14]);
});

Deno.test("mappingOf() uses every bin, and each but the last for one pattern", () => {
  for (let bits = 4; bits <= 16; bits++) {
    const { bins, table } = mappingOf("uniform", bits);
    const uses = new Array<number>(bins).fill(0);
    for (const bin of table) uses[bin]!++;
    assert.equal(bins, bits * (bits - 1) + 3);
    assert.ok(uses.slice(0, -1).every((n) => n === 1), `${bits} bits`);
    assert.equal(uses.at(-1), 2 ** bits - bins + 1);
  }
});

Deno.test("mappingOf() leaves the full set as it is", () => {
  const { bins, table } = mappingOf("full", 8);
  assert.equal(bins, 256);
  assert.ok(table.every((bin, code) => bin === code));
  assert.throws(() => mappingOf("full", 17), { name: "RangeError" });
});
