/**
 * What work consists of, in amounts that can be counted without doing it. Seconds are what the cost model
 * makes of them.
 *
 * @module
 */
import { mapSets } from "lib/experiment/data.ts";
import { variantNames } from "lib/preprocess/augment.ts";
import type { FoldFacts } from "lib/run/facts.ts";
import type { CountedWork } from "lib/networks/products.ts";
import { flopsPerMultiplyAdd, forthAndBack } from "lib/networks/training_cost.ts";
import { inputShape } from "lib/run/size.ts";
import { countWork, type NetworkSize, networkSize } from "./network_size.ts";

/** Amounts by name, such as `GFLOPs`. */
export type Terms = Readonly<Record<string, number>>;

/** What a fold consists of. */
export interface FoldTerms {
  /** Done in every fold. */
  readonly each: Terms;
  /** Done once by each process that computes folds of this data set. */
  readonly once: Terms;
  /** Done once by each process. */
  readonly start: Terms;
}

/** What training a network computes. */
export interface NetworkWork {
  /** FLOPs of all convolutions and fully connected layers. */
  readonly flops: number;
  /** Nodes that are computed, forth and back, once a step. */
  readonly launches: number;
}

/** The terms of a fold of so many clips; means over the folds where they differ. */
export async function foldTerms(facts: FoldFacts): Promise<FoldTerms> {
  const size = await networkSize(facts);
  return size === undefined ? descriptorTerms(facts) : networkTerms(facts, size);
}

/** Clips that a fold trains on, and those that it holds out, with their copies. */
function clipsOf({ clips, folds, parameters, data }: FoldFacts) {
  const copies = !mapSets.includes(data) && parameters.augment === "training"
    ? variantNames.length
    : 1;
  const held = clips / folds;
  return { trained: (clips - held) * copies, held };
}

/**
 * A training makes steps of full batches, each clip once an epoch, forth and back; where one of several
 * heads is chosen, once more for each inner fold with the share of the clips that it leaves.
 */
function trainingOf(facts: FoldFacts, { heads }: NetworkSize) {
  const { parameters } = facts;
  const { trained, held } = clipsOf(facts);
  const epochs = Number(parameters.epochs);
  const batch = Number(parameters.batchSize);
  const inner = heads ? Number(parameters.headFolds) : 0;
  const stepsOn = (clips: number): number =>
    clips > 0 ? Math.ceil(epochs * clips / Math.min(batch, clips)) : 0;
  const share = inner > 0 ? trained * (inner - 1) / inner : 0;
  const passes = epochs * (trained + inner * share);
  const looks = parameters.epochSelection === "best-held-out" ? epochs : 1;
  return {
    inner,
    steps: stepsOn(trained) + inner * stepsOn(share),
    /** Clips forth; back counts as forth twice. */
    clipsForth: forthAndBack * passes + looks * held + (inner > 0 ? trained : 0),
  };
}

function networkTerms(facts: FoldFacts, size: NetworkSize): FoldTerms {
  const { parameters } = facts;
  const { graph } = size;
  const { inner, steps, clipsForth } = trainingOf(facts, size);
  const prefix = parameters.backend === "wasm" ? "wasm: " : "";
  const named = (terms: Terms): Terms =>
    Object.fromEntries(Object.entries(terms).map(([name, value]) => [prefix + name, value]));
  const shared = { once: {}, start: named({ "process starts": 1 }) };
  const updates = { "billion updates": size.parameters * steps / 1e9 };
  if (graph === undefined) {
    const each = {
      [`${facts.method}: folds`]: 1,
      [`${facts.method}: thousand steps`]: steps / 1e3,
      // A network that is wider has more numbers to multiply each clip by.
      [`${facts.method}: billion numbers for clips`]: size.parameters * clipsForth / 1e9,
    };
    return { each: named({ ...each, ...updates }), ...shared };
  }
  const { nodes, multiplyAdds, elements } = graph;
  const flops = flopsPerMultiplyAdd * multiplyAdds * clipsForth;
  return {
    each: named({
      ...{ "folds": 1, ...updates },
      "thousand nodes of graphs": nodes * (1 + inner) / 1e3,
      "million nodes of steps": nodes * steps / 1e6,
      "TFLOPs": flops / 1e12,
      "billion values": elements * clipsForth / 1e9,
    }),
    ...shared,
  };
}

