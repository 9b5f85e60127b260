import assert from "node:assert/strict";
import { recordings } from "lib/data/synthetic/recordings.ts";
import type { Recording } from "lib/data/synthetic/recording.ts";
import type { FaceFinder } from "lib/face/face.ts";
import { faceCrop } from "lib/preprocess/crop.ts";
import { strainMagnitude } from "lib/preprocess/strain.ts";
import { type ClipFrames, prepareClip, prepareEach } from "./clip.ts";
import { type ClipSettings, clipSettings, copyShift } from "./settings.ts";

// The largest of the drawn movements, so that flow has something to find.
const recording = recordings("casme2", "demo").find(({ emotion }) => emotion === "surprise")!;

const clip: ClipFrames = {
  clip: "casme2/drawn",
  fps: recording.fps,
  onset: recording.onset - recording.firstNumber,
  apex: recording.apex - recording.firstNumber,
  offset: recording.offset - recording.firstNumber,
  frame: (position) => Promise.resolve(recording.frame(recording.firstNumber + position)),
};

/** Finds the true points, so that these tests need no network. */
function finderOf({ truth: { landmarks } }: Recording): FaceFinder {
  const box = { x: 0, y: 0, width: 100, height: 100 };
  const face = { box, score: 1, detector: "truth", landmarks, route: "dlib" } as const;
  return { route: "dlib", model: "truth", find: () => Promise.resolve(face), close: () => {} };
}

const finder = finderOf(recording);

function settings(input: ClipSettings["input"], more: object = {}): ClipSettings {
  return clipSettings(input, {
    landmarks: "dlib",
    cropSide: 96,
    inputSide: 96,
    matchGain: true,
    magnify: "none",
    alpha: 8,
    lowHz: 2,
    highHz: 20,
    removeDrift: false,
    augment: "none",
    keyFrames: 6,
    keyFrameRule: "slices",
    flowFrom: "onset",
    ...more,
  });
}

async function prepare(chosen: ClipSettings, of: ClipFrames = clip) {
  const prepared = await prepareClip(of, chosen, { finder });
  assert.ok(prepared.outcome === "ready");
  return prepared;
}

/** The true motion from onset to a frame, as the crop sees it, and its length where it is longest. */
function truthInCrop(position: number, side: number): { u: Float32Array; v: Float32Array } {
  const { u, v, width } = recording.truth.displacement(recording.firstNumber + position);
  const crop = faceCrop(recording.truth.landmarks);
  const [cos, sin, scale] = [Math.cos(crop.angle), Math.sin(crop.angle), side / crop.size];
  const result = { u: new Float32Array(side * side), v: new Float32Array(side * side) };
  for (let i = 0; i < side * side; i++) {
    const across = (i % side - (side - 1) / 2) / scale;
    const down = (Math.floor(i / side) - (side - 1) / 2) / scale;
    const x = Math.round(crop.x + cos * across - sin * down);
    const y = Math.round(crop.y + sin * across + cos * down);
    const [dx, dy] = [u[y * width + x] ?? 0, v[y * width + x] ?? 0];
    result.u[i] = scale * (cos * dx + sin * dy);
    result.v[i] = scale * (cos * dy - sin * dx);
  }
  return result;
}

Deno.test("prepareClip() finds the drawn motion in every key frame", async () => {
  const { inputs: [input], log } = await prepare(settings("flow-clip"));
  assert.deepEqual(input!.volume.shape, [6, 96, 96, 2]);
  assert.equal(log.keyFrameRule, "slices");
  assert.deepEqual([log.keyFrames.length, log.keyFrames[0]], [7, 0]);
  assert.ok(log.keyFrames.includes(log.apex), "the apex is a key frame");
  const place = log.keyFrames.indexOf(log.apex) - 1;
  const { data } = input!.volume;
  const truth = truthInCrop(clip.onset + log.apex, 96);
  let [error, length] = [0, 0];
  for (let i = 0; i < 96 * 96; i++) {
    const at = 2 * (place * 96 * 96 + i);
    error += Math.hypot(data[at]! - truth.u[i]!, data[at + 1]! - truth.v[i]!);
    length += Math.hypot(truth.u[i]!, truth.v[i]!);
  }
  assert.ok(error < 0.6 * length, `mean error ${error / 9216} px of ${length / 9216} px`);
});

Deno.test("prepareClip() runs every stage at once, to the same bits each time", async () => {
  const all = settings("flow-clip", {
    magnify: "ideal",
    removeDrift: true,
    augment: "training",
    flowFrom: "previous",
  });
  const stages: string[] = [];
  const onStage = (stage: string) => stages.push(stage);
  const first = await prepareClip(clip, all, { finder, onStage });
  assert.deepEqual(stages, [
    "face",
    "decode and crop",
    "gain",
    "apex",
    "magnify",
    "key frames",
    "flow",
  ]);
  assert.ok(first.outcome === "ready");
  const names = first.inputs.map(({ name }) => name);
  assert.deepEqual(names, ["original", "left", "right", "up", "down", "mirrored"]);
  assert.ok(first.inputs.every(({ volume }) => `${volume.shape}` === "6,96,96,2"));
  assert.ok(first.log.drift > 0);
  assert.deepEqual(await prepare(all), first);
});

Deno.test("prepareClip() makes shifted copies of what lies beside the crop, not of black", async () => {
  const grey = settings("grey-clip", { augment: "training" });
  const { inputs } = await prepare(grey);
  const [original, left] = inputs;
  const shift = copyShift(96);
  // The left copy shows further left: its pixels lie `shift` columns further right in it.
  const row = 40 * 96;
  for (let x = 0; x + shift < 96; x++) {
    assert.equal(left!.volume.data[row + x + shift], original!.volume.data[row + x]);
  }
  assert.ok(left!.volume.data.slice(row, row + shift).every((value) => value > 0.02));
});

