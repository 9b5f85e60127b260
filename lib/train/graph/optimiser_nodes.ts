/**
 * An optimiser's step as nodes of a graph.
 *
 * tfjs's Adam passes about ten times over each parameter and its two moments; TensorFlow's kernel
 * passes once, in place.
 *
 * @module
 */
import { constants, momentCount, type OptimiserSettings } from "../optimiser_settings.ts";
import { codes, type GraphNode } from "./graph_def.ts";
import { momentName, parameterName } from "./variables.ts";

/** Adds a node below the step's name and returns its full name. */
export type Put = (
  node: string,
  operation: string,
  inputs: readonly string[],
  attributes: GraphNode["attributes"],
) => string;

/** Placeholders of what changes in Adam from step to step: β₁ᵗ, β₂ᵗ and the kernel's ε. */
export interface AdamInputs {
  readonly power1: string;
  readonly power2: string;
  readonly epsilon: string;
}

/**
 * Adds the update of every parameter, after it was read.
 *
 * @param gradients nodes, in the order of the parameters
 * @returns the nodes of the updates
 */
export function addOptimiser(
  settings: OptimiserSettings,
  gradients: readonly string[],
  put: Put,
): { readonly done: string[]; readonly adam: AdamInputs } {
  const float = { type: codes().TF_FLOAT };
  const scalar = (node: string, value: number): string => {
    const array = { shape: [], dtype: float.type, values: [value] };
    return put(node, "Const", [], { dtype: float, value: { array } });
  };
  const placeholder = (node: string): string =>
    put(node, "Placeholder", [], { dtype: float, shape: { shape: [] } });
  const adam = {
    power1: placeholder("power1"),
    power2: placeholder("power2"),
    epsilon: placeholder("epsilon"),
  };
  const rate = scalar("rate", settings.learningRate);
  const decay = scalar("decay", settings.weightDecay);
  const [beta1, beta2] = [scalar("beta1", constants.beta1), scalar("beta2", constants.beta2)];
  const momentum = scalar("momentum", constants.momentum);
  const isAdam = settings.optimiser === "adam";
  const done = gradients.map((gradient, i) => {
    const parameter = parameterName(i);
    const read = `${parameter}/read`;
    const moments = Array.from(
      { length: momentCount[settings.optimiser] },
      (_, k) => momentName(i, k),
    );
    const pulled = (): string =>
      put(`decayed${i}`, "AddV2", [
        gradient,
        put(`pull${i}`, "Mul", [read, decay], { T: float }),
      ], { T: float });
    const change = settings.weightDecay === 0 ? gradient : pulled();
    const numbers = isAdam
      ? [adam.power1, adam.power2, rate, beta1, beta2, adam.epsilon, change]
      : [rate, change, momentum];
    const operation = isAdam ? "ResourceApplyAdam" : "ResourceApplyMomentum";
    return put(`update${i}`, operation, [parameter, ...moments, ...numbers, `^${read}`], {
      T: float,
    });
  });
  return { done, adam };
}
