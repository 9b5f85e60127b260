import assert from "node:assert/strict";
import { volume } from "lib/core/volume.ts";
import { descriptorPanels } from "./descriptor_view.ts";

Deno.test("descriptorPanels() lights the face by the weights of the blocks, if there is one", () => {
  const plane = (values: readonly number[]) => Float32Array.from(values);
  // Everything moves right by as much; the right half is strained.
  const flow = {
    width: 4,
    height: 2,
    u: plane([1, 1, 1, 1, 1, 1, 1, 1]),
    v: new Float32Array(8),
    strain: plane([0, 0, 1, 1, 0, 0, 1, 1]),
  };
  const grid = { blocks: 2, bins: 4 };
  assert.equal(descriptorPanels(flow, grid).length, 4);
  const panels = descriptorPanels(flow, grid, volume(new Float32Array(64).fill(0.6), [8, 8]));
  assert.deepEqual(panels.map(({ width, height }) => [width, height]), [
    ...[[4, 2], [4, 2], [2, 2], [8, 8]],
    [4, 4],
  ]);
  assert.deepEqual([...Array.from(panels[2]!.values)], [0, 1, 0, 1]);
  const lit = Array.from(panels[3]!.values);
  assert.ok(lit.every((value, i) => value === (i % 8 < 4 ? 0 : 1)));
});
