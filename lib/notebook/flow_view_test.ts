import assert from "node:assert/strict";
import { decode } from "fast-png";
import { volume } from "lib/core/volume.ts";
import type { FlowField } from "lib/preprocess/flow_field.ts";
import { flowColours, flowLengths, flowSvg } from "./flow_view.ts";

function flowOf(width: number, height: number, [u, v]: readonly [number, number]): FlowField {
  const filled = (value: number) => new Float32Array(width * height).fill(value);
  return { u: filled(u), v: filled(v), width, height };
}

const behind = volume(Float32Array.from({ length: 24 * 16 }, (_, i) => i / 384), [16, 24]);

function colourOf(u: number, v: number, longest: number): number[] {
  return Array.from(flowColours(flowOf(1, 1, [u, v]), longest).data, (x) => Number(x.toFixed(3)));
}

Deno.test("flowColours() shows the direction by hue and the length by saturation", () => {
  assert.deepEqual(colourOf(2, 0, 2), [1, 0, 0]);
  assert.deepEqual(colourOf(0, 2, 2), [0.5, 1, 0]);
  assert.deepEqual(colourOf(-2, 0, 2), [0, 1, 1]);
  assert.deepEqual(colourOf(0, -2, 2), [0.5, 0, 1]);
  assert.deepEqual(colourOf(1, 0, 2), [1, 0.5, 0.5]);
  assert.deepEqual(colourOf(5, 0, 2), [1, 0, 0], "longer than the longest");
  assert.deepEqual(colourOf(0, 0, 2), [1, 1, 1]);
  assert.deepEqual(colourOf(0, 0, 0), [1, 1, 1], "no motion at all");
});

Deno.test("flowSvg() draws arrows from their dots, the longest spanning two steps", () => {
  const svg = flowSvg(flowOf(24, 16, [3, 0]), behind, "Flow");
  const arrows = [...svg.matchAll(/<path d="M(\S+) (\S+)l(\S+) (\S+)"\/>/g)]
    .map(([, ...numbers]) => numbers.map(Number));
  // Every fourth pixel, 6 × 4 of them, twice as large; last the one that says how long 2 pixels are.
  assert.equal(arrows.length, 25);
  assert.deepEqual(arrows[0], [4, 4, 16, 0]);
  assert.deepEqual(arrows[23], [44, 28, 16, 0]);
  assert.deepEqual(arrows[24], [0, 0, 10.7, 0]);
  assert.match(svg, /2 pixels, from the dot/);
  assert.match(svg, /rim: 3\.00 pixels/);
});

Deno.test("flowSvg() puts the picture behind the arrows where it belongs", () => {
  const svg = flowSvg(flowOf(24, 16, [0, 1]), behind, "Flow");
  const [, box, png] = svg.match(/<image (.*?) preserve.*?base64,([^"]+)"/)!;
  assert.equal(box, 'x="0" y="0" width="48" height="32"');
  const { width, height, data } = decode(Uint8Array.fromBase64(png!));
  assert.deepEqual([width, height], [24, 16]);
  assert.deepEqual(
    [...data.subarray(3 * 200, 3 * 200 + 3)],
    Array(3).fill(Math.round(255 * 200 / 384)),
  );
});

Deno.test("flowSvg() says in words what is seen, whatever the caption", () => {
  const svg = flowSvg(flowOf(24, 16, [1, 0]), behind, `a < b & "c"`);
  assert.match(svg, /<title>a &lt; b &amp; &quot;c&quot;\. Longest: 1\.00 pixels<\/title>/);
  assert.match(svg, /1 pixel, from the dot/);
});

Deno.test("flowSvg() of no motion has no arrows and no NaN", () => {
  const svg = flowSvg(flowOf(24, 16, [0, 0]), behind, "Still");
  assert.doesNotMatch(svg, /<path|NaN|Infinity/);
  assert.match(svg, /no motion/);
});

Deno.test("flowSvg() refuses another image's size and a flow that is not finite", () => {
  assert.throws(() => flowSvg(flowOf(16, 24, [1, 0]), behind, ""), /16×24 pixels.*\[16, 24\]/);
  assert.throws(() => flowSvg(flowOf(24, 16, [NaN, 0]), behind, ""), /\(NaN, 0\) at 0/);
});

Deno.test("flowLengths() is the length of each displacement", () => {
  const clip = volume(Float32Array.from([3, 4, 0, 0, -5, 12, 1, 0]), [2, 1, 2, 2]);
  const { data, shape } = flowLengths(clip);
  assert.deepEqual([...data, ...shape], [5, 0, 13, 1, 2, 1, 2]);
});
