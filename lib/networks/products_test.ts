import assert from "node:assert/strict";
import { conv2d } from "lib/blocks/conv.ts";
import { cost } from "lib/blocks/cost.ts";
import { dense } from "lib/blocks/dense.ts";
import { flatten } from "lib/blocks/flatten.ts";
import { graph } from "lib/blocks/graph.ts";
import { parallel } from "lib/blocks/parallel.ts";
import { serial } from "lib/blocks/serial.ts";
import { offApexNet } from "lib/methods/off_apex_net.ts";
import { ststNet } from "lib/methods/stst_net.ts";
import { countedWork, learnedNumbersOf, multiplyAdds } from "./products.ts";

Deno.test("multiplyAdds() is as by hand for networks that are no graphs", async () => {
  // Convolution 30×30×16 from 3×3×3, and 400 to 3.
  assert.equal(await multiplyAdds(ststNet(3), [28, 28, 3]), 30 * 30 * 16 * 27 + 400 * 3);
  const stream = 28 * 28 * 6 * 25 + 14 * 14 * 16 * 25 * 6;
  const wanted = 2 * stream + 1568 * 1024 + 1024 * 1024 + 1024 * 3;
  assert.equal(await multiplyAdds(offApexNet(3), [28, 28, 3]), wanted);
});

Deno.test("countedWork() counts what cost() calculates", async () => {
  const parts = {
    conv: conv2d({ filters: 4, kernel: 3, strides: 2 }),
    wide: parallel({
      one: conv2d({ filters: 2, kernel: 1 }),
      three: conv2d({ filters: 3, kernel: 3, padding: "same" }),
    }),
    flat: flatten(),
    scores: dense({ units: 5 }),
  };
  const counted = (await countedWork(serial(parts), [11, 9, 2])).multiplyAdds;
  // A graph knows its nodes, but not what is in them: each convolution is a node of its own.
  const plain = graph({ conv: parts.conv, flat: flatten(), scores: parts.scores });
  const calculated = cost(plain, [11, 9, 2]).reduce((sum, row) => sum + row.multiplyAdds, 0);
  assert.equal((await countedWork(plain, [11, 9, 2])).multiplyAdds, calculated);
  assert.equal(await multiplyAdds(plain, [11, 9, 2]), calculated);
  assert.equal(counted, 5 * 4 * 4 * 18 + 5 * 4 * (2 * 4 + 3 * 36) + 100 * 5);
  assert.equal(learnedNumbersOf(plain, [11, 9, 2]), 4 * 18 + 4 + 80 * 5 + 5);
});
