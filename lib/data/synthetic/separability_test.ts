import assert from "node:assert/strict";
import { rng } from "lib/core/rng.ts";
import type { SizeProfile } from "../clip.ts";
import type { Recording, SetName } from "./recording.ts";
import { recordings } from "./recordings.ts";

const names: readonly SetName[] = ["smic", "samm", "casme2"];

/** Negative, positive, surprise as in MEGC 2019; other emotions take no part. */
const three: Readonly<Record<string, number>> = {
  negative: 0,
  Anger: 0,
  Contempt: 0,
  Disgust: 0,
  Fear: 0,
  Sadness: 0,
  disgust: 0,
  repression: 0,
  positive: 1,
  Happiness: 1,
  happiness: 1,
  surprise: 2,
  Surprise: 2,
};

interface Sample {
  readonly subject: string;
  readonly label: number;
  readonly features: Float64Array;
}

const side = 14;

/** The true displacement on a grid over the face, with errors as large as TV-L1 makes. */
function sampleOf(set: SetName, clip: Recording): Sample {
  const { landmarks } = clip.truth;
  const { u, v } = clip.truth.displacement(clip.apex);
  const [left, right] = [landmarks[0]!, landmarks[32]!];
  const [top, bottom] = [landmarks[2 * 19 + 1]! - 12, landmarks[17]!];
  const stream = rng(1, set, clip.subject, clip.name);
  const at = (plane: Float32Array) =>
    Float64Array.from({ length: side * side }, (_, i) => {
      const x = Math.round(left + (right - left) * ((i % side) + 0.5) / side);
      const y = Math.round(top + (bottom - top) * (Math.floor(i / side) + 0.5) / side);
      return plane[y * clip.width + x]! + 0.1 * stream.normal();
    });
  const planes = [at(u), at(v)].flatMap((plane) => {
    const median = plane.toSorted()[plane.length >> 1]!;
    return [...plane.map((value) => value - median)];
  });
  return {
    subject: `${set}/${clip.subject}`,
    label: three[clip.emotion]!,
    features: Float64Array.from(planes),
  };
}

function samplesOf(size: SizeProfile): Sample[] {
  return names.flatMap((set) =>
    recordings(set, size)
      .filter(({ emotion }) => emotion in three)
      .map((clip) => sampleOf(set, clip))
  );
}

/** Unweighted F1 of the class whose mean points most alike, one subject left out in turn. */
function scoreOf(samples: readonly Sample[]): number {
  const counts = [0, 1, 2].map(() => ({ right: 0, truth: 0, said: 0 }));
  for (const subject of new Set(samples.map((sample) => sample.subject))) {
    const training = samples.filter((sample) => sample.subject !== subject);
    const means = [0, 1, 2].map((label) => meanOf(training.filter((s) => s.label === label)));
    for (const { label, features } of samples.filter((sample) => sample.subject === subject)) {
      const alike = means.map((mean) => dot(mean, features) / Math.sqrt(dot(mean, mean)));
      const said = alike.indexOf(Math.max(...alike));
      counts[label]!.truth++;
      counts[said]!.said++;
      if (said === label) counts[label]!.right++;
    }
  }
  return counts.reduce((sum, c) => sum + 2 * c.right / (c.truth + c.said), 0) / 3;
}

function meanOf(samples: readonly Sample[]): Float64Array {
  const mean = new Float64Array(2 * side * side);
  for (const { features } of samples) {
    features.forEach((value, i) => mean[i]! += value / samples.length);
  }
  return mean;
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}

Deno.test("recordings() demo is hard but learnable: nearest mean, subjects left out", () => {
  const samples = samplesOf("demo");
  const score = scoreOf(samples);
  assert.ok(score > 0.55 && score < 0.92, `UF1 ${score}`);
});

Deno.test("recordings() demo: labels dealt at random cannot be learned", () => {
  const samples = samplesOf("demo");
  const labels = rng(1, "deal").shuffle(samples.map(({ label }) => label));
  const score = scoreOf(samples.map((sample, i) => ({ ...sample, label: labels[i]! })));
  assert.ok(score < 0.5, `UF1 ${score}`);
});
