/**
 * Eulerian magnification in WebAssembly SIMD: the loops of `lib/preprocess/magnify.ts`, which holds the
 * memory's layout and calls what is exported here. Addresses, pitches and lengths are in bytes.
 *
 * AssemblyScript. `deno task kernels` compiles it to `magnify.wasm`, which is committed.
 */
export { difference, ideal } from "./magnify/band.as";
export { down, up } from "./magnify/pyramid.as";
