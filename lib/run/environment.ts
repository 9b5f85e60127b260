/**
 * What a fold's numbers depend on beside its code and data.
 *
 * @module
 */
import { cpus } from "node:os";
import type { Parameters } from "lib/experiment/types.ts";
import type { Method } from "lib/train/method.ts";
import { tensorflowVersion } from "lib/setup/versions.ts";

/**
 * The environment that counts for a method: the backend with its version and instructions for a
 * network, the processor family for anything else. Threads are always one, so they are not listed.
 */
export function environmentOf(method: Method, parameters: Parameters): Record<string, string> {
  const arch: string = Deno.build.arch;
  if (method.backend === "none") return { arch };
  if (parameters.backend === "wasm") return { arch, backend: "wasm" };
  return {
    arch,
    backend: `tensorflow ${tensorflowVersion}`,
    isa: String(parameters.isa),
  };
}

/**
 * The processor's model, where the numbers that a method computes depend on it; else nothing. TensorFlow's
 * kernels cut up their sums by the sizes of a processor's caches, so that the last digits of a network differ
 * between makes even with equal instructions. It is kept with what was computed, and is no part of a fold's
 * key: folds from several machines may stand in one result.
 */
export function processorOf(
  method: Pick<Method, "backend">,
  parameters: Parameters,
): string | undefined {
  if (method.backend === "none" || parameters.backend === "wasm") return undefined;
  return cpus()[0]?.model.trim() || "unknown";
}
