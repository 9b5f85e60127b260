/**
 * Parameters: one schema serves the command line, the notebooks, the cache keys and the result files.
 *
 * @module
 */
import { didYouMean, ParameterError } from "lib/core/errors.ts";
import { clipParameters, mapParameters } from "./clip_parameters.ts";
import { dataFor, mapSets } from "./data.ts";
import type {
  Experiment,
  Parameters,
  ParameterSchema,
  ParameterSpec,
  ParameterValue,
} from "./types.ts";

/** What a protocol sets unless the user says otherwise. */
const protocols: Readonly<Record<string, Parameters>> = {
  strict: {},
  // The paper's text: "only one as the test set each time and all the rest as the training set",
  // with N the number of samples (equation 4.5): a clip is left out, not a subject. And "the most
  // optimal solution" of the four results, of which none is chosen on training clips first.
  paper: { split: "leave-one-clip-out", headSelection: "oracle", headFolds: 0 },
};

/** What a profile sets for every experiment: the demo profile repeats nothing. */
const profiles: Readonly<Record<keyof Experiment["profiles"], Parameters>> = {
  demo: { seeds: 1 },
  paper: {},
};

/** The parameters that every experiment has, given the data sets it can run on. */
function commonParameters(data: readonly string[]): ParameterSchema {
  return {
    data: { type: "choice", default: data[0] ?? "", choices: data, doc: "Data set" },
    profile: {
      type: "choice",
      default: "demo",
      choices: ["demo", "paper"],
      doc: "Sizes and lengths: demo finishes in minutes on two cores, paper is the paper's own",
    },
    protocol: {
      type: "choice",
      default: "strict",
      choices: Object.keys(protocols),
      doc: "strict keeps every subject on one side of the split; paper does what the paper states",
    },
    split: {
      type: "choice",
      default: "leave-one-subject-out",
      choices: ["leave-one-subject-out", "k-fold-by-subject", "leave-one-clip-out"],
      doc: "What is held out in each fold",
    },
    k: { type: "integer", default: 5, min: 2, doc: "Number of folds of k-fold-by-subject" },
    seeds: {
      type: "integer",
      default: 3,
      min: 1,
      max: 1000,
      doc: "Repetitions, seeded 1 to n; 1 in the demo profile",
    },
    permuteLabels: {
      type: "boolean",
      default: false,
      doc: "Shuffle the training labels: a leak-free protocol then scores at chance",
    },
    backend: {
      type: "choice",
      default: "tensorflow",
      choices: ["tensorflow", "wasm"],
      doc: "What computes the networks; wasm needs neither Python nor a compiler, and is slower",
    },
    isa: {
      type: "choice",
      default: "avx2",
      choices: ["avx2", "native"],
      doc:
        "CPU instructions: avx2 gives the same digits whatever else a processor can, native is faster",
    },
  };
}

/** The parameters of every training of a network. */
const trainings = {
  epochSelection: {
    type: "choice",
    default: "last",
    choices: ["last", "best-held-out"],
    doc:
      "The last epoch, or, in the paper's protocol, the one that gets most of each fold's held-out " +
      "clips right, as several publications have it (marked optimistic)",
  },
} as const satisfies ParameterSchema;

/** The parameters of a training on several databases. */
const acrossDatabases = {
  trainOn: {
    type: "choice",
    default: "other-subjects",
    choices: ["other-subjects", "other-databases"],
    doc:
      "All other subjects, or, in the paper's protocol, those of the other databases, keeping the " +
      "epoch that is best on the other subjects of the held-out one's database",
  },
} as const satisfies ParameterSchema;

/** The parameters of what is fitted on features without labels, before a classifier. */
const fittings = {
  fitOn: {
    type: "choice",
    default: "training",
    choices: ["training", "all-clips"],
    doc:
      "The clips on which codebooks, scaling and principal components (where they are at most half as " +
      "many as clips) are fitted: those of training, or, in the paper's protocol, the held-out ones " +
      "too, without their labels (marked optimistic)",
  },
} as const satisfies ParameterSchema;

/** Parameters that change nothing in a fold while they have these values. */
export const idleValues: Parameters = {
  fitOn: "training",
  epochSelection: "last",
  trainOn: "other-subjects",
  testRotation: 0,
  weights: "none",
};

/** Every parameter of an experiment: the common ones, those of the way from frames, then its own. */
export function schemaOf(experiment: Experiment): ParameterSchema {
  const { input, parameters } = experiment;
  const across = trains(experiment) && dataFor(input).some((data) => mapSets.includes(data));
  return {
    ...commonParameters(dataFor(input)),
    ...clipParameters(input),
    ...(trains(experiment) ? trainings : {}),
    ...(across ? acrossDatabases : {}),
    ...("components" in parameters ? fittings : {}),
    ...parameters,
  };
}

