import assert from "node:assert/strict";
import { add } from "lib/blocks/add.ts";
import { dense } from "lib/blocks/dense.ts";
import { graph } from "lib/blocks/graph.ts";
import { relu } from "lib/blocks/relu.ts";
import { msResNet3d } from "lib/networks/ms_resnet3d.ts";
import { networkDrawing, shortCount } from "./network_drawing.ts";
import { networkGraph } from "./network_graph.ts";
import { type Direction, layOut, type NetworkLayout } from "./network_layout.ts";

/** input → first → second (dense, then relu) → sum ← first. */
const small = graph({
  first: dense({ units: 4 }),
  second: graph({ dense: dense({ units: 4 }), relu: relu() }),
  sum: { merge: add(), from: ["second", "first"] },
});
const paper = msResNet3d({ classes: 4 });
const paperInput = [16, 134, 134, 2];
const size = () => ({ width: 100, height: 50 });

Deno.test("networkGraph() gives boxes with shapes and parameters, and the longest way", () => {
  const { boxes, frames, arrows } = networkGraph(small, [3]);
  assert.deepEqual(
    boxes.map(({ id, outputShape, parameters, kind }) => [id, outputShape, parameters, kind]),
    [
      ["input", [3], 0, "input"],
      ["first", [4], 16, "block"],
      ["second", [4], 20, "block"],
      ["sum", [4], 0, "merge"],
    ],
  );
  assert.deepEqual(frames, []);
  assert.deepEqual(arrows.map(({ from, to, main }) => [from, to, main]), [
    ["input", "first", true],
    ["first", "second", true],
    ["second", "sum", true],
    ["first", "sum", false],
  ]);
});

Deno.test("networkGraph() opens nodes and wires what is inside", () => {
  const { boxes, frames, arrows } = networkGraph(small, [3], ["second"]);
  assert.deepEqual(frames, [{ id: "second", name: "second", frame: null }]);
  assert.deepEqual(boxes.map(({ id, frame }) => [id, frame]), [
    ["input", null],
    ["first", null],
    ["second.dense", "second"],
    ["second.relu", "second"],
    ["sum", null],
  ]);
  assert.deepEqual(arrows.map(({ from, to }) => `${from} ${to}`), [
    "input first",
    "first second.dense",
    "second.dense second.relu",
    "second.relu sum",
    "first sum",
  ]);
  for (const name of ["third", "first", "second.dense"]) {
    assert.throws(() => networkGraph(small, [3], [name]), {
      name: "RangeError",
      message: `There is no node '${name}' to open`,
    });
  }
});

function overlaps({ boxes }: NetworkLayout): string[] {
  return boxes.flatMap((a, i) =>
    boxes.slice(i + 1).filter((b) =>
      Math.abs(a.x - b.x) < (a.width + b.width) / 2 &&
      Math.abs(a.y - b.y) < (a.height + b.height) / 2
    ).map((b) => `${a.id} ${b.id}`)
  );
}

for (const direction of ["down", "right"] satisfies Direction[]) {
  for (const open of [[], ["rc1"], ["rc1", "rc2", "rc3", "fusion4", "fusion4.attention1"]]) {
    Deno.test(`layOut() ${direction} keeps boxes apart, in the picture and in order: ${open}`, () => {
      const placed = layOut(networkGraph(paper, paperInput, open), { direction, sizeOf: size });
      assert.deepEqual(overlaps(placed), []);
      const along = direction === "down" ? 1 : 0;
      for (const { from, to, points } of placed.arrows) {
        for (const [x, y] of points) {
          assert.ok(x >= 0 && x <= placed.width && y >= 0 && y <= placed.height, `${from} ${to}`);
        }
        assert.ok(points.at(-1)![along]! > points[0]![along]!, `${from} ${to} goes back`);
      }
      for (const frame of placed.frames) {
        for (const box of placed.boxes.filter((one) => one.frame === frame.id)) {
          assert.ok(Math.abs(box.x - frame.x) + box.width / 2 <= frame.width / 2, box.id);
          assert.ok(Math.abs(box.y - frame.y) + box.height / 2 <= frame.height / 2, box.id);
        }
      }
    });
  }
}

Deno.test("layOut() sets the paper's backbone in a line, a column for each fusion beside it", () => {
  const { boxes } = layOut(networkGraph(paper, paperInput), { direction: "down", sizeOf: size });
  const xOf = (...ids: string[]) => boxes.filter(({ id }) => ids.includes(id)).map(({ x }) => x);
  const columns = [
    xOf(
      "input",
      "block1",
      "attention",
      "block2",
      "rc1",
      "block3",
      "rc2",
      "block4",
      "rc3",
      "block5",
    ),
    xOf("head1"),
    ...[4, 3, 2].map((n) => xOf(`up${n}`, `fusion${n}`, `head${6 - n}`)),
  ];
  assert.deepEqual(columns.map((xs) => new Set(xs).size), [1, 1, 1, 1, 1]);
  const [backbone, head1, ...fusions] = columns.map((xs) => xs[0]!);
  assert.equal(backbone, head1);
  assert.equal(new Set([backbone, ...fusions]).size, 4);
});

Deno.test("networkDrawing() shows every box and arrow, escaped, the same each time", () => {
  const { svg, alt } = networkDrawing(paper, paperInput);
  assert.equal(networkDrawing(paper, paperInput).svg, svg);
  const texts = svg.replaceAll(/<[^>]*>/g, "\n").split("\n");
  const { boxes, arrows } = networkGraph(paper, paperInput);
  for (const { name, outputShape } of boxes) {
    assert.ok(texts.includes(name), name);
    assert.ok(texts.includes(outputShape.join("×")), `${outputShape}`);
  }
  assert.equal(svg.match(/<path /g)?.length, 2 * arrows.length);
  assert.doesNotMatch(svg, /NaN|undefined|<script/);
  assert.match(alt, /^Network: 69,137,522 learned numbers\.$/m);
  assert.match(alt, /^up4: 2×9×9×256, 3\.54 M learned, from block5 and rc3$/m);
  const risky = networkDrawing(small, [3], { title: `<b>"&` }).svg;
  assert.match(risky, /aria-label="&lt;b&gt;&quot;&amp;: 36 learned numbers\."/);
  assert.doesNotMatch(risky, /<b>/);
});

Deno.test("shortCount() keeps three digits", () => {
  const written = [1, 999, 1000, 9995, 99_950, 999_499, 999_500, 39_066_624].map(shortCount);
  assert.deepEqual(written.map((text) => text.replace(" learned", "")), [
    ...["1", "999", "1.00 k", "10.0 k", "100 k", "999 k"],
    ...["1.00 M", "39.1 M"],
  ]);
});
