/**
 * The flags of `deno task reproduce --dry-run` that say what to plan for.
 *
 * @module
 */
import type { Command } from "commander";
import { ParameterError } from "lib/core/errors.ts";
import type { AssumedGpu } from "lib/plan/predict.ts";

/** What is planned for. */
export interface Planning {
  /** Machines like this one. */
  readonly nodes: number;
  readonly gpu: AssumedGpu;
  readonly json: boolean;
}

/** The flags as text. */
export interface PlanFlags {
  readonly nodes?: string;
  readonly gpuTflops?: string;
  readonly gpuEfficiency?: string;
  readonly json?: boolean;
}

/** The names of the flags. */
export const planFlagNames: readonly (keyof PlanFlags)[] = [
  "nodes",
  "gpuTflops",
  "gpuEfficiency",
  "json",
];

/**
 * What is assumed unless told otherwise: single precision on a GPU of the years of the methods (16 TFLOP/s at
 * its peak), of which training a network of convolutions reaches about a third.
 */
const usual: AssumedGpu = { tflops: 16, efficiency: 0.3 };

/** Adds the flags to a command. */
export function addPlanFlags(command: Command): Command {
  return command
    .option("--nodes <n>", "with --dry-run: plan for n machines like this one, too (default: 16)")
    .option(
      "--gpu-tflops <number>",
      `with --dry-run: assumed peak of a GPU, single precision (default: ${usual.tflops})`,
    )
    .option(
      "--gpu-efficiency <share>",
      `with --dry-run: assumed share of that peak (default: ${usual.efficiency})`,
    )
    .option("--json", "with --dry-run: print the plan as JSON");
}

/**
 * Reads the flags.
 *
 * @throws ParameterError for a number out of range, and for a flag without --dry-run
 */
export function readPlanFlags(flags: PlanFlags, dryRun: boolean): Planning {
  const stray = planFlagNames.find((name) => flags[name] !== undefined);
  if (stray !== undefined && !dryRun) {
    throw new ParameterError("This is about planning", {
      field: `--${stray.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
      fix: "Add --dry-run",
    });
  }
  const { nodes = "16", gpuTflops = `${usual.tflops}`, gpuEfficiency = `${usual.efficiency}` } =
    flags;
  const count = Number(nodes);
  if (!Number.isInteger(count) || count < 1 || count > 100_000) {
    throw new ParameterError(`Expected a whole number from 1 to 100000, got '${nodes}'`, {
      field: "--nodes",
    });
  }
  return {
    nodes: count,
    gpu: {
      tflops: above0(gpuTflops, "--gpu-tflops", Infinity),
      efficiency: above0(gpuEfficiency, "--gpu-efficiency", 1),
    },
    json: flags.json ?? false,
  };
}

function above0(text: string, field: string, most: number): number {
  const value = Number(text);
  if (value > 0 && value <= most && value < Infinity) return value;
  const range = most === Infinity ? "a number above 0" : `a number above 0, up to ${most}`;
  throw new ParameterError(`Expected ${range}, got '${text}'`, { field });
}
