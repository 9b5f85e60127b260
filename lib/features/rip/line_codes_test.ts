import assert from "node:assert/strict";
import { rng } from "lib/core/rng.ts";
import { volume } from "lib/core/volume.ts";
import { lbpCodes } from "../lbp/lbp_top.ts";
import { mappingOf } from "../lbp/mappings.ts";
import { lineCodes, lineHistogram, timeHistogram, timePatterns } from "./line_codes.ts";

Deno.test("lineCodes() gives the codes worked out by hand, the leftmost neighbour highest", () => {
  const line = Float64Array.of(1, 3, 2, 2, 5);
  // Around 3: 1 and 2 are less. Around either 2: none is less.
  assert.deepEqual([...lineCodes(line, 3)], [0b00, 0b11, 0b11]);
  // Around the first 2: only 1 is less.
  assert.deepEqual([...lineCodes(line, 5)], [0b0111]);
  assert.deepEqual([...lineCodes(Float64Array.of(7, 1, 2, 3, 9), 5)], [0b1011]);
  assert.deepEqual([...lineCodes(new Float64Array(11), 9)], [255, 255, 255]);
});

Deno.test("lineCodes() refuses masks without a middle, and lines shorter than a mask", () => {
  for (const mask of [1, 4, 19, 3.5]) {
    assert.throws(() => lineCodes(new Float64Array(30), mask), /odd number/);
  }
  assert.throws(() => lineCodes(new Float64Array(4), 5), /4 values is shorter than a mask of 5/);
});

Deno.test("lineHistogram() counts the codes of all frames and never one across two", () => {
  const values = Float64Array.of(1, 3, 2, 2, 5, 0, 1, 2, 3, 4);
  // First line 00, 11, 11; second 01, 01, 01.
  const histogram = lineHistogram({ values, frames: 2, length: 5 }, 3);
  assert.deepEqual([...histogram], [1 / 6, 3 / 6, 0, 2 / 6].map(Math.fround));
});

Deno.test("timeHistogram() gives the pattern worked out by hand", () => {
  // Frames downwards: what is up or right is higher than the middle, what is down or left lower.
  const values = Float64Array.of(9, 9, 9, 1, 5, 9, 1, 1, 1);
  const histogram = timeHistogram({ values, frames: 3, length: 3 }, { space: 1, time: 1 });
  // Neighbours 0 to 3 are set: the first uniform pattern of four ones.
  assert.equal(histogram[mappingOf("uniform", 8).table[0b1111]!], 1);
  assert.equal(histogram.reduce((a, b) => a + b), 1);
});

Deno.test("timeHistogram() counts what LBP-TOP finds in the plane xt", () => {
  const [frames, length] = [9, 17];
  const stream = rng(5);
  const values = Float64Array.from({ length: frames * length }, () => Math.fround(stream.next()));
  for (const [space, time] of [[1, 1], [3, 2], [1, 4]] as const) {
    const rows = Array.from({ length: frames * 3 * length }, (_, i) => {
      const frame = Math.floor(i / (3 * length));
      return values[frame * length + i % length]!;
    });
    const { data } = lbpCodes(volume(Float32Array.from(rows), [frames, 3, length]), "xt", {
      radii: { x: space, y: 1, t: time },
      neighbours: { xy: 8, xt: 8, yt: 8 },
    });
    const counts = new Float32Array(timePatterns);
    for (const code of data) counts[mappingOf("uniform", 8).table[code]!]!++;
    assert.deepEqual(
      timeHistogram({ values, frames, length }, { space, time }),
      counts.map((count) => count / data.length),
    );
  }
});

Deno.test("timeHistogram() refuses lines without a place that has all neighbours", () => {
  const lines = { values: new Float64Array(12), frames: 3, length: 4 };
  assert.throws(() => timeHistogram(lines, { space: 2, time: 1 }), /3 lines of 4 values/);
  assert.throws(() => timeHistogram(lines, { space: 1, time: 2 }), RangeError);
});
