/**
 * Learning curves beside result files: one fold of a row, trained once more and looked at after each epoch.
 *
 * @module
 */
import { join } from "@std/path";
import { DataError } from "lib/core/errors.ts";
import { writeAtomic } from "lib/core/files.ts";
import { digest } from "lib/core/json.ts";
import { compareText } from "./check.ts";
import type { Result } from "./types.ts";

/** A learning curve of a row on a data set. */
export interface LearningCurve {
  readonly format: "fleeting-curve/1";
  readonly row: string;
  readonly title: string;
  readonly data: string;
  readonly synthetic: boolean;
  readonly seed: number;
  readonly fold: string;
  /** How many clips the fold holds out. */
  readonly heldOut: number;
  /** What says whether a result is the one that the curve was made for. */
  readonly of: string;
  /** Mean loss of the training batches, an epoch each. */
  readonly loss: readonly number[];
  /** Mean cross-entropy of the held-out clips, an epoch each; looked at, nothing is chosen by it. */
  readonly heldOutLoss: readonly number[];
  /** Held-out clips that would be right if training ended there. */
  readonly hits: readonly number[];
}

/** What a curve and a result that belong together have in common: all that their numbers come from. */
export function originOf({ metadata }: Pick<Result, "metadata">): string {
  const { parameters, data, code, environment } = metadata;
  return digest([parameters, data.digest, code.digest, environment]);
}

/** Where the curve of a row lies, given the folder of its result file. */
export function curveFile(folder: string, row: string): string {
  return join(folder, "curves", `${row}.json`);
}

/** Writes a curve with six digits a number; equal curves give equal bytes. */
export async function writeCurve(folder: string, curve: LearningCurve): Promise<void> {
  const short = (values: readonly number[]) => values.map((one) => Number(one.toPrecision(6)));
  const kept = { ...curve, loss: short(curve.loss), heldOutLoss: short(curve.heldOutLoss) };
  await writeAtomic(curveFile(folder, curve.row), `${JSON.stringify(kept, undefined, 1)}\n`);
}

/**
 * The curves of some results of one folder, in their order.
 *
 * @returns also the rows whose curves are there, but of another run
 * @throws DataError when a file is not a curve
 */
export async function readCurves(
  folder: string,
  results: readonly Result[],
): Promise<{ readonly curves: readonly LearningCurve[]; readonly stale: readonly string[] }> {
  const curves: LearningCurve[] = [];
  const stale: string[] = [];
  for (const result of results.filter(({ metadata }) => metadata.protocol === "strict")) {
    const { id, title } = result.metadata.experiment;
    const found = await readCurve(curveFile(folder, id));
    if (found === undefined) continue;
    if (found.of === originOf(result)) curves.push(found);
    else stale.push(title);
  }
  return { curves, stale: stale.sort(compareText) };
}

async function readCurve(file: string): Promise<LearningCurve | undefined> {
  const text = await Deno.readTextFile(file).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const fail = () =>
    new DataError("This is not a learning curve", {
      file,
      fix: "Remove it, and run: deno task reproduce curves",
    });
  let found: LearningCurve;
  try {
    found = JSON.parse(text);
  } catch {
    throw fail();
  }
  const { format, loss, heldOutLoss, hits } = found;
  const sound = format === "fleeting-curve/1" &&
    [loss, heldOutLoss, hits].every((values) =>
      Array.isArray(values) && values.length === loss.length && values.every(Number.isFinite)
    );
  if (!sound) throw fail();
  return found;
}