Deno.test("prepareClip() gives flow maps as published ones are", async () => {
  const { inputs: [map], log } = await prepare(settings("apex-flow"));
  assert.deepEqual(map!.volume.shape, [28, 28, 3]);
  assert.deepEqual(log.keyFrames, [0, clip.apex! - clip.onset]);
  for (const channel of [0, 1, 2]) {
    const values = map!.volume.data.filter((_, i) => i % 3 === channel);
    assert.deepEqual([Math.min(...values), Math.max(...values)], [0, 1]);
  }
});

Deno.test("prepareClip() gives the flow from onset to apex in pixels, with its strain", async () => {
  const { inputs, log } = await prepare(settings("apex-field", { augment: "training" }));
  assert.deepEqual(log.keyFrames, [0, clip.apex! - clip.onset]);
  assert.ok(inputs.every(({ volume }) => `${volume.shape}` === "96,96,3"));
  const { data } = inputs[0]!.volume;
  const truth = truthInCrop(clip.apex!, 96);
  let [error, length] = [0, 0];
  for (let i = 0; i < 96 * 96; i++) {
    error += Math.hypot(data[3 * i]! - truth.u[i]!, data[3 * i + 1]! - truth.v[i]!);
    length += Math.hypot(truth.u[i]!, truth.v[i]!);
  }
  assert.ok(error < 0.6 * length, `mean error ${error / 9216} px of ${length / 9216} px`);
  const channel = (c: number) => data.filter((_, i) => i % 3 === c);
  assert.deepEqual(channel(2), strainMagnitude(channel(0), channel(1), 96, 96));
  // The mirrored copy moves the other way across.
  const mirrored = inputs.at(-1)!.volume.data;
  const at = 3 * (60 * 96 + 30);
  const other = 3 * (60 * 96 + 65);
  assert.deepEqual([mirrored[other]! + data[at]!, mirrored[other + 1]], [0, data[at + 1]]);
});

Deno.test("prepareClip() spots the apex where the sheet has none, near the true one", async () => {
  const { apex: true_, ...rest } = clip;
  const { log } = await prepare(settings("apex-flow"), rest);
  assert.equal(log.apexFrom, "spotted");
  const span = clip.offset - clip.onset;
  const off = Math.abs(log.apex - (true_! - clip.onset));
  assert.ok(off <= span / 4, `${off} frames off in a span of ${span}`);
});

Deno.test("prepareClip() interpolates clips of too few frames", async () => {
  const short = { ...clip, offset: clip.onset + 4, apex: clip.onset + 2 };
  const { inputs: [input], log } = await prepare(settings("grey-clip", { keyFrames: 16 }), short);
  assert.equal(log.keyFrameRule, "interpolated");
  assert.deepEqual(input!.volume.shape, [16, 96, 96, 1]);
});

Deno.test("prepareClip() says so when there is no face", async () => {
  const blind: FaceFinder = { ...finder, find: () => Promise.resolve(undefined) };
  const prepared = await prepareClip(clip, settings("apex-flow"), { finder: blind });
  assert.deepEqual(prepared, { outcome: "no face" });
});

Deno.test("prepareClip() scales the flow of the crop down to the input, its values as they are", async () => {
  const [whole, small] = await Promise.all([96, 32].map(async (inputSide) => {
    const { inputs: [only] } = await prepare(settings("flow-clip", { inputSide }));
    return only!.volume;
  }));
  assert.deepEqual(small!.shape, [6, 32, 32, 2]);
  // A pixel of the small one is the mean of nine of the large one.
  const at = (clip: typeof whole, side: number, x: number, y: number) =>
    clip!.data[2 * ((5 * side + y) * side + x)]!;
  let sum = 0;
  for (let dy = 0; dy < 3; dy++) {
    for (let dx = 0; dx < 3; dx++) sum += at(whole, 96, 30 + dx, 60 + dy);
  }
  assert.ok(Math.abs(at(small, 32, 10, 20) - sum / 9) < 1e-5);
});

Deno.test("prepareEach() gives what prepareClip() gives, and finds face and frames once", async () => {
  const ways = [
    settings("apex-flow"),
    settings("flow-clip", { keyFrameRule: "uniform" }),
    settings("flow-clip", { keyFrames: 4, removeDrift: true }),
    settings("flow-clip", { keyFrameRule: "interpolated", keyFrames: 5 }),
    settings("flow-clip", { flowFrom: "previous" }),
    settings("grey-clip", { magnify: "iir", alpha: 20 }),
    settings("apex-field", { removeDrift: true }),
    settings("flow-clip", { matchGain: false, keyFrames: 4 }),
    settings("apex-flow", { cropSide: 64, augment: "training" }),
  ];
  const { apex: _unknown, ...unspotted } = clip;
  for (const source of [clip, unspotted] as readonly ClipFrames[]) {
    let [faces, frames] = [0, 0];
    const counted: ClipFrames = {
      ...source,
      frame: (position) => (frames++, source.frame(position)),
    };
    const counting: FaceFinder = { ...finder, find: (frame) => (faces++, finder.find(frame)) };
    const together = prepareEach(counted, ways, () => Promise.resolve({ finder: counting }));
    for (const way of ways) {
      const { value } = await together.next();
      assert.deepEqual(value, await prepareClip(source, way, { finder }), JSON.stringify(way));
    }
    assert.equal((await together.next()).done, true);
    // Three sorts of crops: matched, unmatched, and the small ones with a margin.
    const all = clip.offset - clip.onset + 1;
    const small = source.apex === undefined ? all : 2;
    assert.deepEqual([faces, frames], [1, 1 + 2 * all + small]);
  }
});
