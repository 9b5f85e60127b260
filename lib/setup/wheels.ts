/**
 * Pinned wheels beside TensorFlow's own.
 *
 * @module
 */

/** One wheel: what to ask pip for, how to know it, what to keep of it. */
export interface Wheel {
  readonly name: string;
  readonly version: string;
  /** pip's names of the systems it was built for. */
  readonly platforms: readonly string[];
  readonly sha256: string;
  /** Patterns of the members that are unpacked. */
  readonly parts: readonly string[];
}

// The newest versions that TensorFlow 2.21.0's extra `and-cuda` admits.
const cuda = [
  ["cublas", "12.9.3.13", "d7d51055f161b317c7105ddaae90e71eda059026074ffef93cf7cde2886bfe72"],
  ["cuda-cupti", "12.8.90", "ea0cb07ebda26bb9b29ba82cda34849e73c166c18162d3913575b0c9db9a6182"],
  ["cuda-nvcc", "12.9.86", "5d6a0d32fdc7ea39917c20065614ae93add6f577d840233237ff08e9a38f58f0"],
  ["cuda-nvrtc", "12.9.86", "210cf05005a447e29214e9ce50851e83fc5f4358df8b453155d5e1918094dcb4"],
  ["cuda-runtime", "12.9.79", "25bba2dfb01d48a9b59ca474a1ac43c6ebf7011f1b0b8cc44f54eb6ac48a96c3"],
  ["cudnn", "9.28.0.42", "9ff58b7f36dacd0a93e89f8f2957b52466889217963701daa15e577317cfa375"],
  ["cufft", "11.4.1.4", "c67884f2a7d276b4b80eb56a79322a95df592ae5e765cf1243693365ccab4e28"],
  ["curand", "10.3.10.19", "49b274db4780d421bd2ccd362e1415c13887c53c214f0d4b761752b8f9f6aa1e"],
  ["cusolver", "11.7.5.82", "15da72d1340d29b5b3cf3fd100e3cd53421dde36002eda6ed93811af63c40d88"],
  ["cusparse", "12.5.10.65", "73060ce019ac064a057267c585bf1fd5a353734151f87472ff02b2c5c9984e78"],
  ["nccl", "2.32.3", "bb94b2348e4861d5e8aa00b36c3d12d9bdf9c6369b82cbb723de0b582280a21c"],
  ["nvjitlink", "12.9.86", "e3f1171dbdc83c5932a45f0f4c99180a70de9bd2718c1ab77d14104f6d7147f9"],
] as const;

/**
 * NVIDIA's libraries for TensorFlow on CUDA 12, about 3 GB. TensorFlow finds them by a path relative
 * to its own, so they are unpacked beside it as in the wheels.
 */
export const cudaWheels: readonly Wheel[] = cuda.map(([name, version, sha256]) => ({
  name: `nvidia-${name}-cu12`,
  version,
  platforms: ["manylinux_2_27_x86_64", "manylinux_2_17_x86_64", "manylinux_2_12_x86_64"],
  sha256,
  parts: ["nvidia/*/lib/*.so*", "nvidia/cuda_nvcc/bin/ptxas", "nvidia/cuda_nvcc/nvvm/libdevice/*"],
}));

const zigHashes: Readonly<Record<string, string | undefined>> = {
  "manylinux_2_12_x86_64": "806316453d1ede7174ed3fefb8e5348154629089c3bb5fe812dfd0e172fac130",
  "manylinux_2_17_aarch64": "edc0aa60ec964a4cf462d40f68d7de242ddf37fd9a80f2afaee6397059463230",
};

/**
 * The wheel that brings a C++ compiler (Zig's clang, 94 MB) to a Linux machine without one.
 *
 * @returns nothing on other systems
 */
export function zigWheel(os: string, arch: string): Wheel | undefined {
  const platform = arch === "aarch64" ? "manylinux_2_17_aarch64" : "manylinux_2_12_x86_64";
  const sha256 = zigHashes[platform];
  if (os !== "linux" || !sha256) return undefined;
  return {
    name: "ziglang",
    version: "0.15.2",
    platforms: [platform],
    sha256,
    parts: ["ziglang/*"],
  };
}
