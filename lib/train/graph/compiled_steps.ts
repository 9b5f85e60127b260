/**
 * Training steps as TensorFlow graphs.
 *
 * Called operation by operation, a deep network of small arrays spends two thirds of a step on the
 * calls. Here the first batch of each shape is followed through the code once, what it asks of
 * TensorFlow is recorded, and the steps are computed as one graph, the optimiser's kernels in it.
 *
 * @module
 */
import type { Volume } from "lib/core/volume.ts";
import { tf } from "../backend.ts";
import { constants, momentCount } from "../optimiser_settings.ts";
import type { StepInputs, Steps, StepsOptions } from "../steps.ts";
import { openSession, type Session } from "./session.ts";
import { type StepNodes, stepNodes } from "./step_nodes.ts";
import {
  assignAll,
  momentName,
  parameterName,
  stateName,
  type Variable,
  variableNodes,
} from "./variables.ts";

/** Opens training on the TensorFlow backend. */
export function openCompiledSteps(options: StepsOptions): Steps {
  const { settings, differentiate, rng, saved } = options;
  const variables = variablesOf(options);
  const parts = new Map<string, StepNodes>();
  let start: readonly Volume[] = startValues(options);
  let steps = saved?.optimiser.steps ?? 0;
  let session: Session | undefined;

  /** All of them at once, since a graph is planned for each set of nodes that is asked for. */
  const read = (): tf.Tensor[] =>
    session?.run({}, variables.map(({ name }) => `${name}/read`)) ??
      start.map(({ data, shape }) => tf.tensor(data, [...shape]));
  const stateStart = variables.length - options.state.length;
  const moments = momentCount[settings.optimiser];
  const isParameter = (i: number): boolean => i < stateStart && i % (1 + moments) === 0;
  const pick = (chosen: (i: number) => boolean): tf.Tensor[] => {
    const all = read();
    tf.dispose(all.filter((_, i) => !chosen(i)));
    return all.filter((_, i) => chosen(i));
  };

  /** A graph that has a step for these shapes too, with the variables as they are. */
  const extend = (key: string, inputs: StepInputs): StepNodes => {
    const name = `step${parts.size}`;
    tf.tidy(() => {
      const values = read();
      const params = values.filter((_, i) => isParameter(i));
      const state = values.slice(stateStart);
      parts.set(key, stepNodes({ name, settings, differentiate, params, state, inputs, rng }));
      const nodes = [...parts.values()].flatMap((known) => known.nodes);
      const next = openSession([...variableNodes(variables), ...nodes]);
      const feeds = variables.map(({ name }, i) => [`${name}/new`, values[i]!] as const);
      next.run(Object.fromEntries(feeds), [assignAll]);
      session?.close();
      session = next;
      start = [];
    });
    return parts.get(key)!;
  };

  return {
    step(inputs) {
      const key = JSON.stringify(Object.entries(inputs).map(([name, { shape }]) => [name, shape]));
      const part = parts.get(key) ?? extend(key, inputs);
      steps++;
      return tf.tidy(() => {
        const feeds = Object.entries(part.inputs).map(([name, node]) => [node, inputs[name]!]);
        const seeds = part.seeds.map((node) => [
          node,
          tf.tensor1d([rng.seed(), rng.seed()], "int32"),
        ]);
        const numbers = settings.optimiser === "adam" ? adamFeeds(part.adam, steps) : [];
        const all = Object.fromEntries([...feeds, ...seeds, ...numbers]);
        return session!.run(all, [part.loss])[0] as tf.Scalar;
      });
    },
    params: () => pick(isParameter),
    state: () => pick((i) => i >= stateStart),
    save() {
      const values = read().map(download);
      const optimiser = { steps, values: values.slice(0, stateStart) };
      return { optimiser, state: values.slice(stateStart) };
    },
    dispose() {
      session?.close();
      session = undefined;
    },
  };
}

/** Parameters, each with its moments, then the state. */
function variablesOf({ settings, params, state }: StepsOptions): Variable[] {
  const moments = Array.from({ length: momentCount[settings.optimiser] }, (_, k) => k);
  return [
    ...params.flatMap(({ shape }, i) => [
      { name: parameterName(i), shape },
      ...moments.map((k) => ({ name: momentName(i, k), shape })),
    ]),
    ...state.map(({ shape }, i) => ({ name: stateName(i), shape })),
  ];
}

/** The values of {@linkcode variablesOf} to begin with. */
function startValues({ settings, params, state, saved }: StepsOptions): readonly Volume[] {
  if (saved) return [...saved.optimiser.values, ...saved.state];
  const zeros = ({ shape, data }: Volume): Volume[] =>
    Array.from({ length: momentCount[settings.optimiser] }, () => ({
      shape,
      data: new Float32Array(data.length),
    }));
  return [...params.flatMap((volume) => [volume, ...zeros(volume)]), ...state];
}

/** What changes in Adam from step to step. */
function adamFeeds(
  { power1, power2, epsilon }: StepNodes["adam"],
  step: number,
): [string, tf.Scalar][] {
  const [first, second] = [constants.beta1 ** step, constants.beta2 ** step];
  return [
    [power1, tf.scalar(first)],
    [power2, tf.scalar(second)],
    // The kernel adds ε before it corrects the second moment, the paper's algorithm after.
    [epsilon, tf.scalar(constants.epsilon * Math.sqrt(1 - second))],
  ];
}

function download(tensor: tf.Tensor): Volume {
  const data = tensor.dataSync<"float32">().slice();
  tensor.dispose();
  return { data, shape: tensor.shape };
}
