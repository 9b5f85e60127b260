/**
 * The one import of TensorFlow.js for the rest of the code.
 *
 * @example
 * ```ts ignore
 * import { openBackend, tf } from "lib/train/backend.ts";
 * await openBackend();
 * tf.add(1, 2).print();
 * ```
 *
 * @module
 */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import util from "node:util";
import { dirname } from "@std/path";
import * as tf from "@tensorflow/tfjs-core";
import { SetupError } from "lib/core/errors.ts";
import { bindingPlace } from "lib/setup/paths.ts";
import {
  backendEnvironment,
  type BackendName,
  type BackendOptions,
  type InstructionSet,
  resolveOptions,
} from "./backend_environment.ts";
import { quietly } from "./quiet_load.ts";
import { registerWasmGradients } from "./wasm_gradients.ts";

export { tf };
export { backendEnvironment, type BackendName, type BackendOptions, type InstructionSet };
export { attribute, hasRawOps, type OpAttribute, type OpType, runOp } from "./raw_op.ts";

/** What was opened; everything in it that changes numbers is recorded with each result. */
export interface BackendInfo {
  readonly name: BackendName;
  /** For people: "TensorFlow 2.21.0" or "tfjs-wasm 4.22.0". */
  readonly library: string;
  readonly version: string;
  readonly threads: number;
  readonly isa: InstructionSet | "wasm-simd";
  readonly gpu: boolean;
}

const require = createRequire(import.meta.url);
const setupFix = "Run `deno task setup`, or use `--backend wasm`, which needs no TensorFlow";
let opened: { readonly key: string; readonly info: Promise<BackendInfo> } | undefined;

/**
 * Loads the backend, once a process: a second call with the same options returns the same answer.
 * Nothing is printed, unless `TF_CPP_MIN_LOG_LEVEL` asks for it.
 *
 * @throws SetupError when TensorFlow has not been set up
 * @throws Error when another backend, thread count or instruction set is already in use
 */
export function openBackend(options: BackendOptions = {}): Promise<BackendInfo> {
  const wanted = resolveOptions(options);
  const key = `${wanted.backend}, ${wanted.threads} thread(s), ${wanted.isa}`;
  if (opened && opened.key !== key) {
    return Promise.reject(
      new Error(`Cannot open ${key}: this process already uses ${opened.key}`),
    );
  }
  // Otherwise tfjs prints advice that suits no reader of ours.
  tf.enableProdMode();
  opened ??= { key, info: wanted.backend === "wasm" ? openWasm() : openTensorFlow(wanted) };
  return opened.info;
}

// deno-lint-ignore require-await -- so that what the load throws becomes a rejection
async function openTensorFlow(options: Required<BackendOptions>): Promise<BackendInfo> {
  for (const [name, value] of Object.entries(backendEnvironment(options))) {
    Deno.env.set(name, value);
  }
  const { binding } = bindingPlace();
  if (!existsSync(binding)) {
    throw new SetupError("TensorFlow is not set up in this clone", { fix: setupFix });
  }
  // tfjs-node calls this function of Node's, which left Node with version 23 and is not in Deno.
  (util as { isNullOrUndefined?: (value: unknown) => boolean }).isNullOrUndefined ??= (value) =>
    value === null || value === undefined;
  const load = () => require("@tensorflow/tfjs-node-gpu");
  try {
    if (Deno.env.get("TF_CPP_MIN_LOG_LEVEL") === "3") quietly(load);
    else load();
  } catch (error) {
    throw new SetupError(`Cannot load TensorFlow (${firstLine(error)})`, {
      fix: setupFix,
    });
  }
  const native = tf.backend() as unknown as {
    readonly binding: { readonly TF_Version: string };
    readonly isUsingGpuDevice: boolean;
  };
  const version = native.binding.TF_Version;
  return {
    name: "tensorflow",
    library: `TensorFlow ${version}`,
    version,
    threads: options.threads,
    isa: options.isa,
    gpu: native.isUsingGpuDevice,
  };
}

async function openWasm(): Promise<BackendInfo> {
  // This package, beside its pure JavaScript kernels, registers the gradients of all operations.
  require("@tensorflow/tfjs");
  const wasm = require("@tensorflow/tfjs-backend-wasm");
  wasm.setWasmPaths(`${dirname(require.resolve("@tensorflow/tfjs-backend-wasm"))}/`);
  await tf.setBackend("wasm");
  registerWasmGradients();
  const version: string = wasm.version_wasm;
  // Its threaded build needs web workers of a kind that only browsers have.
  return {
    name: "wasm",
    library: `tfjs-wasm ${version}`,
    version,
    threads: 1,
    isa: "wasm-simd",
    gpu: false,
  };
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : `${error}`).split("\n")[0]?.trim() ?? "";
}
