import assert from "node:assert/strict";
import { volume } from "lib/core/volume.ts";
import { decodePng, encodePng } from "./image.ts";

const form = { width: 2, height: 2, channels: 3 };

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

Deno.test("decodePng() keeps rows, columns and RGB order of a PNG that another program wrote", () => {
  // Made with Python's zlib: (255, 0, 51) (0, 102, 204) / (1, 2, 3) (4, 5, 6).
  const bytes = bytesOf(
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAFklEQVR4nGP4z2DMkHaGgZGJmYWVDQAZYAJ6czdX4QAAAABJRU5ErkJggg==",
  );
  const { data, shape } = decodePng(bytes, "x.png", form);
  assert.deepEqual(shape, [2, 2, 3]);
  const levels = [255, 0, 51, 0, 102, 204, 1, 2, 3, 4, 5, 6];
  assert.deepEqual(data, Float32Array.from(levels, (level) => level / 255));
});

Deno.test("decodePng() refuses a palette, whose numbers are no intensities", () => {
  const bytes = bytesOf(
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAMAAABFaP0WAAAAA1BMVEUBAgMNh2TVAAAAC0lEQVR4nGNgAAEAAAYAAf6MZ8gAAAAASUVORK5CYII=",
  );
  assert.throws(() => decodePng(bytes, "x.png", form), /^DataError: x\.png: .* got a palette/);
});

Deno.test("encodePng() survives decodePng(), with values cut to 0..1 and rounded to 1/255", () => {
  const image = volume(Float32Array.of(-1, 0, 0.5, 2, 1, 0.2, 0, 0, 0, 0, 0, 0), [2, 2, 3]);
  const back = decodePng(encodePng(image), "x.png", form);
  const levels = [0, 0, 128, 255, 255, 51, 0, 0, 0, 0, 0, 0];
  assert.deepEqual(back.data, Float32Array.from(levels, (level) => level / 255));
  assert.deepEqual(decodePng(encodePng(back), "x.png", form), back);
});

Deno.test("encodePng() refuses what is no image", () => {
  for (const shape of [[4], [1, 1, 4, 1], [1, 0, 3], [1, 1, 5]]) {
    const image = volume(new Float32Array(shape.reduce((a, b) => a * b, 1)), shape);
    assert.throws(() => encodePng(image), RangeError);
  }
});
