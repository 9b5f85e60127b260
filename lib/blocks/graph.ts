/**
 * Blocks wired by name: a network whose parts can be left out, listed, priced and drawn.
 *
 * @module
 */
import type { Rng } from "lib/core/rng.ts";
import type { tf } from "lib/train/backend.ts";
import type { Block, Initialised, Mode, Shape, Tensors } from "./block.ts";
import type { Merge } from "./merge.ts";
import { gather } from "./serial.ts";
import { subtreeOf } from "./tree.ts";

/** A block and the node that it is fed from. */
export interface BlockNode {
  readonly block: Block;
  readonly from: string;
}

/** A merge and the nodes that it is fed from, in order. */
export interface MergeNode {
  readonly merge: Merge;
  readonly from: readonly string[];
}

/** What stands under a name; a block alone is fed from the node before it, the first from the input. */
export type NodeSpec = Block | BlockNode | MergeNode;

/** Nodes by name, each after those it is fed from; the last one is the output. */
export type NodeSpecs = Readonly<Record<string, NodeSpec>>;

/** A node with its name and all its sources spelt out. */
export interface GraphNode {
  readonly name: string;
  readonly from: readonly string[];
  readonly part: Block | Merge;
  readonly kind: "block" | "merge";
}

/** What knows its nodes: {@linkcode graph} and {@linkcode mergeGraph} make such. */
export interface Wired {
  /** Names of the inputs. */
  readonly inputs: readonly string[];
  readonly nodes: readonly GraphNode[];
}

/**
 * A block of named nodes; its input has the name `input`. Names become parts of the parameters' names,
 * such as `rc1.fusion.weights`, and each node draws from a stream of its own name: leaving a node out
 * does not change what the others draw.
 *
 * @throws RangeError when there are no nodes, when a name is a number, or when a node is fed from one
 * that does not stand before it
 */
export function graph(specs: NodeSpecs): Block & Wired {
  const merge = mergeGraph(["input"], specs);
  return {
    inputs: merge.inputs,
    nodes: merge.nodes,
    init: (rng, inputShape) => merge.init(rng, [inputShape]),
    apply: (params, state, x, mode) => merge.apply(params, state, [x], mode),
  };
}

/** The same with several named inputs; the first node needs its source spelt out. */
export function mergeGraph(inputs: readonly string[], specs: NodeSpecs): Merge & Wired {
  const nodes = wire(inputs, specs);
  const output = (nodes.at(-1) as GraphNode).name;
  return {
    inputs,
    nodes,
    init(rng, inputShapes) {
      const shapes = new Map(inputs.map((name, i) => [name, inputShapes[i] as Shape]));
      const parts = nodes.map((node): [string, Initialised] => {
        const part = initNode(
          node,
          rng.fork(node.name),
          node.from.map((name) => got(shapes, name)),
        );
        shapes.set(node.name, part.outputShape);
        return [node.name, part];
      });
      return { ...gather(parts), outputShape: got(shapes, output) };
    },
    apply(params, state, values, mode) {
      const tensors = new Map(inputs.map((name, i) => [name, values[i] as tf.Tensor]));
      const next: Record<string, Tensors> = {};
      for (const node of nodes) {
        const [y, after] = applyNode(node, {
          params: subtreeOf(params, node.name),
          state: subtreeOf(state, node.name),
          inputs: node.from.map((name) => got(tensors, name)),
          mode,
        });
        tensors.set(node.name, y);
        if (node.name in state) next[node.name] = after;
      }
      return [got(tensors, output), next];
    },
  };
}

/** Draws the parameters of one node for the shapes that it is fed. */
export function initNode(
  { part, kind }: GraphNode,
  rng: Rng,
  shapes: readonly Shape[],
): Initialised {
  return kind === "block"
    ? (part as Block).init(rng, shapes[0] as Shape)
    : (part as Merge).init(rng, shapes);
}

/** Whether a block or a merge knows its nodes. */
export function isWired<Part extends Block | Merge>(part: Part): part is Part & Wired {
  return "nodes" in part;
}

interface NodeInputs {
  readonly params: Tensors;
  readonly state: Tensors;
  readonly inputs: readonly tf.Tensor[];
  readonly mode: Mode;
}

function applyNode({ part, kind }: GraphNode, given: NodeInputs): [tf.Tensor, Tensors] {
  const { params, state, inputs, mode } = given;
  return kind === "block"
    ? (part as Block).apply(params, state, inputs[0] as tf.Tensor, mode)
    : (part as Merge).apply(params, state, inputs, mode);
}

function wire(inputs: readonly string[], specs: NodeSpecs): GraphNode[] {
  let before = inputs[0] as string;
  const known = new Set(inputs);
  const nodes = Object.entries(specs).map(([name, spec]): GraphNode => {
    if (/^\d+$/.test(name)) throw new RangeError(`A node needs a name, not the number ${name}`);
    const node = spellNode(name, spec, before);
    const unknown = node.from.find((source) => !known.has(source));
    if (unknown !== undefined) {
      throw new RangeError(
        `Node '${name}' is fed from '${unknown}', which does not stand before it`,
      );
    }
    known.add(name);
    before = name;
    return node;
  });
  if (nodes.length === 0) throw new RangeError("A graph needs a node");
  return nodes;
}

function spellNode(name: string, spec: NodeSpec, before: string): GraphNode {
  if ("merge" in spec) return { name, from: spec.from, part: spec.merge, kind: "merge" };
  if ("block" in spec) return { name, from: [spec.from], part: spec.block, kind: "block" };
  return { name, from: [before], part: spec, kind: "block" };
}

function got<Value>(values: ReadonlyMap<string, Value>, name: string): Value {
  return values.get(name) as Value;
}
