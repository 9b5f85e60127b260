import assert from "node:assert/strict";
import { compileKernel, kernelNames, staleKernels } from "./kernels.ts";

Deno.test("the committed kernels are what their sources give", async () => {
  const names = await kernelNames();
  assert.ok(names.includes("lib/preprocess/kernels/tvl1"));
  assert.ok(names.includes("lib/features/lbp/kernels/lbp"));
  assert.deepEqual(await staleKernels(), []);
});

Deno.test("compileKernel() names a source that is not there", async () => {
  await assert.rejects(compileKernel("lib/preprocess/kernels/nothing"), {
    name: "UserError",
    message: /^lib\/preprocess\/kernels\/nothing\.as\.ts: Cannot compile this kernel/,
  });
});
