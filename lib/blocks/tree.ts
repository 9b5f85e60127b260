/**
 * Named arrays in a nested record: the parameters of a network, and its running statistics.
 *
 * @module
 */

/** An array with a shape: a `Volume` on the host or a tensor on the backend. */
export interface Shaped {
  readonly shape: readonly number[];
}

/** A nested record of arrays, such as `{ conv1: { kernel, bias } }`. */
export interface Tree<Leaf extends Shaped> {
  readonly [name: string]: Leaf | Tree<Leaf>;
}

/**
 * Lists the arrays with their full names, such as `conv1.kernel`, in the order of the tree.
 *
 * @throws RangeError when a name contains a dot, which would make full names ambiguous
 */
export function flatten<Leaf extends Shaped>(tree: Tree<Leaf>): [name: string, leaf: Leaf][] {
  return Object.entries(tree).flatMap(([name, node]): [string, Leaf][] => {
    if (name.includes(".")) throw new RangeError(`Name contains a dot: '${name}'`);
    if (isLeaf(node)) return [[name, node]];
    return flatten(node).map(([rest, leaf]) => [`${name}.${rest}`, leaf]);
  });
}

/** A tree of the same structure with each array replaced by `f(array, full name)`. */
export function mapTree<From extends Shaped, To extends Shaped>(
  tree: Tree<From>,
  f: (leaf: From, name: string) => To,
  prefix = "",
): Tree<To> {
  return Object.fromEntries(
    Object.entries(tree).map(([name, node]) => [
      name,
      isLeaf(node) ? f(node, prefix + name) : mapTree(node, f, `${prefix}${name}.`),
    ]),
  );
}

/** The tree with the structure of `like` and the arrays given in the order of `flatten(like)`. */
export function unflatten<Leaf extends Shaped>(
  like: Tree<Shaped>,
  leaves: readonly Leaf[],
): Tree<Leaf> {
  let used = 0;
  const tree = mapTree(like, () => leaves[used++] as Leaf);
  if (used !== leaves.length) {
    throw new RangeError(`Cannot put ${leaves.length} arrays into a tree of ${used}`);
  }
  return tree;
}

/**
 * The array of this name directly below the root.
 *
 * @throws RangeError when there is none: the tree belongs to another block
 */
export function leafOf<Leaf extends Shaped>(tree: Tree<Leaf>, name: string): Leaf {
  const node = tree[name];
  if (node === undefined || !isLeaf(node)) throw new RangeError(`There is no array '${name}'`);
  return node;
}

/**
 * The subtree of this name; the empty tree when there is none, because blocks without parameters leave
 * nothing behind.
 *
 * @throws RangeError when there is an array of that name
 */
export function subtreeOf<Leaf extends Shaped>(tree: Tree<Leaf>, name: string): Tree<Leaf> {
  const node = tree[name] ?? {};
  if (isLeaf(node)) throw new RangeError(`'${name}' is an array, not a tree`);
  return node;
}

function isLeaf<Leaf extends Shaped>(node: Leaf | Tree<Leaf>): node is Leaf {
  return Array.isArray(node.shape);
}