function trains({ parameters }: Experiment): boolean {
  return "epochs" in parameters;
}

/**
 * The parameters that have an effect on a data set: flow maps have no frames to prepare, and sets of
 * clips are one database each.
 */
function effective(experiment: Experiment, data: string): ParameterSchema {
  const whole = schemaOf(experiment);
  const without = (names: readonly string[]): ParameterSchema =>
    Object.fromEntries(Object.entries(whole).filter(([name]) => !names.includes(name)));
  if (!mapSets.includes(data)) return without(Object.keys(acrossDatabases));
  const kept = Object.keys({ ...mapParameters(experiment.input), ...experiment.parameters });
  return without(
    Object.keys(clipParameters(experiment.input)).filter((name) => !kept.includes(name)),
  );
}

/**
 * Fills in defaults, then the profile's and the protocol's values, then what was given, and checks
 * each value against its specification. What is held out and how answers are chosen is the protocol's
 * matter at every size.
 *
 * @param given values by name, as from a notebook's JSON or the command line
 * @throws ParameterError naming the first unknown, ill-typed or contradictory parameter
 */
export function resolveParameters(
  experiment: Experiment,
  given: Readonly<Record<string, unknown>>,
): Parameters {
  const schema = schemaOf(experiment);
  for (const [name, value] of Object.entries(given)) {
    // Names such as 'constructor' are properties of every object.
    const spec = Object.hasOwn(schema, name) ? schema[name] : undefined;
    if (spec === undefined) {
      throw new ParameterError(`Unknown parameter '${name}'`, {
        file: experiment.id,
        fix: didYouMean(name, Object.keys(schema)),
      });
    }
    checkValue(experiment.id, name, spec, value);
  }
  const chosen = given as Parameters;
  const data = String(chosen.data ?? schema.data?.default);
  const having = effective(experiment, data);
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(having, name)) continue;
    const maps = mapSets.includes(data);
    throw new ParameterError(
      maps
        ? `This has no effect on ready flow maps such as ${data}`
        : `This has no effect on ${data}, which is one database`,
      {
        file: experiment.id,
        field: name,
        fix: `Leave it out, or choose a data set of ${
          maps ? "clips" : `maps: ${mapSets.join(", ")}`
        }`,
      },
    );
  }
  const defaults = Object.fromEntries(Object.entries(having).map(([n, spec]) => [n, spec.default]));
  const profile = String(chosen.profile ?? defaults.profile) as keyof Experiment["profiles"];
  const protocol = String(chosen.protocol ?? defaults.protocol);
  const settings = {
    ...defaults,
    ...profiles[profile],
    ...experiment.profiles[profile],
    ...protocols[protocol],
    ...(protocol === "paper" ? experiment.original : {}),
    ...chosen,
  };
  // A profile may set what this data set does not have.
  const resolved = Object.fromEntries(
    Object.entries(settings).filter(([name]) => Object.hasOwn(having, name)),
  ) as Parameters;
  checkTogether(experiment.id, resolved);
  return resolved;
}

/** Values that are sound each, but not together: what is wrong with them, and a way out. */
interface Clash {
  readonly field: string;
  readonly when: (resolved: Parameters) => boolean;
  readonly why: string;
  readonly fix: string;
}

const isStrict = ({ protocol }: Parameters): boolean => protocol === "strict";

