/**
 * The products of any network, also of one that is no graph of named nodes.
 *
 * @module
 */
import type { Block, Shape } from "lib/blocks/block.ts";
import { cost, zeros } from "lib/blocks/cost.ts";
import { isWired } from "lib/blocks/graph.ts";
import { flatten, mapTree } from "lib/blocks/tree.ts";
import { sizeOf, type Volume } from "lib/core/volume.ts";
import { openBackend, tf } from "lib/train/backend.ts";

/**
 * Multiply-adds of convolutions and fully connected layers for one clip forth, as {@linkcode cost} counts
 * them. A network that is no graph is run once, in WebAssembly, and its operations are counted.
 *
 * @throws Error when another backend is open already and the network is no graph
 */
export async function multiplyAdds(network: Block, inputShape: Shape): Promise<number> {
  if (isWired(network)) {
    const rows = withoutDrawing(() => cost(network, inputShape));
    return rows.reduce((sum, row) => sum + row.multiplyAdds, 0);
  }
  return (await countedWork(network, inputShape)).multiplyAdds;
}

/** What one clip takes forth. */
export interface CountedWork {
  /** Multiply-adds of convolutions and fully connected layers. */
  readonly multiplyAdds: number;
  /** Everything that the backend is told to do, reshaping aside. */
  readonly operations: number;
}

/** Runs a network once on zeros, in WebAssembly, and counts. */
export async function countedWork(network: Block, inputShape: Shape): Promise<CountedWork> {
  await openBackend({ backend: "wasm" });
  const { params, state } = withoutDrawing(() => network.init(zeros, inputShape));
  const tensor = ({ data, shape }: Volume) => tf.tensor(data, [...shape]);
  const { kernels } = await tf.profile(() =>
    tf.tidy(() => {
      const x = tf.zeros([1, ...inputShape]);
      const mode = { training: false, rng: zeros } as const;
      return network.apply(mapTree(params, tensor), mapTree(state, tensor), x, mode)[0];
    })
  );
  return {
    multiplyAdds: kernels.reduce((sum, kernel) => sum + productsOf(kernel), 0),
    operations: kernels.filter(({ name }) => !["Reshape", "Identity"].includes(name)).length,
  };
}

/** An operation with the shapes that go into it and come out. */
type Kernel = Awaited<ReturnType<typeof tf.profile>>["kernels"][number];

function productsOf({ name, inputShapes, outputShapes }: Kernel): number {
  const [first, second] = inputShapes as number[][];
  const [output] = outputShapes as number[][];
  if (output === undefined || first === undefined || second === undefined) return 0;
  switch (name) {
    // Each output sums over the filter, without its last axis, which is the output's.
    case "Conv2D":
    case "FusedConv2D":
      return sizeOf(output) * sizeOf(second.slice(0, -1));
    case "BatchMatMul":
    case "_FusedMatMul":
      // [m, k] × [k, n], whichever of them is turned.
      return sizeOf(output) * sizeOf(first.slice(-2)) / (output.at(-2) as number);
    default:
      return 0;
  }
}

/** The learned numbers of a network. */
export function learnedNumbersOf(network: Block, inputShape: Shape): number {
  const { params } = withoutDrawing(() => network.init(zeros, inputShape));
  return flatten(params).reduce((sum, [, array]) => sum + sizeOf(array.shape), 0);
}

/**
 * Does something in which initial numbers are drawn that nobody looks at: they stay 0. A network of a hundred
 * million of them would take half a minute to draw, and a plan should take seconds.
 */
export function withoutDrawing<T>(work: () => T): T {
  const { from } = Float32Array;
  Float32Array.from = (source: ArrayLike<unknown> | Iterable<unknown>) =>
    new Float32Array((source as ArrayLike<unknown>).length);
  try {
    return work();
  } finally {
    Float32Array.from = from;
  }
}
