/**
 * Our side of the training bench: `step.ts NETWORK ISA` opens a network and answers the jobs
 * `{ "steps": n }`, with the milliseconds of each step, and `{ "operations": n }`, with the milliseconds
 * a step that each TensorFlow operation takes.
 *
 * @module
 */
import { ParameterError } from "lib/core/errors.ts";
import { openStep } from "./networks.ts";
import { operationTimes } from "./operations.ts";
import { serveJobs } from "./process.ts";

/** One of the two. */
type Job = { readonly steps: number } | { readonly operations: number };

const [name = "", isa = ""] = Deno.args;
await serveJobs(async () => {
  if (isa !== "avx2" && isa !== "native") throw new ParameterError(`Unknown instructions '${isa}'`);
  const { step, library } = await openStep(name, isa);
  return {
    facts: { library },
    answer: (job: Job) =>
      "steps" in job
        ? { ms: Array.from({ length: job.steps }, () => timed(step)) }
        : { ms: operationTimes(step, job.operations) },
  };
});

function timed(step: () => void): number {
  const start = performance.now();
  step();
  return performance.now() - start;
}
