/**
 * Tiny clips for tests: gradients that move, in the official layouts.
 *
 * @module
 */
import { join } from "@std/path";
import { withFolder } from "lib/core/folder_testing.ts";
import type { Frame } from "lib/preprocess/frame.ts";
import type { ClipSet, LabelScheme } from "./clip.ts";
import type { ClipLayout } from "./clip_layout.ts";
import { casme2Layout } from "./casme2_layout.ts";
import type { ClipRules } from "./clip_sorting.ts";
import { type ClipSurvey, soundSet, surveyClips } from "./clip_survey.ts";
import { countEmotions, type Expected } from "./expected.ts";
import { sammLayout } from "./samm_layout.ts";
import { smicLayout } from "./smic_layout.ts";
import type { Recording, SetName } from "./synthetic/recording.ts";

/** The layouts by set. */
export const clipLayouts: Readonly<Record<SetName, ClipLayout>> = {
  smic: smicLayout,
  samm: sammLayout,
  casme2: casme2Layout,
};

const names: Readonly<Record<SetName, (i: number, emotion: string) => [string, string]>> = {
  smic(i, emotion) {
    const short = { negative: "ne", positive: "po", surprise: "sur" }[emotion];
    const subject = `s0${1 + (i % 2)}`;
    return [subject, `${subject}_${short}_${String(i + 1).padStart(2, "0")}`];
  },
  samm: (i) => [`00${6 + (i % 2)}`, `00${6 + (i % 2)}_1_${i + 1}`],
  casme2: (i) => [`sub0${1 + (i % 2)}`, `EP02_${String(i + 1).padStart(2, "0")}f`],
};

/** What a fake recording can be told to have. */
export type Change = Partial<Pick<Recording, "width" | "height" | "frameCount" | "firstNumber">>;

/**
 * Recordings of gradients, twelve frames of 32×24 pixels each, from number 8 to 19, so that an order by
 * letters is wrong. Two subjects take turns.
 */
export function fakeRecordings(
  set: SetName,
  emotions: readonly string[],
  change: Change = {},
): Recording[] {
  return emotions.map((emotion, i): Recording => {
    const [subject, name] = names[set](i, emotion.toLowerCase());
    const [width, height, channels] = [32, 24, set === "samm" ? 1 : 3] as const;
    const shape = { width, height, channels, firstNumber: 8, frameCount: 12, ...change };
    const first = shape.firstNumber;
    const still = new Float32Array(shape.width * shape.height);
    return {
      ...shape,
      subject,
      name,
      emotion,
      actionUnits: "4",
      fps: clipLayouts[set].fps,
      onset: first + 2,
      apex: first + Math.floor((shape.frameCount - 1) / 2),
      offset: first + shape.frameCount - 3,
      frame: (number) => gradient(shape, i + number),
      truth: {
        landmarks: new Float32Array(136),
        displacement: () => ({ u: still, v: still, width: shape.width, height: shape.height }),
        expression: () => ({ u: still, v: still, width: shape.width, height: shape.height }),
      },
    };
  });
}

function gradient(
  { width, height, channels }: { width: number; height: number; channels: 1 | 3 },
  phase: number,
): Frame {
  const data = new Uint8Array(width * height * channels);
  for (let i = 0; i < data.length; i++) {
    const pixel = Math.floor(i / channels);
    data[i] =
      (5 * (pixel % width) + 3 * Math.floor(pixel / width) + 7 * phase + 20 * (i % channels)) %
      256;
  }
  return { data, width, height, channels };
}

/** Opens a folder as a set without known faults, expecting some recordings. */
export async function surveyFake(
  set: SetName,
  folder: string,
  { labels = "paper", expected = { clips: 0, subjects: 0, emotions: {} }, ...rules }:
    & Partial<ClipRules>
    & { labels?: LabelScheme; expected?: Expected } = {},
): Promise<ClipSurvey> {
  return await surveyClips(folder, clipLayouts[set], {
    name: `fake-${set}`,
    synthetic: true,
    expected,
    corrections: [],
    gaps: [],
    exclusions: false,
    ...rules,
  }, { labels });
}

/** The same, as a loader gives it. */
export async function loadFake(
  ...args: Parameters<typeof surveyFake>
): Promise<ClipSet> {
  return soundSet(await surveyFake(...args));
}

/** What a loader should find in some recordings. */
export function expectedOfFake(recordings: readonly Recording[]): Expected {
  return {
    clips: recordings.length,
    subjects: new Set(recordings.map(({ subject }) => subject)).size,
    emotions: countEmotions(recordings.map(({ emotion }) => emotion)),
  };
}

/** Runs a test with a folder for data, and a cache of its own. */
export async function withDataFolder(test: (folder: string) => Promise<void>): Promise<void> {
  await withFolder(async (root) => {
    const before = Deno.env.get("FLEETING_CACHE");
    Deno.env.set("FLEETING_CACHE", join(root, "cache"));
    try {
      await Deno.mkdir(join(root, "data"));
      await test(join(root, "data"));
    } finally {
      if (before === undefined) Deno.env.delete("FLEETING_CACHE");
      else Deno.env.set("FLEETING_CACHE", before);
    }
  });
}
