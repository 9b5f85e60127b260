/**
 * What a fold's numbers depend on beside its code and data.
 *
 * @module
 */
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
