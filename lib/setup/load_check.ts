/**
 * Loads a compiled binding in a process of its own and prints the version of TensorFlow that
 * answers: a library that does not suit the processor ends the process rather than throwing.
 *
 * @module
 */
import { createRequire } from "node:module";

if (import.meta.main) {
  const binding = createRequire(import.meta.url)(Deno.args[0] ?? "");
  console.log(`version=${binding.TF_Version} gpu=${binding.isUsingGpuDevice()}`);
}
