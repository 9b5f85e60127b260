/**
 * `synthetic-flow`: generated onset→apex flow maps, shaped like `megc2019-flow`, so that everything
 * runs without licensed clips.
 *
 * Each clip is a displacement field around brows, eyes and mouth. Its class decides which facial
 * actions move; the subject decides the geometry of the face, how strongly it moves and which habit it
 * has; on top come actions that belong to no class, head drift, and noise where skin has no texture.
 * The field is then scaled and rounded as the real maps are, each channel by its own minimum and
 * maximum. Numbers obtained on these clips say that a pipeline works, not how good a method is.
 *
 * @module
 */
import { type Rng, rng } from "lib/core/rng.ts";
import { volume } from "lib/core/volume.ts";
import type { Volume } from "lib/core/volume.ts";
import { strainMagnitude } from "lib/preprocess/strain.ts";
import {
  actionsOf,
  addBump,
  distractorsOf,
  type Face,
  faceOf,
  type Field,
} from "./synthetic_face.ts";
import { fileEntry, treeDigest } from "./files.ts";
import type { DataSource } from "./source.ts";
import type { Dataset, Sample } from "./types.ts";

const classes = ["negative", "positive", "surprise"] as const;
const channels = ["u", "v", "strain"] as const;
const side = 28;
const seed = 2019;

// Subjects and clips a class: about a quarter of MEGC 2019, with its imbalance in each database.
const databases = [
  { name: "casme2", subjects: ["sub01", "sub02", "sub03", "sub04"], clips: [24, 9, 7] },
  { name: "samm", subjects: ["001", "002", "003", "004"], clips: [25, 7, 4] },
  { name: "smic", subjects: ["s01", "s02", "s03", "s04", "s05"], clips: [19, 14, 12] },
] as const;

/** The data set as an entry of the list. */
export const syntheticFlow: DataSource = {
  name: "synthetic-flow",
  title: "Generated flow maps, shaped like megc2019-flow",
  synthetic: true,
  licence: "MIT, as this software",
  obtain: "Nothing to get: it is generated from a fixed seed",
  needsRoot: false,
  hasLayout: () => Promise.resolve(false),
  list: () => Promise.resolve([]),
  load: () => Promise.resolve(generate()),
};

/** Generates the data set: always the same clips, in well under a second. */
function generate(): Dataset {
  const samples = databases.flatMap(samplesOf).sort((a, b) => (a.clip < b.clip ? -1 : 1));
  const entries = samples.map(({ clip, label, input }) =>
    fileEntry(`${clip}/${label}`, Uint8Array.from(input.data, (x) => Math.round(255 * x)))
  );
  return {
    name: syntheticFlow.name,
    synthetic: true,
    classes,
    channels,
    samples,
    digest: treeDigest(entries),
  };
}

function samplesOf({ name, subjects, clips }: (typeof databases)[number]): Sample[] {
  const stream = rng(seed, "synthetic-flow", name);
  const labels = stream.shuffle(clips.flatMap((count, label) => Array(count).fill(label)));
  const faces = subjects.map((subject) => faceOf(stream.fork(subject)));
  return labels.map((label: number, i): Sample => {
    // Subjects contribute unequally, as in the real sets.
    const who = Math.floor(subjects.length * stream.next() ** 1.3);
    const subject = `${name}/${subjects[who]}`;
    const clip = `${subject}/synthetic_${String(i + 1).padStart(2, "0")}`;
    const input = flowMap(faces[who] as Face, label, stream.fork("clip", i));
    return { clip, subject, database: name, label, input };
  });
}

/** One clip: the displacement field of its class on a face, scaled as the real maps are. */
function flowMap(face: Face, label: number, stream: Rng): Volume {
  const u = new Float32Array(side * side);
  const v = new Float32Array(side * side);
  const field: Field = { u, v, side };
  for (const bump of actionsOf(face, label, stream)) addBump(field, bump);
  for (const bump of distractorsOf(face, stream)) addBump(field, bump);
  addDrift(field, stream);
  addNoise(field, stream);
  const data = new Float32Array(side * side * 3);
  [u, v, strainMagnitude(u, v, side, side)].forEach((plane, channel) => {
    scaledLevels(plane).forEach((level, i) => data[3 * i + channel] = level / 255);
  });
  return volume(data, [side, side, 3]);
}

/** Head motion that alignment has left over: a shift, a turn and a change of scale. */
function addDrift({ u, v }: Field, stream: Rng): void {
  const [shiftX, shiftY] = [0.2 * stream.normal(), 0.2 * stream.normal()];
  const [turn, growth] = [0.012 * stream.normal(), 0.012 * stream.normal()];
  const centre = (side - 1) / 2;
  for (let i = 0; i < side * side; i++) {
    const x = (i % side) - centre;
    const y = Math.floor(i / side) - centre;
    u[i]! += shiftX + growth * x - turn * y;
    v[i]! += shiftY + growth * y + turn * x;
  }
}

/**
 * Errors of flow estimation: many weak ones, smooth over a few pixels as its regularisation makes
 * them, and a few strong and narrow ones, as along hair and glasses.
 */
function addNoise(field: Field, stream: Rng): void {
  const add = (count: number, scale: number, narrowest: number) => {
    for (let k = 0; k < count; k++) {
      const width = narrowest * (1 + stream.next());
      addBump(field, {
        x: side * stream.next(),
        y: side * stream.next(),
        width,
        height: width,
        dx: scale * stream.normal(),
        dy: scale * stream.normal(),
      });
    }
  };
  add(30, 0.12, 1.5);
  add(stream.integer(4), 0.8, 0.8);
}

/** Scales a plane to 0..255 by its own minimum and maximum; a constant plane becomes 0. */
function scaledLevels(plane: Float32Array): Uint8Array {
  const low = plane.reduce((a, b) => Math.min(a, b));
  const range = plane.reduce((a, b) => Math.max(a, b)) - low;
  return Uint8Array.from(plane, (x) => (range === 0 ? 0 : Math.round(255 * (x - low) / range)));
}
