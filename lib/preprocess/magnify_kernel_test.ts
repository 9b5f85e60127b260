import assert from "node:assert/strict";
import { rng } from "lib/core/rng.ts";
import { type Volume, volume } from "lib/core/volume.ts";
import * as kernel from "./kernels/magnify.wasm";
import { magnify, type MagnifyOptions } from "./magnify.ts";
import { magnifyPlain } from "./magnify_plain.ts";
import { assertClose } from "./stages_testing.ts";

const ideal = { filter: "ideal", alpha: 10, fps: 200, lowHz: 4, highHz: 60 } as const;
const iir = { filter: "iir", alpha: 10, fps: 200 } as const;
/** About a thousandth of a grey level of 255. */
const tolerance = 5e-6;

function noise(frames: number, height: number, width: number): Volume {
  const stream = rng(1, "noise", frames, height, width);
  const size = frames * height * width;
  return volume(Float32Array.from({ length: size }, () => stream.next()), [frames, height, width]);
}

function assertTwins(clip: Volume, options: MagnifyOptions): void {
  assertClose(magnify(clip, options).data, magnifyPlain(clip, options).data, tolerance);
}

Deno.test("magnify() equals its plain twin for every number of frames, even and odd", () => {
  for (let frames = 1; frames <= 20; frames++) {
    for (const options of [ideal, iir]) assertTwins(noise(frames, 17, 18), options);
  }
  for (const frames of [30, 60]) assertTwins(noise(frames, 16, 16), ideal);
});

Deno.test("magnify() equals its plain twin with bands that hold frequency 0 or the highest", () => {
  for (const frames of [8, 9]) {
    for (const [lowHz, highHz] of [[0, 30], [60, 100], [0, 100]] as const) {
      assertTwins(noise(frames, 20, 21), { ...ideal, lowHz, highHz });
    }
  }
});

Deno.test("magnify() equals its plain twin with every number of levels", () => {
  for (let levels = 1; levels <= 5; levels++) {
    for (const options of [ideal, iir]) assertTwins(noise(6, 70, 83), { ...options, levels });
  }
});

Deno.test("magnify() leaves a clip without change as it is, bit by bit", () => {
  const frame = noise(1, 29, 35);
  const data = new Float32Array(7 * frame.data.length);
  for (let t = 0; t < 7; t++) data.set(frame.data, t * frame.data.length);
  const still = volume(data, [7, 29, 35]);
  for (const options of [ideal, iir]) assert.deepEqual(magnify(still, options), still);
});

Deno.test("magnify() does not depend on what is in the kernel's memory", () => {
  const clip = noise(6, 27, 37);
  const first = [ideal, iir].map((options) => magnify(clip, options).data);
  new Float32Array(kernel.memory.buffer).fill(NaN);
  assert.deepEqual([ideal, iir].map((options) => magnify(clip, options).data), first);
});

Deno.test("magnify() finds a value that is not finite wherever it is", () => {
  for (const levels of [1, 2, 4]) {
    for (const place of [0, 16, 17 * 19 - 1, 3 * 17 * 19 + 40]) {
      for (const value of [NaN, Infinity, -Infinity]) {
        const clip = noise(5, 40, 40);
        clip.data[place] = value;
        const message = `The clip has the value ${value} at ${place}`;
        assert.throws(() => magnify(clip, { ...ideal, levels }), { name: "RangeError", message });
      }
    }
  }
});
