import assert from "node:assert/strict";
import { fromFileUrl } from "@std/path";
import type { Sample } from "lib/data/types.ts";
import { strainMagnitude } from "lib/preprocess/strain.ts";
import { isFolder } from "./files.ts";
import { channels, classes, form, megc2019Flow } from "./megc2019_flow.ts";

// What red, green and blue mean was found out from the images; these tests hold the finding:
//
// - Strain computed from red as u and green as v correlates with blue at 0.83 (mean over clips); with
//   u and v exchanged at 0.79; with red or green as the strain at −0.05 … −0.01. Scales of u and v are
//   lost, hence not 1.
// - Averaged over clips of a smile, red is antisymmetric about the vertical midline of the face
//   (correlation with its mirror image −0.96) and green symmetric (0.89).
// - In a smile the left half of the lower face moves to smaller red and the right half to larger: red
//   is positive to the right. Brows rise in surprise with smaller green: green is positive downwards.

const folder = fromFileUrl(new URL("../../../shared/megc2019-flow", import.meta.url));
const absent = !await isFolder(folder);
const name = (what: string) => `megc2019-flow: ${what}${absent ? " (no real maps here)" : ""}`;
const { width, height } = form;

async function load(): Promise<readonly Sample[]> {
  return (await megc2019Flow.load(folder)).samples;
}

function plane({ input }: Sample, channel: number): Float32Array {
  return input.data.filter((_, i) => i % 3 === channel);
}

/** The channel minus its median, divided by its standard deviation, averaged over clips. */
function meanMap(samples: readonly Sample[], channel: number): Float32Array {
  const sum = new Float32Array(width * height);
  for (const sample of samples) {
    const values = plane(sample, channel);
    const median = values.toSorted()[values.length / 2]!;
    const mean = values.reduce((a, b) => a + b) / values.length;
    const sd = Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length);
    values.forEach((value, i) => sum[i]! += (value - median) / sd);
  }
  return sum.map((value) => value / samples.length);
}

function correlation(a: Float32Array, b: Float32Array): number {
  const centred = (values: Float32Array) => {
    const mean = values.reduce((x, y) => x + y) / values.length;
    return values.map((value) => value - mean);
  };
  const [left, right] = [centred(a), centred(b)];
  const dot = (x: Float32Array, y: Float32Array) =>
    x.reduce((sum, value, i) => sum + value * y[i]!, 0);
  return dot(left, right) / Math.sqrt(dot(left, left) * dot(right, right));
}

const mirrored = (map: Float32Array) =>
  map.map((_, i) => map[i - i % width + width - 1 - i % width]!);

/** The mean of a map over a part of the face, in shares of width and height. */
function meanOver(map: Float32Array, [left, top, right, bottom]: readonly number[]): number {
  const inside = map.filter((_, i) => {
    const [x, y] = [(i % width + 0.5) / width, (Math.floor(i / width) + 0.5) / height];
    return x > left! && x < right! && y > top! && y < bottom!;
  });
  return inside.reduce((a, b) => a + b) / inside.length;
}

Deno.test({ name: name("blue is the strain of red and green"), ignore: absent }, async () => {
  const samples = await load();
  const fit = (u: number, v: number, strain: number) =>
    samples.reduce((sum, sample) => {
      const computed = strainMagnitude(plane(sample, u), plane(sample, v), width, height);
      return sum + correlation(computed, plane(sample, strain));
    }, 0) / samples.length;
  assert.deepEqual(channels, ["u", "v", "strain"]);
  assert.ok(fit(0, 1, 2) > 0.8);
  assert.ok(fit(0, 1, 2) > fit(1, 0, 2) + 0.02);
  for (const [u, v, strain] of [[1, 2, 0], [2, 1, 0], [0, 2, 1], [2, 0, 1]] as const) {
    assert.ok(Math.abs(fit(u, v, strain)) < 0.1);
  }
});

Deno.test({ name: name("red is horizontal and green vertical"), ignore: absent }, async () => {
  const smiles = (await load()).filter(({ label }) => classes[label] === "positive");
  const mirrorFit = (samples: readonly Sample[], channel: number) => {
    const map = meanMap(samples, channel);
    return correlation(map, mirrored(map));
  };
  assert.ok(mirrorFit(smiles, 0) < -0.9);
  assert.ok(mirrorFit(smiles, 1) > 0.85);
  for (const [database, part] of Map.groupBy(smiles, ({ database }) => database)) {
    assert.ok(mirrorFit(part, 0) < -0.6, database);
    assert.ok(mirrorFit(part, 1) > 0.6, database);
  }
});

Deno.test({ name: name("red points right and green points down"), ignore: absent }, async () => {
  const samples = await load();
  const of = (name: string, channel: number) =>
    meanMap(samples.filter(({ label }) => classes[label] === name), channel);
  const smile = of("positive", 0);
  assert.ok(meanOver(smile, [0.05, 0.55, 0.45, 0.95]) < 0);
  assert.ok(meanOver(smile, [0.55, 0.55, 0.95, 0.95]) > 0);
  const brows = [0, 0, 1, 0.25];
  assert.ok(meanOver(of("surprise", 1), brows) < 0);
  assert.ok(meanOver(of("negative", 1), brows) > 0, "frowns lower the brows");
});
