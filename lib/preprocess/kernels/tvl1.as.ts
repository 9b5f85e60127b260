/**
 * TV-L1 optical flow in WebAssembly SIMD: the loops of `lib/preprocess/tvl1.ts`, which holds the
 * memory's layout and calls what is exported here.
 *
 * AssemblyScript. `deno task kernels` compiles it to `tvl1.wasm`, which is committed.
 */
export { iterate, lastError } from "./tvl1/iterate.as";
export { median3, median5 } from "./tvl1/median.as";
export { readFlow, writeFlow } from "./tvl1/records.as";
export { resize } from "./tvl1/resize.as";
export { interleave, warp } from "./tvl1/warp.as";
