/**
 * Our side of the training bench: `step.ts NETWORK ISA [BATCH]` opens a network and answers the jobs
 * `{ "steps": n }`, with the milliseconds of each step and the most memory that the process has had, and
 * `{ "operations": n }`, with the milliseconds that each TensorFlow operation takes, called by itself.
 *
 * @module
 */
import process from "node:process";
import { ParameterError } from "lib/core/errors.ts";
import { openStep } from "./networks.ts";
import { operationTimes } from "./operations.ts";
import { serveJobs } from "./process.ts";

/** One of the two. */
type Job = { readonly steps: number } | { readonly operations: number };

const [name = "", isa = "", batch] = Deno.args;
await serveJobs(async () => {
  if (isa !== "avx2" && isa !== "native") throw new ParameterError(`Unknown instructions '${isa}'`);
  const size = batch === undefined ? undefined : Number(batch);
  const { step, eagerly, library } = await openStep(name, isa, size);
  return {
    facts: { library },
    answer: (job: Job) =>
      "steps" in job
        ? { ms: Array.from({ length: job.steps }, () => timed(step)), megabytes: mostMemory() }
        : { ms: operationTimes(eagerly, job.operations) },
  };
});

/** Of this process up to now. */
function mostMemory(): number {
  return process.resourceUsage().maxRSS / 1024;
}

function timed(step: () => void): number {
  const start = performance.now();
  step();
  return performance.now() - start;
}
