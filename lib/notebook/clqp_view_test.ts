import assert from "node:assert/strict";
import { rng } from "lib/core/rng.ts";
import { movingClips } from "lib/features/lbp/clips_testing.ts";
import { greyClip } from "lib/features/lbp/grey_clip.ts";
import { learnCodebooks, type StclqpOptions } from "lib/methods/stclqp.ts";
import { patternPanels, wordPanel } from "./clqp_view.ts";

const options: StclqpOptions = {
  rings: { inner: { x: 1, y: 1, t: 1 }, outer: { x: 2, y: 2, t: 3 } },
  grid: { across: 3, down: 2, along: 1, overlap: 0 },
  words: 5,
  keep: 3,
};

Deno.test("patternPanels() shows a frame, a map for each component in two planes, and histograms", () => {
  const inputs = movingClips(1).map(({ input }) => input);
  const codebooks = learnCodebooks(inputs, options, rng(1));
  const panels = patternPanels(greyClip(inputs[0]!), options, codebooks);
  const sizes = panels.map(({ width, height }) => [width, height]);
  const map = [36, 36];
  // Five words in each of three planes; a row for each of six blocks.
  const histogram = [15, 6];
  const maps = Array(6).fill(map);
  assert.deepEqual(sizes, [[40, 40], ...maps, histogram, histogram, histogram]);
  for (const { width, height, values } of panels) {
    assert.equal(values.length, width * height);
    assert.ok(Array.from(values).every((value) => value >= 0 && value <= 1));
  }
});

Deno.test("wordPanel() draws each neighbour as a sector of its ring, counter-clockwise from the right", () => {
  const word = Array.from({ length: 16 }, (_, p) => p / 16);
  const { width, height, values } = wordPanel(word);
  const at = (x: number, y: number) => {
    const middle = (width - 1) / 2;
    return values[Math.round(middle - y * middle) * width + Math.round(middle + x * middle)];
  };
  assert.equal(width, height);
  assert.equal(at(0, 0), 0.5);
  assert.equal(at(0.99, 0.99), 0.5, "the corner");
  for (let p = 0; p < 8; p++) {
    const [x, y] = [Math.cos(p * Math.PI / 4), Math.sin(p * Math.PI / 4)];
    assert.equal(at(0.35 * x, 0.35 * y), p / 16);
    assert.equal(at(0.8 * x, 0.8 * y), (8 + p) / 16);
  }
});
