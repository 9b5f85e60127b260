/**
 * One recorded training step as nodes of a graph.
 *
 * @module
 */
import type { Rng } from "lib/core/rng.ts";
import { tf } from "../backend.ts";
import type { OptimiserSettings } from "../optimiser_settings.ts";
import type { Differentiate, StepInputs } from "../steps.ts";
import { codes, type GraphNode } from "./graph_def.ts";
import { type AdamInputs, addOptimiser, type Put } from "./optimiser_nodes.ts";
import {
  idOf,
  record,
  type RecordedOperation,
  type RecordedTensor,
  type Recording,
} from "./recording.ts";
import { parameterName, stateName } from "./variables.ts";

/** A step in a graph, for inputs of certain shapes. */
export interface StepNodes {
  readonly nodes: readonly GraphNode[];
  /** The node to compute: the loss, after all variables have their new values. */
  readonly loss: string;
  /** Placeholders: of each input by its name, and of the seeds of dropout in order. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly seeds: readonly string[];
  readonly adam: AdamInputs;
}

/** What a step is made of. */
export interface StepNodesOptions {
  /** Begins the names of all nodes. */
  readonly name: string;
  readonly settings: OptimiserSettings;
  readonly differentiate: Differentiate;
  readonly params: readonly tf.Tensor[];
  readonly state: readonly tf.Tensor[];
  readonly inputs: StepInputs;
  readonly rng: Rng;
}

/**
 * Runs the loss and its gradients once and makes a graph of what was asked of TensorFlow, with the
 * optimiser's step after it. `rng` is left where it was.
 *
 * @throws Error when the step cannot be replayed: it reads a tensor, or draws numbers of its own
 */
export function stepNodes(options: StepNodesOptions): StepNodes {
  const { name, settings, differentiate, params, state, inputs, rng } = options;
  const nodes: GraphNode[] = [];
  const put: Put = (node, operation, from, attributes) => {
    nodes.push({ name: `${name}/${node}`, operation, inputs: from, attributes });
    return `${name}/${node}`;
  };
  const target: Target = { put, sources: new Map() };
  addVariables(options, target);
  const fed = addInputs(inputs, target);
  const before = rng.save();
  const { result, recording } = record(() => differentiate(params, state, inputs, rng));
  const seeds = seedArrays(recording);
  checkDraws(seeds.map(({ values }) => values), rng, before);
  const seedNodes = seeds.map(({ id, dtype }, i) =>
    addPlaceholder({ node: `seed${i}`, id, dtype, shape: [2] }, target)
  );
  addRecording(recording, target);

  const float = { type: codes().TF_FLOAT };
  const sourceOf = (tensor: tf.Tensor): string => (target.sources.get(idOf(tensor)) as Source).node;
  const { done, adam } = addOptimiser(settings, result.gradients.map(sourceOf), put);
  result.next.forEach((tensor, i) => {
    if (tensor === state[i]) return;
    const from = [stateName(i), sourceOf(tensor), `^${stateName(i)}/read`];
    done.push(put(`next${i}`, "AssignVariableOp", from, { dtype: float }));
    tensor.dispose();
  });
  const after = done.map((node) => `^${node}`);
  const loss = put("loss", "Identity", [sourceOf(result.loss), ...after], { T: float });
  return { nodes, loss, inputs: fed, seeds: seedNodes, adam };
}

/** Where a tensor comes from in the graph. */
interface Source {
  readonly node: string;
  readonly dtype: number;
}

interface Target {
  readonly put: Put;
  readonly sources: Map<number, Source>;
}

function addVariables({ params, state }: StepNodesOptions, { sources }: Target): void {
  const dtype = codes().TF_FLOAT;
  params.forEach((tensor, i) =>
    sources.set(idOf(tensor), { node: `${parameterName(i)}/read`, dtype })
  );
  state.forEach((tensor, i) => sources.set(idOf(tensor), { node: `${stateName(i)}/read`, dtype }));
}

/** Placeholders of all inputs, by their names. */
function addInputs(inputs: StepInputs, target: Target): Record<string, string> {
  const known = codes();
  const entries = Object.entries(inputs).map(([key, tensor]) => {
    const dtype = tensor.dtype === "int32" ? known.TF_INT32 : known.TF_FLOAT;
    const { shape } = tensor;
    return [key, addPlaceholder({ node: `input/${key}`, id: idOf(tensor), dtype, shape }, target)];
  });
  return Object.fromEntries(entries);
}

function addPlaceholder(
  { node, id, dtype, shape }: RecordedTensor & { readonly node: string },
  { put, sources }: Target,
): string {
  const name = put(node, "Placeholder", [], { dtype: { type: dtype }, shape: { shape } });
  sources.set(id, { node: name, dtype });
  return name;
}

function addRecording({ operations, arrays }: Recording, { put, sources }: Target): void {
  const byId = new Map(arrays.map((array) => [array.id, array]));
  const constantNodes = new Map<string, string>();
  const constant = (id: number): Source => {
    const array = byId.get(id);
    if (array === undefined) throw new Error("A training step uses a tensor from outside of it");
    const { shape, dtype, values } = array;
    // Not as JSON, in which infinities are all alike.
    const key = [dtype, shape.join(), Array.from(values).join()].join(";");
    const node = constantNodes.get(key) ??
      put(`constant${constantNodes.size}`, "Const", [], {
        dtype: { type: dtype },
        value: { array },
      });
    constantNodes.set(key, node);
    return { node, dtype };
  };
  operations.forEach((operation, i) => {
    const inputs = operation.inputs.map((id) => sources.get(id) ?? constant(id));
    const types = attributesOf(operation, inputs[0]?.dtype);
    const node = put(
      `${operation.name}${i}`,
      operation.name,
      inputs.map(({ node }) => node),
      types,
    );
    operation.outputs.forEach(({ id, dtype }, k) =>
      sources.set(id, { node: k === 0 ? node : `${node}:${k}`, dtype })
    );
  });
}

/** Called at once, TensorFlow reads a missing type from the input; a graph has to say it. */
function attributesOf(
  { attributes }: RecordedOperation,
  dtype: number | undefined,
): GraphNode["attributes"] {
  const given = Object.fromEntries(attributes.map((attribute) => [attribute.name, attribute]));
  return attributes.length === 0 && dtype !== undefined ? { T: { type: dtype } } : given;
}

/** The arrays that TensorFlow's counter-based generator started from. */
function seedArrays({ operations, arrays }: Recording): Recording["arrays"] {
  return operations.filter(({ name }) => name.startsWith("StatelessRandom")).map(({ inputs }) => {
    const found = arrays.find(({ id }) => id === inputs[1]);
    if (found === undefined) throw new Error("A training step computes the seed of its randomness");
    return found;
  });
}

/** Puts `rng` back, after seeing that these seeds are all that was drawn from it. */
function checkDraws(
  seeds: readonly ArrayLike<number>[],
  rng: Rng,
  before: ReturnType<Rng["save"]>,
): void {
  const after = JSON.stringify(rng.save());
  rng.restore(before);
  const same = seeds.every((pair) => pair[0] === rng.seed() && pair[1] === rng.seed());
  if (!same || JSON.stringify(rng.save()) !== after) {
    throw new Error("A training step draws random numbers otherwise than as pairs of seeds");
  }
  rng.restore(before);
}
