/**
 * `deno task setup`: brings TensorFlow to this clone and dlib's landmark model to the user's cache; the
 * other tasks do the same by themselves.
 *
 * @module
 */
import { exitCode } from "lib/core/errors.ts";
import { offerLandmarks } from "lib/setup/landmarks.ts";
import { setUp } from "lib/setup/setup.ts";
import { newCommand, runTask } from "./cli.ts";

/** Reads the command line, sets up, and says what is there if asked. */
async function main(args: readonly string[]): Promise<number> {
  const command = newCommand("deno task setup")
    .description(
      "Download TensorFlow, compile its binding and check both; download dlib's landmark model. " +
        "Does nothing when done.",
    )
    .option("--backend <name>", "tensorflow or wasm (default: FLEETING_BACKEND, else tensorflow)")
    .option("--gpu", "use an NVIDIA GPU (default: if there is a driver)")
    .option("--no-gpu", "compute on the processor")
    .option("--no-landmarks", "leave dlib's landmark model out")
    .option("--verbose", "say so when there is nothing to do")
    .parse([...args], { from: "user" });
  const options = command.opts<{
    backend?: string;
    gpu?: boolean;
    landmarks: boolean;
    verbose?: boolean;
  }>();
  const gpu = command.getOptionValueSource("gpu") === "cli" ? options.gpu : undefined;
  const stop = new AbortController();
  const interrupt = (): void => stop.abort();
  Deno.addSignalListener("SIGINT", interrupt);
  Deno.addSignalListener("SIGTERM", interrupt);
  try {
    const outcome = await setUp({ backend: options.backend, gpu, signal: stop.signal });
    if (options.landmarks) await offerLandmarks(stop.signal);
    if (options.verbose && !outcome.changed) {
      console.log(
        outcome.stamp
          ? `TensorFlow ${outcome.stamp.tensorflow} is set up.`
          : "The wasm backend needs no set-up.",
      );
    }
    return exitCode.ok;
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    console.error("Stopped. The same command goes on where this one was.");
    return exitCode.interrupted;
  }
}

if (import.meta.main) await runTask(() => main(Deno.args));
