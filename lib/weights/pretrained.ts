/**
 * Networks that begin with weights from elsewhere.
 *
 * @module
 */
import type { Block } from "lib/blocks/block.ts";
import type { Wired } from "lib/blocks/graph.ts";
import { flatten, mapTree, type Tree } from "lib/blocks/tree.ts";
import { DataError, didYouMean } from "lib/core/errors.ts";
import { sha256 } from "lib/core/json.ts";
import { sizeOf, type Volume } from "lib/core/volume.ts";
import { decodeArrays } from "lib/train/weights.ts";
import { keptWeights } from "./folder.ts";

/** Where one array of a network comes from. */
export interface NameRule {
  /** Its name here, such as `conv1.kernel`. */
  readonly ours: string;
  /** Its name there. */
  readonly theirs: string;
  /**
   * How theirs becomes ours:
   * - nothing: as it is, but for sides of 1;
   * - `conv`: `[out, in, ...sides]` to `[...sides, in, out]`;
   * - `first-conv`: as `conv`; where ours sees one channel, the sum over theirs, which is what three equal
   *   channels give; where ours sees other channels, the mean over theirs for each (the cross-modality
   *   start of Wang et al., "Temporal segment networks", ECCV 2016);
   * - `after-flatten`: `[out, channels × places]` to `[out, places × channels]`.
   */
  readonly as?: "conv" | "first-conv" | "after-flatten";
  /** Channels before the flattening, for `after-flatten`. */
  readonly channels?: number;
}

/** The names of a network's arrays in files of others; arrays that it leaves out are drawn. */
export type NameMap = readonly NameRule[];

/**
 * A network that begins with kept weights where its name map says so, and with drawn ones elsewhere.
 *
 * @param weights the value of a parameter of the type `weights`: `none`, or what `keepWeights` gave
 * @throws DataError on init, naming the array, when one is missing or has another shape
 */
export function pretrained<B extends Block & Partial<Wired>>(
  network: B,
  weights: string,
  names: NameMap,
): B {
  if (weights === "none") return network;
  return {
    ...network,
    init(rng, inputShape) {
      const drawn = network.init(rng, inputShape);
      const file = keptWeights(weights);
      const arrays = decodeArrays(readKept(weights, file), file);
      const fill = (tree: Tree<Volume>) => filledFrom(arrays, tree, { names, file });
      requireNames(names, [...flatten(drawn.params), ...flatten(drawn.state)]);
      return { ...drawn, params: fill(drawn.params), state: fill(drawn.state) };
    },
  };
}

/** Kept weights are named by what they hold, so that damage is noticed. */
function readKept(weights: string, file: string): Uint8Array {
  const fix = "Give the file that they came from once more, by --weights FILE";
  let bytes: Uint8Array;
  try {
    bytes = Deno.readFileSync(file);
  } catch (error) {
    throw new DataError(`Cannot read kept weights (${(error as Error).message})`, { file, fix });
  }
  if (`sha256-${sha256(bytes)}` === weights) return bytes;
  throw new DataError("The kept weights are damaged", { file, fix });
}

/** A rule for an array that is not there is a slip in the name map. */
function requireNames(names: NameMap, arrays: readonly (readonly [string, unknown])[]): void {
  const known = new Set(arrays.map(([name]) => name));
  const stray = names.find(({ ours }) => !known.has(ours));
  if (stray !== undefined) throw new RangeError(`The network has no array '${stray.ours}'`);
}

interface Source {
  readonly names: NameMap;
  readonly file: string;
}

function filledFrom(
  arrays: ReadonlyMap<string, Volume>,
  tree: Tree<Volume>,
  { names, file }: Source,
): Tree<Volume> {
  const rules = new Map(names.map((rule) => [rule.ours, rule]));
  return mapTree(tree, (drawn, name): Volume => {
    const rule = rules.get(name);
    if (rule === undefined) return drawn;
    const theirs = arrays.get(rule.theirs);
    if (theirs === undefined) {
      throw new DataError(`There is no array '${rule.theirs}', which '${name}' is to begin with`, {
        file,
        fix: didYouMean(rule.theirs, [...arrays.keys()]),
      });
    }
    const found = arranged(theirs, drawn, rule);
    if (found !== undefined) return found;
    throw new DataError(
      `It is [${theirs.shape.join(", ")}], which does not fit '${name}', [${
        drawn.shape.join(", ")
      }]`,
      {
        file,
        field: rule.theirs,
        fix: "Choose the network's sizes as in the weights, such as by --profile paper",
      },
    );
  });
}

/** Their array in our order, or nothing when it does not fit. */
function arranged(theirs: Volume, { shape }: Volume, rule: NameRule): Volume | undefined {
  switch (rule.as) {
    case undefined: {
      const sides = (list: readonly number[]) => list.filter((n) => n !== 1).join();
      return sides(theirs.shape) === sides(shape) ? { data: theirs.data, shape } : undefined;
    }
    case "conv":
      return sameShape(kernelOf(theirs), shape);
    case "first-conv":
      return sameShape(withChannels(kernelOf(theirs), shape.at(-2) ?? 0), shape);
    case "after-flatten":
      return sameShape(placesFirst(theirs, rule.channels ?? 1), shape);
  }
}

function sameShape(found: Volume, shape: readonly number[]): Volume | undefined {
  return found.shape.join() === shape.join() ? found : undefined;
}

/** `[out, in, ...sides]` to `[...sides, in, out]`. */
function kernelOf({ data, shape: [outputs = 0, inputs = 0, ...sides] }: Volume): Volume {
  const places = sizeOf(sides);
  const kernel = new Float32Array(data.length);
  for (let o = 0; o < outputs; o++) {
    for (let i = 0; i < inputs; i++) {
      for (let p = 0; p < places; p++) {
        kernel[(p * inputs + i) * outputs + o] = data[(o * inputs + i) * places + p]!;
      }
    }
  }
  return { data: kernel, shape: [...sides, inputs, outputs] };
}

/** A kernel `[...sides, in, out]` for so many other channels. */
function withChannels(kernel: Volume, channels: number): Volume {
  const inputs = kernel.shape.at(-2) ?? 0;
  const outputs = kernel.shape.at(-1) ?? 0;
  if (inputs === channels || channels === 0) return kernel;
  const places = kernel.data.length / (inputs * outputs);
  const data = new Float32Array(places * channels * outputs);
  for (let p = 0; p < places; p++) {
    for (let o = 0; o < outputs; o++) {
      let sum = 0;
      for (let i = 0; i < inputs; i++) sum += kernel.data[(p * inputs + i) * outputs + o]!;
      const value = channels === 1 ? sum : sum / inputs;
      for (let c = 0; c < channels; c++) data[(p * channels + c) * outputs + o] = value;
    }
  }
  return { data, shape: [...kernel.shape.slice(0, -2), channels, outputs] };
}

/** `[out, channels × places]` to `[out, places × channels]`. */
function placesFirst({ data, shape: [outputs = 0, inputs = 0] }: Volume, channels: number): Volume {
  const places = inputs / channels;
  const ordered = new Float32Array(data.length);
  for (let o = 0; o < outputs; o++) {
    for (let c = 0; c < channels; c++) {
      for (let p = 0; p < places; p++) {
        ordered[o * inputs + p * channels + c] = data[o * inputs + c * places + p]!;
      }
    }
  }
  return { data: ordered, shape: [outputs, inputs] };
}
