/**
 * `deno task doctor`: says what was found on this machine and checks that the backend computes.
 *
 * @module
 */
import { exitCode, UserError } from "lib/core/errors.ts";
import { availableRoute } from "lib/face/face.ts";
import { describeMachine } from "lib/setup/machine.ts";
import { chosenBackend } from "lib/setup/setup.ts";
import { requireDeno } from "lib/setup/versions.ts";
import { type BackendInfo, openBackend } from "lib/train/backend.ts";
import { checkGradient } from "lib/train/gradient_check.ts";
import { newCommand, runTask } from "./cli.ts";

/** Prints the report; the exit code says whether training would work. */
async function main(args: readonly string[]): Promise<number> {
  const command = newCommand("deno task doctor")
    .description("Say what was found on this machine, and check a gradient on the backend.")
    .option("--backend <name>", "tensorflow or wasm (default: FLEETING_BACKEND, else tensorflow)")
    .option("--threads <n>", "threads of one operation", "1")
    .option("--isa <name>", "avx2 (which most machines have) or native", "avx2")
    .parse([...args], { from: "user" });
  const options = command.opts<{ backend?: string; threads: string; isa: string }>();
  const backend = chosenBackend(options.backend);
  const { isa } = options;
  if (isa !== "avx2" && isa !== "native") {
    throw new UserError(`Unknown instruction set '${isa}'`, {
      field: "--isa",
      fix: "Use 'avx2' or 'native'",
    });
  }
  const threads = Number(options.threads);
  if (!Number.isInteger(threads) || threads < 1) {
    throw new UserError(`'${options.threads}' is no number of threads`, {
      field: "--threads",
      fix: "Use 1 or more",
    });
  }
  for (const [name, value] of await describeMachine()) print(name, value);
  requireDeno();
  const info = await openBackend({ backend, threads, isa });
  print("Backend", describeBackend(info));
  const { correct, expected, found } = checkGradient();
  print(
    "Gradient",
    correct ? "right (conv3d, 16 values)" : `WRONG: ${found} instead of ${expected}`,
  );
  const route = await availableRoute();
  print("Facial points", route === "dlib" ? "dlib's model" : "the face detector's own net");
  return correct ? exitCode.ok : exitCode.failed;
}

function print(name: string, value: string): void {
  console.log(`${`${name}:`.padEnd(15)}${value}`);
}

function describeBackend({ library, threads, isa, gpu }: BackendInfo): string {
  const instructions = gpu ? "GPU" : `instructions ${isa}`;
  return `${library}, ${threads} ${threads === 1 ? "thread" : "threads"}, ${instructions}`;
}

if (import.meta.main) await runTask(() => main(Deno.args));
