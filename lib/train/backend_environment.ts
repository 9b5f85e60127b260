/**
 * How a backend is asked for, without loading one: for the process that starts the workers.
 *
 * @module
 */
import { SetupError } from "lib/core/errors.ts";

/** Names of the backends: TensorFlow by its native library, or tfjs's own WebAssembly kernels. */
export type BackendName = "tensorflow" | "wasm";

/**
 * Which vector instructions oneDNN may use: `avx2`, so that digits do not depend on what else a processor
 * has (on its caches they still do), or all.
 */
export type InstructionSet = "avx2" | "native";

/** How to open the backend. */
export interface BackendOptions {
  /** Default: the environment variable `FLEETING_BACKEND`, else `tensorflow`. */
  readonly backend?: BackendName;
  /** Threads of one operation; default 1, because sums differ between thread counts. */
  readonly threads?: number;
  /** Default `avx2`, because results differ in their last digits between instruction sets. */
  readonly isa?: InstructionSet;
}

/**
 * The environment that makes TensorFlow quiet and its numbers repeatable, for processes that are
 * started to train. `openBackend` sets the same on its own process.
 *
 * @throws SetupError when there is no such backend
 */
export function backendEnvironment(options: BackendOptions = {}): Record<string, string> {
  const { backend, threads, isa } = resolveOptions(options);
  return {
    FLEETING_BACKEND: backend,
    TF_NUM_INTRAOP_THREADS: `${threads}`,
    TF_NUM_INTEROP_THREADS: `${threads}`,
    OMP_NUM_THREADS: `${threads}`,
    // Off by default on some processors, where a training step then takes fourteen times as long.
    TF_ENABLE_ONEDNN_OPTS: "1",
    ONEDNN_MAX_CPU_ISA: isa === "native" ? "DEFAULT" : "AVX2",
    TF_CPP_MIN_LOG_LEVEL: Deno.env.get("TF_CPP_MIN_LOG_LEVEL") ?? "3",
  };
}

/**
 * Fills in the defaults.
 *
 * @throws SetupError when there is no such backend
 * @throws RangeError when the number of threads is not a positive integer
 */
export function resolveOptions(options: BackendOptions): Required<BackendOptions> {
  const backend = options.backend ?? Deno.env.get("FLEETING_BACKEND") ?? "tensorflow";
  if (backend !== "tensorflow" && backend !== "wasm") {
    throw new SetupError(`Unknown backend '${backend}'`, {
      field: "FLEETING_BACKEND",
      fix: "Use 'tensorflow' or 'wasm'",
    });
  }
  const threads = options.threads ?? 1;
  if (!Number.isInteger(threads) || threads < 1) {
    throw new RangeError(`Cannot open a backend with ${threads} threads: expected 1 or more`);
  }
  return { backend, threads, isa: options.isa ?? "avx2" };
}
