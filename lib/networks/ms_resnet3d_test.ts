import assert from "node:assert/strict";
import golden from "lib/blocks/testdata/multi_scale_golden.json" with { type: "json" };
import {
  asMerge,
  compareWithPyTorch,
  type GoldenRecord,
} from "lib/blocks/testdata/multi_scale_golden.ts";
import { cost, sumCosts } from "lib/blocks/cost.ts";
import { openBackend, tf } from "lib/train/backend.ts";
import { msResNet3d, type MsResNet3dOptions } from "./ms_resnet3d.ts";

await openBackend();

const small = { classes: 3, width: 8, hidden: 8, drop: 0 };

/** The bars of the ablation and the variants. */
const variants: Readonly<Record<string, Partial<MsResNet3dOptions>>> = {
  base: { attention: false, spatialMultiScale: false, temporalMultiScale: false },
  attention: { spatialMultiScale: false, temporalMultiScale: false },
  spatial: { temporalMultiScale: false },
  full: {},
  cascade: { cascade: true },
  bottleneck: { units: "bottleneck" },
  "stacked 5": { stacked: 5 },
};

for (const [name, record] of Object.entries(golden.networks)) {
  Deno.test(`msResNet3d() ${name} agrees with PyTorch: scores and all gradients`, () => {
    const network = asMerge(msResNet3d({ ...small, ...variants[name] }));
    const tolerances = { forth: 1e-4, back: 1e-3 };
    tf.tidy(() => compareWithPyTorch(network, record as GoldenRecord, tolerances));
  });
}

Deno.test("msResNet3d() has as many parameters as PyTorch's twin at the paper's width", () => {
  for (const [name, expected] of Object.entries(golden.parameters)) {
    const t = performance.now();
    const rows = cost(msResNet3d({ classes: 3, ...variants[name] }), [16, 134, 134, 2]);
    const found = rows.reduce((sum, { parameters }) => sum + parameters, 0);
    assert.equal(found, expected, name);
    console.log(name, performance.now() - t);
    console.table(sumCosts(rows).map((r) => ({ ...r, outputShape: r.outputShape.join("x") })));
  }
});
