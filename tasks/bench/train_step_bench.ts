/**
 * Our training steps alone, for work on them: `deno bench -A tasks/bench`. The comparison with PyTorch
 * is `deno task bench`.
 *
 * @module
 */
import { measuredNames, openStep } from "./networks.ts";

for (const name of measuredNames) {
  const { step } = await openStep(name, "avx2");
  Deno.bench({ name: `training step of ${name}`, fn: step });
}
