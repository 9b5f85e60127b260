/**
 * Which TensorFlow a machine gets: pinned wheels and the parts of them that are kept.
 *
 * @module
 */
import { SetupError } from "lib/core/errors.ts";
import { cudaWheels, type Wheel } from "./wheels.ts";
import { tensorflowVersion } from "./versions.ts";

export type { Wheel };

/** A machine, as far as the choice of the library goes. */
export interface Target {
  readonly os: typeof Deno.build.os;
  readonly arch: typeof Deno.build.arch;
  /** Whether TensorFlow shall compute on an NVIDIA GPU. */
  readonly gpu: boolean;
}

/** What is downloaded, kept and linked for one kind of machine. */
export interface TensorFlowBuild {
  /** Names the folder in the cache: version, variant, system. */
  readonly id: string;
  readonly gpu: boolean;
  readonly wheels: readonly Wheel[];
  /** Shared libraries that the binding is linked to, in the wheel's folder `tensorflow`. */
  readonly libraries: readonly string[];
  /** Free disk space needed while installing, in MB. */
  readonly diskMb: number;
}

/** The headers that the binding's sources reach, and TensorFlow's licence. */
const headers = [
  "tensorflow/include/tensorflow/c/*.h",
  "tensorflow/include/tensorflow/core/platform/ctstring*.h",
  "tensorflow/include/tsl/platform/ctstring*.h",
  "tensorflow/include/xla/tsl/c/tsl_status.h",
  "tensorflow/include/LICENSE",
];

const linuxLibraries = ["libtensorflow_cc.so.2", "libtensorflow_framework.so.2"];
const macLibraries = ["libtensorflow_cc.2.dylib", "libtensorflow_framework.2.dylib"];

/** SHA-256 of the wheels by their package and pip's name of the system. */
const tensorflowHashes = {
  "tensorflow-cpu manylinux_2_27_x86_64":
    "dcc8afd32930e42d5296b6ee19078b773706830af4ea97fbe503b9f5e0f820cb",
  "tensorflow manylinux_2_27_x86_64":
    "b3b95643c4e70eb925839938fb35cbe142f317ec84af6844ee61513713bb13c0",
  "tensorflow manylinux_2_27_aarch64":
    "b07d15737406533898e36c7ef7944b1be18e9028dc521b9229952c537bbc5552",
  "tensorflow macosx_12_0_arm64":
    "56ecd7d47429acbe1df2694d50b75bf9fc3995ac92cb367cd9af6c4780ead712",
} as const;

/**
 * The build for a machine.
 *
 * Run and tested on x86-64 Linux without a GPU. The wheels for CUDA, for ARM Linux and for Apple
 * silicon are pinned by the package index's own metadata and have not been run.
 *
 * @throws SetupError when TensorFlow publishes no library for it; the wasm backend works there
 */
export function tensorflowBuild({ os, arch, gpu }: Target): TensorFlowBuild {
  if (gpu && (os !== "linux" || arch !== "x86_64")) {
    throw new SetupError(
      `TensorFlow computes on a GPU only on x86-64 Linux, not on ${os} ${arch}`,
      {
        field: "--gpu",
        fix: "Leave out --gpu",
      },
    );
  }
  const platform = platforms[`${os} ${arch}`];
  if (!platform) {
    throw new SetupError(`There is no TensorFlow library for ${os} ${arch}`, {
      fix: os === "windows"
        ? "Use the Windows Subsystem for Linux, or `--backend wasm`"
        : "Use `--backend wasm`, which works everywhere",
    });
  }
  const libraries = os === "darwin" ? macLibraries : linuxLibraries;
  const name = arch === "x86_64" && !gpu ? "tensorflow-cpu" : "tensorflow";
  const tensorflow: Wheel = {
    name,
    version: tensorflowVersion,
    platforms: [platform],
    sha256: tensorflowHashes[`${name} ${platform}` as keyof typeof tensorflowHashes],
    parts: [...libraries.map((library) => `tensorflow/${library}`), ...headers],
  };
  return {
    id: `tensorflow-${tensorflowVersion}-${gpu ? "cuda" : "cpu"}-${os}-${arch}`,
    gpu,
    wheels: gpu ? [tensorflow, ...cudaWheels] : [tensorflow],
    libraries,
    diskMb: gpu ? 9000 : 1300,
  };
}

const platforms: Readonly<Record<string, string | undefined>> = {
  "linux x86_64": "manylinux_2_27_x86_64",
  "linux aarch64": "manylinux_2_27_aarch64",
  "darwin aarch64": "macosx_12_0_arm64",
};