/**
 * What a fold's trainings compute.
 *
 * @returns nothing where the method trains no network
 * @throws Error when another backend than WebAssembly is open and a network has to be run to be counted
 */
export async function networkWork(facts: FoldFacts): Promise<NetworkWork | undefined> {
  const size = await networkSize(facts);
  if (size === undefined) return undefined;
  const { steps, clipsForth } = trainingOf(facts, size);
  const work = ({ multiplyAdds, operations }: CountedWork): NetworkWork => ({
    flops: flopsPerMultiplyAdd * multiplyAdds * clipsForth,
    launches: forthAndBack * operations * steps,
  });
  if (size.graph) return work({ ...size.graph, operations: size.graph.nodes });
  const counted = await countWork(facts);
  return counted && work(counted);
}

/** The terms of one step of a network on so many clips, and of nothing else. */
export async function stepTerms(facts: FoldFacts, batchSize: number): Promise<Terms> {
  const { parameters: usual } = facts;
  const trained = async (epochs: number): Promise<Terms> => {
    const parameters = { ...usual, epochs, batchSize, headFolds: 0, augment: "none" };
    const clips = batchSize + 1;
    return (await foldTerms({ ...facts, parameters, clips, folds: clips })).each;
  };
  // An epoch is one step then; what does not belong to it cancels out.
  const difference = sumTerms([[1, await trained(2)], [-1, await trained(1)]]);
  return Object.fromEntries(Object.entries(difference).filter(([, value]) => value > 0));
}

/** How the work of a hand-crafted method grows with its parameters: a voxel's, and a clip's numbers. */
interface Growth {
  readonly voxel: number;
  readonly features: number;
}

/** The growth of each known method; of others clips, frames and pixels count alone. */
function growthOf({ method, parameters: p, input }: FoldFacts): Growth {
  const number = (name: string): number => Number(p[name]);
  const blocks = number("blocks") ** 2 * (number("blockTimes") || 1);
  switch (method) {
    case "lbp-top": {
      const neighbours = ["neighboursXY", "neighboursXT", "neighboursYT"].map(number);
      const bins = neighbours.map((n) => p.codes === "full" ? 2 ** n : n * (n - 1) + 3);
      const sum = (values: readonly number[]) => values.reduce((all, one) => all + one, 0);
      return { voxel: sum(neighbours), features: blocks * sum(bins) };
    }
    case "stclqp":
      return { voxel: 1, features: 9 * blocks * number("keep") };
    case "distlbp-rip":
      // Robust principal components multiply frames by frames.
      return { voxel: number("keyFrames"), features: blocks };
    case "bi-woof":
      return { voxel: 1, features: blocks * number("bins") };
    default:
      return { voxel: 1, features: input === "grey-clip" ? blocks || 1 : 1 };
  }
}

/**
 * Clips are described once a process, or in each fold where what describes them is learned; then all are
 * compared with all, in the fold and in its inner folds.
 */
function descriptorTerms(facts: FoldFacts): FoldTerms {
  const { method, input, parameters, clips, data } = facts;
  const shape = inputShape(input, parameters, mapSets.includes(data));
  const { trained, held } = clipsOf(facts);
  const voxels = (trained + held) * shape.reduce((product, side) => product * side, 1) / 1e9;
  const { voxel, features } = growthOf(facts);
  const pairs = clips ** 2 * (1 + Number(parameters.innerFolds ?? 0));
  return {
    each: {
      [`${method}: folds`]: 1,
      [`${method}: described anew`]: voxels * voxel,
      [`${method}: compared`]: pairs * features / 1e9,
    },
    once: { [`${method}: described`]: voxels * voxel },
    start: { "process starts without a backend": 1 },
  };
}

/** Terms added up, each so many times. */
export function sumTerms(parts: readonly (readonly [times: number, terms: Terms])[]): Terms {
  const sums = new Map<string, number>();
  for (const [times, terms] of parts) {
    for (const [name, value] of Object.entries(terms)) {
      sums.set(name, (sums.get(name) ?? 0) + times * value);
    }
  }
  return Object.fromEntries(sums);
}
