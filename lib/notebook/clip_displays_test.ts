import assert from "node:assert/strict";
import { join } from "@std/path";
import { decode, decodeApng } from "fast-png";
import { volume } from "lib/core/volume.ts";
import { sliceSheet, squared } from "./clip_view.ts";
import { executeNotebook } from "./execute.ts";
import { codeCells } from "./notebook_file.ts";
import { notebookOf, withNotebooks } from "./testing.ts";

const clip = volume(Float32Array.from({ length: 24 }, (_, i) => i / 20), [2, 3, 4]);

Deno.test("squared() puts white beside a panel that is not square, in the middle", () => {
  const tall = squared({ width: 1, height: 3, values: [0.1, 0.2, 0.3] });
  assert.deepEqual([tall.width, tall.height], [3, 3]);
  const expected = [1, 0.1, 1, 1, 0.2, 1, 1, 0.3, 1].map(Math.fround);
  assert.deepEqual(Array.from(tall.values), expected);
  const square = { width: 1, height: 1, values: [0.4] };
  assert.equal(squared(square), square);
});

Deno.test("sliceSheet() shows rows through time side by side", () => {
  const { data, shape } = sliceSheet(clip, [2, 0]);
  assert.deepEqual(shape, [2, 10, 3]);
  const red = Array.from({ length: 20 }, (_, i) => data[3 * i]!);
  const part = (from: number) => Array.from(clip.data.subarray(from, from + 4));
  assert.deepEqual(red, [...part(8), 1, 1, ...part(0), ...part(20), 1, 1, ...part(12)]);
  assert.throws(() => sliceSheet(clip, []), /without a row/);
  assert.throws(() => sliceSheet(clip, [3]), /no row 3/);
});

Deno.test("clips and flows are shown as pictures, with words for those who do not see them", async () => {
  const notebook = notebookOf(
    `import { showClip, showFlow, showSlices, showStrip } from "lib/notebook/clip_view.ts";
const clip = { data: Float32Array.from({ length: 60 }, (_, i) => i / 60), shape: [3, 4, 5] };
const flow = { u: new Float32Array(20), v: new Float32Array(20).fill(0.5), width: 5, height: 4 };
await showStrip([clip, clip], "a strip", { frames: [0, 2], side: 10 });
await showClip(clip, "a <clip>", { fps: 10, side: 100 });
await showFlow(flow, { data: clip.data.subarray(0, 20), shape: [4, 5] }, "a flow");
await showSlices(clip, [1, 2]);
await showSlices(clip, 3, { caption: "a slice" });`,
  );
  const executed = await withNotebooks(
    { "a.ipynb": notebook },
    (folder) => executeNotebook(join(folder, "a.ipynb")),
  );
  const bundles = codeCells(executed.notebook)[0]!.outputs
    .map((output) => "data" in output ? output.data as Record<string, string> : {});
  assert.deepEqual(bundles.map((bundle) => bundle["text/plain"]), [
    "[a strip]",
    "[a <clip>]",
    "[a flow. Longest: 0.50 pixels]",
    "[Slices of the rows 1, 2 through 3 frames, time downwards]",
    "[a slice]",
  ]);
  const pictures = bundles.filter((bundle) => "image/png" in bundle);
  const sizes = pictures.map((bundle) => decode(Uint8Array.fromBase64(bundle["image/png"]!)));
  assert.deepEqual(sizes.map(({ width, height }) => [width, height]), [
    [32, 32],
    [5, 4],
    [12, 3],
    [5, 3],
  ]);
  const moving = bundles[1]!;
  assert.equal(decodeApng(Uint8Array.fromBase64(moving["image/png"]!)).numberOfFrames, 3);
  assert.match(moving["text/html"]!, /<img alt="a &lt;clip&gt;" width="100" height="80" /);
  assert.doesNotMatch(moving["text/html"]!, /<script|<style/);
  assert.match(bundles[2]!["image/svg+xml"]!, /^<svg .*<title>a flow/);
});
