/**
 * What a run leaves on disk, calculated from shapes.
 *
 * @module
 */
import { canonicalJson } from "lib/core/json.ts";
import { momentCount } from "lib/train/optimiser_settings.ts";
import { inputBytes } from "./clip_terms.ts";
import { frameSizes, isDrawn } from "./known_sets.ts";
import { networkSize } from "./network_size.ts";
import type { Outline } from "./outline.ts";

/** Bytes by what they are. */
export interface Storage {
  /** Finished folds. */
  readonly folds: number;
  /** Trainings under way, at most one a worker. */
  readonly checkpoints: number;
  /** Prepared clips. */
  readonly prepared: number;
  /** Frames of drawn sets before they are packed: what they take is less. */
  readonly drawn: number;
}

/** The inputs of a fold, of which the digests of its modules are most; where there is no plan to look at. */
const inputsBytes = 10_000;

/** The storage that some rows need, worked out on so many workers. */
export async function storageOf(
  outlines: readonly Outline[],
  { workers }: { readonly workers: number },
): Promise<Storage> {
  const prepared = new Map<string, number>();
  const drawn = new Map<string, number>();
  const checkpoints: number[] = [];
  let folds = 0;
  for (const outline of outlines) {
    const { facts, clips, open, data } = outline;
    folds += foldBytes(outline);
    const size = open > 0 ? await checkpointBytes(outline) : 0;
    for (let i = 0; i < Math.min(open, workers); i++) checkpoints.push(size);
    if (clips === undefined) continue;
    const way = canonicalJson({ data, settings: { ...clips.settings } });
    prepared.set(way, Math.max(prepared.get(way) ?? 0, clips.count * inputBytes(clips.settings)));
    if (outline.assumed && isDrawn(data)) drawn.set(data, drawnBytes(facts.data, clips.size));
  }
  const sum = (values: Iterable<number>) => [...values].reduce((all, one) => all + one, 0);
  return {
    folds,
    checkpoints: sum(checkpoints.sort((a, b) => b - a).slice(0, workers)),
    prepared: sum(prepared.values()),
    drawn: sum(drawn.values()),
  };
}

/** A fold file has its inputs, and a line a held-out clip with the scores of each head. */
function foldBytes({ open, facts, plan }: Outline): number {
  const [job] = plan?.jobs ?? [];
  const head = job === undefined ? inputsBytes : canonicalJson({ ...job.inputs }).length;
  const heads = "headFolds" in facts.parameters ? 5 : 1;
  const line = 150 + 21 * heads * facts.classes;
  return open * (head + line * facts.clips / facts.folds);
}

/** A checkpoint has the learned numbers with the optimiser's moments of each, in single precision. */
async function checkpointBytes({ facts }: Outline): Promise<number> {
  const size = await networkSize(facts);
  if (size === undefined) return 0;
  const moments = momentCount[facts.parameters.optimiser as keyof typeof momentCount] ?? 0;
  return 4 * size.parameters * (1 + moments);
}

function drawnBytes(data: string, size: "demo" | "paper"): number {
  const frames = frameSizes(data, size)!;
  return frames.clips * frames.recorded * frames.width * frames.height * frames.channels;
}
