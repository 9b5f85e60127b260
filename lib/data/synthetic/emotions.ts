/**
 * Which action units show which emotion, by database.
 *
 * The combinations and their shares follow what the coders of CASME II and SAMM report: several
 * combinations an emotion, some of them shared between emotions (AU4 alone is disgust for one coder
 * and "others" for the next), some on one half of the face only.
 *
 * @module
 */
import type { Rng } from "lib/core/rng.ts";
import type { ActionUnit, Half } from "./action_units.ts";
import type { SetName } from "./recording.ts";

/** One unit as coders write it: both halves, or one of them. */
export interface CodedUnit {
  readonly unit: ActionUnit;
  /** Absent when both halves move. */
  readonly half?: Half;
}

/** Combinations in the notation of the sheets ("L12+6"), with their weights. */
type Combinations = Readonly<Record<string, number>>;

const happiness: Combinations = {
  "12": 4,
  "6+12": 4,
  "R12": 1,
  "L12": 1,
  "6+7+12": 1,
  "7+12": 0.6,
};
const surprise: Combinations = {
  "1+2": 5,
  "1+2+5": 1.5,
  "1+2+25": 2,
  "2": 0.7,
  "L2": 0.6,
  "5": 0.3,
};

const casme2: Readonly<Record<string, Combinations>> = {
  happiness,
  surprise,
  disgust: {
    "4+7": 3,
    "4+9": 2.5,
    "9": 1.5,
    "10": 1.5,
    "4+7+9": 1.5,
    "4": 1,
    "4+7+10": 1,
    "7": 0.7,
    "17": 0.3,
  },
  repression: { "17": 3, "15": 2.5, "15+17": 1.5, "14": 1, "12": 0.7, "24": 1, "L14": 0.5 },
  sadness: { "1": 1, "15": 1, "1+4": 1, "1+15": 1 },
  fear: { "1+4": 1, "20": 1, "1+2+4": 1 },
  others: {
    "4": 8,
    "4+7": 2,
    "14": 1.2,
    "R14": 0.8,
    "L14": 0.6,
    "17": 0.8,
    "4+17": 0.6,
    "24": 0.8,
    "L12": 0.4,
    "1+2": 0.5,
    "7": 0.6,
    "20": 0.4,
  },
};

const samm: Readonly<Record<string, Combinations>> = {
  Happiness: happiness,
  Surprise: surprise,
  Anger: { "4": 3, "4+7": 3, "7": 2, "24": 1, "17+24": 0.7, "L4": 0.7, "7+24": 0.5, "20": 0.3 },
  Contempt: { "R14": 1.2, "L14": 1.2, "14": 0.6, "4+14": 1, "L10": 0.7, "4": 0.8 },
  Disgust: { "9": 1.5, "10": 1.5, "9+10": 1, "4+9": 1 },
  Fear: { "20": 0.6, "1+4": 1, "4+20": 1, "7+20": 0.8 },
  Sadness: { "15": 1, "4+15": 1, "1+4": 0.7, "15+17": 0.8 },
  Other: { "25": 1.6, "17+25": 0.6, "5": 0.8, "24": 0.8, "2": 0.4, "12": 0.4, "14": 0.6, "4": 0.5 },
};

const negative: Combinations = {
  "4": 3,
  "4+7": 3,
  "4+9": 2,
  "9": 1,
  "10": 1,
  "15": 1.2,
  "15+17": 0.8,
  "1+4": 0.8,
  "7": 0.8,
  "17": 0.7,
  "20": 0.5,
  "14": 0.7,
};

const smic: Readonly<Record<string, Combinations>> = {
  negative,
  positive: { ...happiness, "14": 0.5, "L14": 0.4 },
  surprise: { ...surprise, "1": 0.8, "25": 0.6, "1+4": 0.4 },
};

const tables: Readonly<Record<SetName, Readonly<Record<string, Combinations>>>> = {
  smic,
  samm,
  casme2,
};

/** How often a face does not show what is reported: labels lean on what people say they felt. */
const unlike = 0.08;

/** Draws a combination for an emotion, in the words of the set's sheet. */
export function drawUnits(set: SetName, emotion: string, stream: Rng): string {
  const emotions = Object.keys(tables[set]);
  const shown = stream.next() < unlike ? emotions[stream.integer(emotions.length)]! : emotion;
  const combinations = Object.entries(tables[set][shown]!);
  const total = combinations.reduce((sum, [, weight]) => sum + weight, 0);
  let left = stream.next() * total;
  for (const [notation, weight] of combinations) {
    left -= weight;
    if (left < 0) return notation;
  }
  return combinations.at(-1)![0];
}

/** Reads the notation of the sheets; L and R are the person's left and right. */
export function parseUnits(notation: string): CodedUnit[] {
  return notation.split("+").map((part): CodedUnit => {
    const side = /^[LR]/.exec(part)?.[0];
    const unit = Number(side === undefined ? part : part.slice(1)) as ActionUnit;
    return side === undefined ? { unit } : { unit, half: side === "L" ? 1 : -1 };
  });
}