const clashes: readonly Clash[] = [
  {
    field: "split",
    when: (all) => isStrict(all) && all.split === "leave-one-clip-out",
    why: "strict never has a subject on both sides, leave-one-clip-out does",
    fix: "Use --protocol paper, or another split",
  },
  {
    field: "augment",
    when: (all) => isStrict(all) && all.augment === "before-split",
    why: "strict never trains on copies of a held-out clip",
    fix: "Use --augment training, or --protocol paper",
  },
  {
    field: "headSelection",
    when: (all) => isStrict(all) && all.headSelection === "oracle",
    why: "strict never looks at a held-out label, oracle does",
    fix: "Use inner, mean or confidence, or --protocol paper",
  },
  {
    field: "epochSelection",
    when: (all) => isStrict(all) && all.epochSelection === "best-held-out",
    why: "strict never looks at a held-out label, best-held-out does",
    fix: "Use last, or --protocol paper",
  },
  {
    field: "trainOn",
    when: (all) => isStrict(all) && all.trainOn === "other-databases",
    why: "strict trains on all other subjects, and its last epoch counts",
    fix: "Use other-subjects, or --protocol paper",
  },
  {
    field: "testRotation",
    when: (all) => isStrict(all) && Number(all.testRotation ?? 0) > 0,
    why: "strict shows held-out clips as they are",
    fix: "Use 0, or --protocol paper",
  },
  {
    field: "fitOn",
    when: (all) => isStrict(all) && all.fitOn === "all-clips",
    why: "strict fits nothing on held-out clips, all-clips does",
    fix: "Use training, or --protocol paper",
  },
  {
    field: "fitOn",
    // A codebook of words is always fitted; of the others nothing may be.
    when: (all) =>
      all.fitOn === "all-clips" && !("words" in all) && all.components === 0 &&
      (all.scaling ?? "none") === "none" && (all.kernel ?? "linear") === "linear",
    why: "Nothing is fitted on clips with these settings",
    fix: "Set components, scaling or kernel, or leave it out",
  },
  {
    field: "split",
    when: (all) => all.trainOn === "other-databases" && all.split !== "leave-one-subject-out",
    why: "Training on other databases needs one held-out subject, which says which is the other",
    fix: "Use --split leave-one-subject-out with it",
  },
  {
    field: "epochSelection",
    when: (all) => all.trainOn === "other-databases" && all.epochSelection !== "last",
    why: "Training on other databases chooses the epoch on other subjects",
    fix: "Leave it out",
  },
  {
    field: "epochSelection",
    when: (all) => all.epochSelection === "best-held-out" && "headSelection" in all,
    why: "A network of several heads has no one best epoch",
    fix: "Use last",
  },
  {
    field: "trainOn",
    when: (all) => all.trainOn === "other-databases" && "headSelection" in all,
    why: "A network of several heads has no one best epoch",
    fix: "Use other-subjects",
  },
  {
    field: "inputSide",
    when: ({ inputSide = 0, cropSide = Infinity }) => Number(inputSide) > Number(cropSide),
    why: "The input cannot be larger than the crop that it is made of",
    fix: "Choose inputSide up to cropSide",
  },
  {
    field: "headSelection",
    when: (all) => all.headSelection === "inner" && all.headFolds === 0,
    why: "Without inner folds no head can be chosen on them",
    fix: "Set headFolds to 2 or more, or use mean or confidence",
  },
  {
    field: "lowHz",
    when: (all) => all.magnify === "ideal" && Number(all.lowHz) >= Number(all.highHz),
    why: "The band has no width",
    fix: "Choose lowHz below highHz",
  },
];

function checkTogether(file: string, resolved: Parameters): void {
  const clash = clashes.find(({ when }) => when(resolved));
  if (clash !== undefined) {
    throw new ParameterError(clash.why, { file, field: clash.field, fix: clash.fix });
  }
}

/** Reads a value that was typed as text, such as a command-line flag, by its specification. */
export function parseValue(name: string, spec: ParameterSpec, text: string): ParameterValue {
  if (spec.type === "choice" || spec.type === "weights") return text;
  if (spec.type === "boolean") {
    if (text === "true" || text === "false") return text === "true";
    throw new ParameterError(`Expected true or false, got '${text}'`, { field: name });
  }
  const value = text.trim() === "" ? NaN : Number(text);
  if (Number.isNaN(value)) {
    throw new ParameterError(`Expected a number, got '${text}'`, { field: name });
  }
  return value;
}

function checkValue(id: string, name: string, spec: ParameterSpec, value: unknown): void {
  const fail = (what: string, fix = spec.doc): never => {
    throw new ParameterError(what, { file: id, field: name, fix });
  };
  const shown = shownValue(value);
  if (spec.type === "choice") {
    if (typeof value !== "string" || !spec.choices.includes(value)) {
      const name = typeof value === "string" ? value : shown;
      fail(`Unknown choice ${shown}`, didYouMean(name, spec.choices));
    }
    return;
  }
  if (spec.type === "weights") {
    if (typeof value !== "string" || value === "") fail(`Expected a file's name, got ${shown}`);
    return;
  }
  if (spec.type === "boolean") {
    if (typeof value !== "boolean") fail(`Expected true or false, got ${shown}`);
    return;
  }
  if (typeof value !== "number" || !Number.isFinite(value)) {
    return fail(`Expected a number, got ${shown}`);
  }
  if (spec.type === "integer" && !Number.isInteger(value)) {
    fail(`Expected a whole number, got ${shown}`);
  }
  const { min = -Infinity, max = Infinity } = spec;
  if (value < min || value > max) fail(`Expected ${rangeText(min, max)}, got ${shown}`);
}

/** A value as a message shows it: what comes from a notebook can be of any depth and length. */
function shownValue(value: unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch {
    // Of more levels than can be walked through.
  }
  text ??= `a ${typeof value}`;
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

function rangeText(min: number, max: number): string {
  if (max === Infinity) return `at least ${min}`;
  return min === -Infinity ? `at most ${max}` : `${min} to ${max}`;
}
