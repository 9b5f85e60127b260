import assert from "node:assert/strict";
import { join } from "@std/path";
import { DataError } from "lib/core/errors.ts";
import { volume } from "lib/core/volume.ts";
import { decodeWeights, encodeWeights, loadWeights, saveWeights } from "./weights.ts";

const tree = {
  scores: { kernel: volume(Float32Array.of(1, -2, 0.5, Infinity), [2, 2]) },
  conv: { bias: volume(Float32Array.of(3), [1]) },
};
const header = '{"conv.bias":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},' +
  '"scores.kernel":{"dtype":"F32","shape":[2,2],"data_offsets":[4,20]}}';

Deno.test("encodeWeights() writes the format: length, sorted header, little-endian floats", () => {
  const bytes = encodeWeights(tree);
  const padded = Math.ceil(header.length / 8) * 8;
  const view = new DataView(bytes.buffer);
  assert.equal(view.getBigUint64(0, true), BigInt(padded));
  assert.equal(new TextDecoder().decode(bytes.subarray(8, 8 + padded)).trimEnd(), header);
  const floats = [0, 1, 2, 3, 4].map((i) => view.getFloat32(8 + padded + 4 * i, true));
  assert.deepEqual(floats, [3, 1, -2, 0.5, Infinity]);
  assert.equal(bytes.length, 8 + padded + 20);
});

Deno.test("encodeWeights() gives the same bytes whatever the order of the tree", () => {
  assert.deepEqual(encodeWeights({ conv: tree.conv, scores: tree.scores }), encodeWeights(tree));
});

Deno.test("loadWeights() gives back what saveWeights() took", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "weights.safetensors");
    await saveWeights(path, tree);
    assert.deepEqual(await loadWeights(path, tree), tree);
    await assert.rejects(loadWeights(join(folder, "none"), tree), DataError);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("decodeWeights() names what does not fit", () => {
  const bytes = encodeWeights(tree);
  const refuses = (like: Parameters<typeof decodeWeights>[1], message: RegExp) =>
    assert.throws(() => decodeWeights(bytes, like, "w"), (error: Error) => {
      assert.ok(error instanceof DataError);
      assert.match(error.message, message);
      return true;
    });
  refuses({ conv: tree.conv }, /^w: There is an array 'scores.kernel' that this network has not/);
  refuses(
    { ...tree, more: { bias: { shape: [1] } } },
    /^w: The array 'more.bias' of this network is not there/,
  );
  refuses(
    { ...tree, conv: { bias: { shape: [2] } } },
    /^w: conv.bias: Expected F32 \[2\], found F32 \[1\]/,
  );
});

Deno.test("decodeWeights() refuses other files and files that are cut short", () => {
  const bytes = encodeWeights(tree);
  const refuses = (part: Uint8Array, message: RegExp) =>
    assert.throws(() => decodeWeights(part, tree, "w"), message);
  refuses(new Uint8Array(3), /no \.safetensors file/);
  refuses(new TextEncoder().encode("PNG and so on, but long enough"), /no \.safetensors file/);
  refuses(bytes.subarray(0, bytes.length - 1), /scores.kernel: The file is cut short/);
});

Deno.test("decodeWeights() skips the free text that other programs write", () => {
  const text =
    '{"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}';
  const bytes = new Uint8Array(8 + text.length + 4);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(new TextEncoder().encode(text), 8);
  assert.deepEqual(decodeWeights(bytes, { a: { shape: [] } }), {
    a: { data: Float32Array.of(0), shape: [] },
  });
});
