import assert from "node:assert/strict";
import { compileKernel, kernelNames, staleKernels } from "./kernels.ts";

Deno.test("the committed kernels are what their sources give", async () => {
  assert.ok((await kernelNames()).includes("tvl1"));
  assert.deepEqual(await staleKernels(), []);
});

Deno.test("compileKernel() names a source that is not there", async () => {
  await assert.rejects(compileKernel("nothing"), {
    name: "UserError",
    message: /^lib\/preprocess\/kernels\/nothing\.as\.ts: Cannot compile this kernel/,
  });
});
