/**
 * How large the network of a method is at given parameters, counted without training it.
 *
 * @module
 */
import { cost } from "lib/blocks/cost.ts";
import { isWired } from "lib/blocks/graph.ts";
import { canonicalJson } from "lib/core/json.ts";
import { remembering } from "lib/core/remembering.ts";
import { sizeOf } from "lib/core/volume.ts";
import { mapSets } from "lib/experiment/data.ts";
import {
  type CountedWork,
  countedWork,
  learnedNumbersOf,
  withoutDrawing,
} from "lib/networks/products.ts";
import { type NetworkCall, networkOf } from "lib/run/size.ts";

/** A network in numbers. */
export interface NetworkSize {
  /** Learned numbers. */
  readonly parameters: number;
  /** What its nodes do; absent where a network does not list them, so that nobody can count. */
  readonly graph?: {
    /** Innermost nodes. */
    readonly nodes: number;
    /** Products of convolutions and of fully connected layers, for one clip forth. */
    readonly multiplyAdds: number;
    /** Numbers that nodes hand on, for one clip forth. */
    readonly elements: number;
  };
  /** Whether one of several heads is chosen. */
  readonly heads: boolean;
}

/** The last layer's few numbers do not matter, and one count serves all data sets. */
const classes = 4;

type Call = Omit<NetworkCall, "classes">;

/** Equal for parameters of equal effect on the network. */
function keyOf({ method, input, parameters, data }: Call): string {
  const { epochs: _epochs, learningRate: _rate, batchSize: _batch, ...shaping } = parameters;
  return canonicalJson({ method, input, maps: mapSets.includes(data), parameters: shaping });
}

/**
 * The size of a method's network, counted once a process.
 *
 * @returns nothing where the method is no network
 * @throws ParameterError when there is no such method
 */
export const networkSize: (call: Call) => Promise<NetworkSize | undefined> = remembering(
  measure,
  keyOf,
);

/**
 * What a clip takes forth in a network that does not list its nodes: it is run once.
 *
 * @returns nothing where the method is no network
 * @throws Error when another backend than WebAssembly is open
 */
export const countWork: (call: Call) => Promise<CountedWork | undefined> = remembering(
  async (call) => {
    const found = await networkOf({ ...call, classes });
    return found && await countedWork(found.network, found.inputShape);
  },
  keyOf,
);

async function measure(call: Call): Promise<NetworkSize | undefined> {
  const found = await networkOf({ ...call, classes });
  if (found === undefined) return undefined;
  const { network, inputShape } = found;
  const heads = "headFolds" in call.parameters;
  if (!isWired(network)) {
    return { parameters: learnedNumbersOf(network, inputShape), heads };
  }
  const rows = withoutDrawing(() => cost(network, inputShape));
  const sum = (of: (row: typeof rows[number]) => number) =>
    rows.reduce((all, row) => all + of(row), 0);
  return {
    parameters: sum(({ parameters }) => parameters),
    graph: {
      nodes: rows.length,
      multiplyAdds: sum(({ multiplyAdds }) => multiplyAdds),
      elements: sum(({ outputShape }) => sizeOf(outputShape)),
    },
    heads,
  };
}
