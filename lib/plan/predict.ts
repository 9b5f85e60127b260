/**
 * What a run will take: core hours, hours by the clock on so many places, hours of a GPU, storage.
 *
 * @module
 */
import { timingKey } from "lib/run/timings.ts";
import type { CostModel } from "./model.ts";
import { clipWork, type Outline } from "./outline.ts";
import { type Lot, simulate } from "./simulate.ts";
import { type Storage, storageOf } from "./storage.ts";

/** A GPU that nobody measured. */
export interface AssumedGpu {
  /** Peak in 10¹² single-precision FLOPs a second. */
  readonly tflops: number;
  /** The share of the peak that convolutions reach. */
  readonly efficiency: number;
}

/** Between two operations that a GPU is told to do: 10 µs, as frameworks are known to need. */
const launchSeconds = 1e-5;

/** A row on a data set. */
export interface RowPrediction {
  readonly outline: Outline;
  /** Folds that are computed for this row; those that an earlier row computes too are not counted. */
  readonly folds: number;
  /** Seconds of one core for a fold. */
  readonly foldSeconds: number;
  readonly coreSeconds: number;
  readonly from: "measured" | "calculated";
  /** Seconds of a GPU for all folds; absent where no network is trained. */
  readonly gpuSeconds?: number;
}

/** Clips of a data set. */
export interface ClipPrediction {
  readonly data: string;
  readonly count: number;
  readonly coreSeconds: number;
}

/** The clock on so many places. */
export interface WallPrediction {
  readonly places: number;
  readonly seconds: number;
  /** No order is faster: all work by the places, and the longest chain of a clip, a fold and a notebook. */
  readonly least: number;
}

/** A run as a whole. */
export interface Prediction {
  readonly rows: readonly RowPrediction[];
  readonly clips: readonly ClipPrediction[];
  readonly notebookSeconds: number;
  /** All of it on one place. */
  readonly coreSeconds: number;
  readonly walls: readonly WallPrediction[];
  readonly gpuSeconds: number;
  readonly storage: Storage;
}

/** What is asked for. */
export interface PredictCall {
  readonly model: CostModel;
  readonly gpu: AssumedGpu;
  /** Places on this machine. */
  readonly workers: number;
  /** Numbers of places to tell the time for. */
  readonly places: readonly number[];
}

/** Predicts what is left of a run. */
export async function predict(
  outlines: readonly Outline[],
  { model, gpu, workers, places }: PredictCall,
): Promise<Prediction> {
  const rows = await rowsOf(outlines, model, gpu);
  const clips = clipsOf(outlines, model);
  const lots = lotsOf(rows, clips, model);
  const startSeconds = model.start;
  const alone = simulate(lots, { places: 1, startSeconds });
  return {
    rows,
    clips: clips.map(({ data, count, seconds, once }) => ({
      data,
      count,
      coreSeconds: count * seconds + once,
    })),
    notebookSeconds: model.notebook * notebookCount(rows),
    coreSeconds: alone.busy,
    walls: places.map((places) => ({
      places,
      seconds: simulate(lots, { places, startSeconds }).seconds,
      least: leastSeconds(lots, places),
    })),
    gpuSeconds: rows.reduce((sum, { gpuSeconds = 0 }) => sum + gpuSeconds, 0),
    storage: await storageOf(outlines, { workers }),
  };
}

async function rowsOf(
  outlines: readonly Outline[],
  model: CostModel,
  gpu: AssumedGpu,
): Promise<RowPrediction[]> {
  const seen = new Set<string>();
  const rows: RowPrediction[] = [];
  for (const outline of outlines) {
    const { facts, open } = outline;
    const { each, once, from } = await model.fold(facts);
    const network = await model.network(facts);
    const key = timingKey({ ...facts, data: { name: facts.data, digest: "" } });
    const folds = seen.has(key) ? 0 : open;
    seen.add(key);
    rows.push({
      outline,
      folds,
      foldSeconds: each,
      coreSeconds: folds * each + (folds > 0 ? once : 0),
      from,
      ...(network === undefined ? {} : { gpuSeconds: folds * gpuSeconds(network, gpu) }),
    });
  }
  return rows;
}

/** Products at the assumed speed, and what it takes to tell the GPU each of its operations. */
function gpuSeconds(
  { flops, launches }: { readonly flops: number; readonly launches: number },
  { tflops, efficiency }: AssumedGpu,
): number {
  return flops / (tflops * 1e12 * efficiency) + launches * launchSeconds;
}

interface ClipLot {
  readonly data: string;
  readonly count: number;
  readonly seconds: number;
  readonly once: number;
}

function clipsOf(outlines: readonly Outline[], model: CostModel): ClipLot[] {
  return [...Map.groupBy(outlines, ({ data }) => data)].flatMap(([data, outlines]) => {
    const work = clipWork(outlines);
    if (work === undefined) return [];
    const { each, once } = model.clip(work.facts);
    return [{ data, count: work.count, seconds: each, once }];
  });
}

/** A notebook a row, and a summary a data set. */
function notebookCount(rows: readonly RowPrediction[]): number {
  const open = rows.filter(({ outline }) => outline.open > 0 || outline.clips);
  return open.length + new Set(open.map(({ outline }) => outline.data)).size;
}

/** The work as the pool is offered it: clips of a set, then its rows, a notebook each, and a summary. */
function lotsOf(
  rows: readonly RowPrediction[],
  clips: readonly ClipLot[],
  { notebook }: CostModel,
): Lot[] {
  const lots: Lot[] = [];
  const add = (lot: Lot): number => lots.push(lot) - 1;
  for (const [data, own] of Map.groupBy(rows, ({ outline }) => outline.data)) {
    const clip = clips.find((one) => one.data === data);
    const ready = clip
      ? [
        add({
          count: clip.count,
          seconds: clip.seconds,
          once: clip.once,
          kind: "clips",
          after: [],
        }),
      ]
      : [];
    const shown: number[] = [];
    for (const { outline, folds, foldSeconds, coreSeconds } of own) {
      if (outline.open === 0 && !outline.clips) continue;
      const once = folds > 0 ? coreSeconds - folds * foldSeconds : 0;
      const lot = add({
        ...{ count: folds, seconds: foldSeconds, expected: foldSeconds, once },
        kind: outline.kind,
        after: ready,
      });
      shown.push(add({ count: 1, seconds: notebook, after: [lot] }));
    }
    if (shown.length > 0) add({ count: 1, seconds: notebook, after: shown });
  }
  return lots;
}

/**
 * What no order of the work can beat: all of it divided by the places, or the longest chain of tasks that wait
 * for each other. Starting processes is left out, since another order may need fewer.
 */
export function leastSeconds(lots: readonly Lot[], places: number): number {
  const all = lots.reduce((sum, { count, seconds }) => sum + count * seconds, 0);
  const ends: number[] = [];
  for (const { after, count, seconds } of lots) {
    ends.push(Math.max(0, ...after.map((i) => ends[i]!)) + (count > 0 ? seconds : 0));
  }
  return Math.max(all / places, ...ends);
}
