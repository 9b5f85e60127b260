/**
 * Blocks that stay as they are.
 *
 * @module
 */
import type { Block } from "./block.ts";
import type { Wired } from "./graph.ts";
import type { Shaped, Tree } from "./tree.ts";

/**
 * The same block with nothing to learn: what it would learn is kept as state, under the same names, and
 * it is applied as after training, without dropout.
 */
export function frozen(block: Block & Wired): Block & Wired {
  return {
    inputs: block.inputs,
    nodes: block.nodes,
    init(rng, inputShape) {
      const { params, state, outputShape } = block.init(rng, inputShape);
      return { params: {}, state: mergeTrees(params, state), outputShape };
    },
    apply(_params, state, x, mode) {
      const [y] = block.apply(state, state, x, { ...mode, training: false });
      return [y, state];
    },
  };
}

/**
 * Both trees in one; they have different names.
 *
 * @throws RangeError when an array stands at a name of the other tree
 */
export function mergeTrees<Leaf extends Shaped>(a: Tree<Leaf>, b: Tree<Leaf>): Tree<Leaf> {
  const shared = Object.entries(b).map(([name, node]): [string, Leaf | Tree<Leaf>] => {
    const other = a[name];
    if (other === undefined) return [name, node];
    if (isArray(other) || isArray(node)) throw new RangeError(`Both trees have '${name}'`);
    return [name, mergeTrees(other, node)];
  });
  return { ...a, ...Object.fromEntries(shared) };
}

function isArray<Leaf extends Shaped>(node: Leaf | Tree<Leaf>): node is Leaf {
  return Array.isArray(node.shape);
}
