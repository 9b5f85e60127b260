/**
 * How the emotions of the databases become classes.
 *
 * @module
 */
import type { LabelScheme } from "./clip.ts";
import type { SetName } from "./synthetic/recording.ts";

/** A scheme for one database. */
export interface Labels {
  /** In the order of the labels. */
  readonly classes: readonly string[];
  /** Emotion, as {@linkcode emotionKey} spells it, → class. Emotions without a class are left out. */
  readonly classOf: Readonly<Record<string, string>>;
  /** Clips that the scheme leaves out whatever their emotion: subject and name → reason. */
  readonly excluded?: Readonly<Record<string, string>>;
  /** Where the scheme comes from. */
  readonly source: string;
}

/** The emotions that a database's sheet knows, as {@linkcode emotionKey} spells them. */
export const emotions: Readonly<Record<SetName, readonly string[]>> = {
  smic: ["negative", "positive", "surprise"],
  samm: ["anger", "contempt", "disgust", "fear", "happiness", "other", "sadness", "surprise"],
  casme2: ["disgust", "fear", "happiness", "other", "repression", "sadness", "surprise"],
};

/** One spelling for `Others`, `others` and `Other`. */
export function emotionKey(emotion: string): string {
  return emotion.trim().toLowerCase().replace(/^others$/, "other");
}

const three = ["negative", "positive", "surprise"] as const;
const four = [...three, "other"] as const;
const same = { negative: "negative", positive: "positive", surprise: "surprise" };
const itself = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, name]));

const smic: Labels = {
  classes: three,
  classOf: same,
  source: "SMIC is labelled with these three classes (Li et al., FG 2013)",
};

const samm3 = {
  ...{ happiness: "positive", surprise: "surprise" },
  ...{ anger: "negative", contempt: "negative", disgust: "negative" },
  ...{ fear: "negative", sadness: "negative" },
};

const megc3 = "See et al., MEGC 2019: the composite database's three classes";

/** Every scheme of every database. */
export const labelSchemes: Readonly<Record<SetName, Readonly<Record<LabelScheme, Labels>>>> = {
  smic: { paper: smic, megc3: { ...smic, source: megc3 }, original5: smic },
  samm: {
    paper: {
      classes: four,
      classOf: { ...samm3, other: "other" },
      source: "The paper's section on data: 26 positive, 92 negative, 15 surprise, 26 other",
    },
    megc3: { classes: three, classOf: samm3, source: megc3 },
    original5: {
      classes: ["anger", "contempt", "happiness", "other", "surprise"],
      classOf: itself(["anger", "contempt", "happiness", "other", "surprise"]),
      source: "Usual since Khor et al., FG 2018: the five emotions with more than ten clips",
    },
  },
  casme2: {
    paper: {
      classes: four,
      classOf: {
        ...itself(["surprise", "other"]),
        ...{ happiness: "positive", disgust: "negative", repression: "other" },
      },
      source: "The paper's section on data: 32 positive, 63 negative, 25 surprise, 126 other",
    },
    megc3: {
      classes: three,
      classOf: {
        surprise: "surprise",
        ...{ happiness: "positive", disgust: "negative", repression: "negative" },
      },
      excluded: {
        "sub04/EP12_01f": "MEGC 2019 leaves it out: the sheet has no apex",
        "sub05/EP09_05f": "MEGC 2019 leaves it out: onset and apex are the same frame",
      },
      source: megc3,
    },
    original5: {
      classes: ["disgust", "happiness", "other", "repression", "surprise"],
      classOf: itself(["disgust", "happiness", "other", "repression", "surprise"]),
      source: "The data set's own five classes (Yan et al., PLOS ONE 2014)",
    },
  },
};
