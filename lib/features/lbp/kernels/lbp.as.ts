/**
 * Local binary patterns in WebAssembly SIMD: the loops behind `lib/features/lbp/memory.ts`, which holds the
 * memory's layout and calls what is exported here. Addresses, pitches and offsets are in bytes.
 *
 * AssemblyScript. `deno task kernels` compiles it to `lbp.wasm`, which is committed.
 */
export { count } from "./lbp/count.as";
export { magnitudeCodes, meanDifference, orientationCodes } from "./lbp/completed.as";
export { codes } from "./lbp/sign.as";
