import assert from "node:assert/strict";
import { experiment } from "experiments/table1/slstt.ts";
import { cost } from "lib/blocks/cost.ts";
import { rng } from "lib/core/rng.ts";
import { volume } from "lib/core/volume.ts";
import { resolveParameters } from "lib/experiment/parameters.ts";
import { slstt } from "lib/networks/slstt.ts";
import { flowImages, imageOptions, method, networkOptions } from "./slstt.ts";

/** Two frames of 2×2 vectors: nothing but one of length 5, and another in the other direction. */
const clip = volume(
  Float32Array.of(3, 4, 0, 0, 0, 0, 0, 0, -6, -8, 0, 0, 0, 0, 0, 0),
  [2, 2, 2, 2],
);

Deno.test("flowImages() normalises colour pictures as photographs are, frame by frame", () => {
  const { data, shape } = flowImages(clip, { side: 2, coding: "colour" });
  assert.deepEqual(shape, [2, 2, 2, 3]);
  const pixel = (frame: number, place: number) => {
    const at = 3 * (4 * frame + place);
    return [0.229, 0.224, 0.225].map((spread, c) =>
      data[at + c]! * spread + [0.485, 0.456, 0.406][c]!
    );
  };
  // atan2(4, 3) is 53.13 degrees: all red, 0.8855 green. The other way round is cyan's side.
  const near = (found: number[], expected: number[]) =>
    found.forEach((value, i) => assert.ok(Math.abs(value - expected[i]!) < 1e-4, `${found}`));
  near(pixel(0, 0), [1, 0.8855, 0]);
  near(pixel(1, 0), [0, 0.1145, 1]);
  for (const place of [1, 2, 3]) near(pixel(1, place), [0, 0, 0]);
});

Deno.test("flowImages() scales components by the whole clip, and remembers a clip", () => {
  const options = { side: 2, coding: "components" } as const;
  const { data, shape } = flowImages(clip, options);
  assert.deepEqual(shape, clip.shape);
  const square = data.reduce((sum, value) => sum + value ** 2, 0) / data.length;
  assert.ok(Math.abs(square - 1) < 1e-6);
  assert.ok(Math.abs(data[8]! / data[0]! + 2) < 1e-6);
  assert.equal(flowImages(clip, { ...options }).data, data);
  const still = volume(new Float32Array(8), [1, 2, 2, 2]);
  assert.ok(flowImages(still, options).data.every((value) => value === 0));
});

Deno.test("flowImages() brings ready maps to the side of the pictures", () => {
  const { data, shape } = flowImages(clip, { side: 4, coding: "components" });
  assert.deepEqual(shape, [2, 4, 4, 2]);
  assert.ok(data.every(Number.isFinite));
});

Deno.test("the row's profile paper is the authors' network, 93.0 million numbers", () => {
  for (const data of ["synthetic-casme2", "megc2019-flow"]) {
    const parameters = resolveParameters(experiment, { data, profile: "paper" });
    const { side, coding } = imageOptions(parameters);
    assert.deepEqual([side, coding], [384, "colour"]);
    const shape = [Number(parameters.keyFrames), side, side, 3];
    assert.deepEqual(shape, [11, 384, 384, 3]);
    const costs = [slstt(networkOptions(3, parameters)), slstt({ classes: 3 })]
      .map((block) => cost(block, shape));
    assert.deepEqual(costs[0], costs[1]);
  }
});

Deno.test("the row's profile demo fits its pictures, with either aggregator, frozen or not", () => {
  for (const aggregator of ["lstm", "mean"]) {
    for (const encoder of ["trained", "frozen"]) {
      const parameters = resolveParameters(experiment, { aggregator, encoder });
      const block = method.build(3, parameters);
      const shape = [6, 28, 28, 2];
      const { params, outputShape } = block.init(rng(1), shape);
      assert.deepEqual(outputShape, [3]);
      assert.equal("encoder" in params, encoder === "trained");
      assert.equal("lstm1" in params, aggregator === "lstm");
    }
  }
});
