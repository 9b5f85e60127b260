/**
 * Measures our training step: `step.ts NETWORK STEPS` prints the milliseconds of each step as JSON.
 *
 * @module
 */
import { openStep } from "./networks.ts";

const warmUp = 5;

const [name = "", steps = "0"] = Deno.args;
const step = await openStep(name);
const times: number[] = [];
for (let i = 0; i < warmUp + Number(steps); i++) {
  const start = performance.now();
  step();
  if (i >= warmUp) times.push(performance.now() - start);
}
console.log(JSON.stringify(times));
