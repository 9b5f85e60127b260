import assert from "node:assert/strict";
import { join } from "@std/path";
import type { Block } from "lib/blocks/block.ts";
import { flatten, mapTree, type Tree } from "lib/blocks/tree.ts";
import { DataError } from "lib/core/errors.ts";
import { rng } from "lib/core/rng.ts";
import { sizeOf, type Volume, volume } from "lib/core/volume.ts";
import { c3d } from "lib/methods/c3d.ts";
import { capsuleNet } from "lib/methods/capsule_net.ts";
import { slstt } from "lib/networks/slstt.ts";
import { openBackend, tf } from "lib/train/backend.ts";
import { encodeWeights } from "lib/train/weights.ts";
import { keptWeights } from "./folder.ts";
import { keepWeights, withKeptWeights } from "./keep.ts";
import { resnet18, sports1m, visionTransformer } from "./names.ts";
import { type NameMap, pretrained } from "./pretrained.ts";
import { readWeights } from "./read.ts";
import expected from "./testdata/expected.json" with { type: "json" };

await openBackend();

const fixture = (name: string): string => join(import.meta.dirname!, "testdata", name);

// Kept weights of tests stay out of the user's folder.
const folder = await Deno.makeTempDir({ prefix: "fleeting-weights-" });
Deno.env.set("FLEETING_CACHE", folder);
globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));

/** sin(0.37 i), as the script has it. */
function wave(shape: readonly number[]): tf.Tensor {
  return tf.tensor(Array.from({ length: sizeOf(shape) }, (_, i) => Math.sin(0.37 * i)), [...shape]);
}

function answer(network: Block, shape: readonly number[]): readonly number[] {
  const { params, state } = network.init(rng(3), shape);
  const tensors = (tree: typeof params) =>
    mapTree(tree, ({ data, shape }) => tf.tensor(data, [...shape]));
  const x = wave([1, ...shape]);
  const mode = { training: false, rng: rng(1) };
  return [...network.apply(tensors(params), tensors(state), x, mode)[0].dataSync()];
}

const cases: Readonly<
  Record<string, {
    readonly file: string;
    readonly network: Block;
    readonly names: NameMap;
    readonly shape: readonly number[];
    readonly expected: readonly number[];
  }>
> = {
  "CapsuleNet on torchvision's ResNet-18": {
    file: "resnet18.pth",
    network: capsuleNet({ classes: 3, width: 2, kernel: 3 }),
    names: [
      ...resnet18,
      { ours: "conv2.kernel", theirs: "conv2.weight", as: "conv" },
      { ours: "conv2.bias", theirs: "conv2.bias" },
      { ours: "primary.kernel", theirs: "primary.weight", as: "conv" },
      { ours: "primary.bias", theirs: "primary.bias" },
      { ours: "routed.votes", theirs: "votes" },
    ],
    shape: [40, 40, 1],
    expected: expected.resnet18,
  },
  "SLSTT on timm's vision transformer": {
    file: "vit.pth",
    network: slstt({ classes: 3, aggregator: "mean", patch: 4, width: 8, depth: 2, heads: 2 }),
    names: [
      ...visionTransformer(2),
      { ours: "scores.kernel", theirs: "head.weight" },
      { ours: "scores.bias", theirs: "head.bias" },
    ],
    shape: [3, 8, 8, 3],
    expected: expected.vit,
  },
  "C3D on the weights of frames, looking at flow": {
    file: "c3d.pt",
    network: c3d({ classes: 3, width: 1, hidden: 8 }),
    names: [
      ...sports1m(1),
      { ours: "fc8.kernel", theirs: "fc8.weight" },
      { ours: "fc8.bias", theirs: "fc8.bias" },
    ],
    shape: [16, 32, 32, 2],
    expected: expected.c3d,
  },
};

for (const [what, { file, network, names, shape, expected }] of Object.entries(cases)) {
  Deno.test(`${what} computes what PyTorch does with the same file`, async () => {
    const loaded = pretrained(network, await keepWeights(fixture(file)), names);
    const found = answer(loaded, shape);
    assert.equal(found.length, expected.length);
    const apart = (values: readonly number[]) =>
      Math.max(
        ...values.map((value, i) => Math.abs(value - expected[i]!) / Math.abs(expected[i]!)),
      );
    assert.ok(apart(found) < 1e-4, `${found} is not ${expected}`);
    // And not because the weights do not matter.
    assert.ok(apart(answer(network, shape)) > 0.01);
  });
}

Deno.test("every array that a name map leaves out is drawn as without weights", async () => {
  const network = capsuleNet({ classes: 3, width: 2, kernel: 3 });
  const loaded = pretrained(network, await keepWeights(fixture("resnet18.pth")), resnet18);
  const [drawn, found] = [network, loaded].map((one) => one.init(rng(3), [40, 40, 1]));
  const mapped = new Set(resnet18.map(({ ours }) => ours));
  for (const tree of ["params", "state"] as const) {
    const before = new Map(flatten(drawn![tree]));
    for (const [name, array] of flatten(found![tree])) {
      const same = `${before.get(name)!.data}` === `${array.data}`;
      assert.equal(same, !mapped.has(name), name);
    }
  }
});

Deno.test("readWeights() reads tensors of any layout and precision, and leaves counters out", async () => {
  const arrays = await readWeights(fixture("tiny.pt"));
  assert.deepEqual([...arrays.keys()].sort(), Object.keys(expected.tiny).sort());
  for (const [name, { shape, values }] of Object.entries(expected.tiny)) {
    const found = arrays.get(name)!;
    assert.deepEqual(found.shape, shape, name);
    assert.deepEqual([...found.data], values.map(Math.fround), name);
  }
});

/** The bytes of a `.safetensors` file with this header. */
function safetensors(header: unknown, body: Uint8Array = new Uint8Array()): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + body.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(body, 8 + text.length);
  return bytes;
}

async function fileOf(bytes: Uint8Array): Promise<string> {
  const path = await Deno.makeTempFile({ dir: folder });
  await Deno.writeFile(path, bytes);
  return path;
}

Deno.test("keepWeights() names the same weights alike, from either kind of file", async () => {
  const arrays = await readWeights(fixture("tiny.pt"));
  const name = await keepWeights(fixture("tiny.pt"));
  assert.match(name, /^sha256-[0-9a-f]{64}$/);
  const wrapped = { model: { module: Object.fromEntries(arrays) } };
  assert.equal(await keepWeights(await fileOf(encodeWeights(wrapped))), name);
  assert.ok((await Deno.stat(keptWeights(name))).isFile);
});

Deno.test("readWeights() reads half precision of .safetensors files", async () => {
  // 1.5 in F16 and BF16, and an integer that is no weight.
  const body = Uint8Array.of(0x00, 0x3e, 0xc0, 0x3f, 1, 0, 0, 0);
  const arrays = await readWeights(
    await fileOf(safetensors({
      __metadata__: { format: "pt" },
      a: { dtype: "F16", shape: [1], data_offsets: [0, 2] },
      b: { dtype: "BF16", shape: [1], data_offsets: [2, 4] },
      n: { dtype: "I32", shape: [], data_offsets: [4, 8] },
    }, body)),
  );
  const one = { data: Float32Array.of(1.5), shape: [1] };
  assert.deepEqual([...arrays], [["a", one], ["b", one]]);
});

Deno.test("readWeights() refuses files that are something else, by name and with a way out", async () => {
  const torch = await Deno.readFile(fixture("tiny.pt"));
  const damaged = torch.slice();
  damaged.fill(0xff, 60, 300);
  const entry = { dtype: "F32", shape: [2], data_offsets: [0, 8] };
  const bad: [string, RegExp][] = [
    [join(folder, "none.pt"), /Cannot read weights/],
    [fixture("tiny_before_1.6.pt"), /neither .* before 1\.6 are another kind/s],
    [fixture("whole_module.pt"), /refers to torch.*save the network's state_dict\(\) alone/s],
    [fixture("make.py"), /neither a \.safetensors file/],
    [await fileOf(new Uint8Array()), /neither a \.safetensors file/],
    [await fileOf(torch.subarray(0, 1000)), /no PyTorch file/],
    [await fileOf(damaged), /damaged|no PyTorch file/],
    [await fileOf(safetensors({})), /no arrays of real numbers/],
    [await fileOf(safetensors(null)), /table of arrays is damaged/],
    [await fileOf(safetensors({ a: { ...entry, shape: [-2] } })), /table of arrays is damaged/],
    [await fileOf(safetensors({ a: { ...entry, shape: [1e15] } })), /a: .*cut short or damaged/],
    [await fileOf(safetensors({ a: entry })), /a: The file is cut short or damaged/],
  ];
  for (const [path, message] of bad) {
    await assert.rejects(readWeights(path), (error: Error) => {
      assert.ok(error instanceof DataError, `${path}: ${error.stack}`);
      assert.match(error.message, message);
      assert.ok(error.message.startsWith(path), error.message);
      return true;
    });
  }
});

Deno.test("readWeights() survives any flipped byte of a file, with an error that names it", async () => {
  const torch = await Deno.readFile(fixture("tiny.pt"));
  const draw = rng(5);
  for (let i = 0; i < 300; i++) {
    const bytes = torch.slice();
    bytes[draw.integer(bytes.length)]! ^= 1 << draw.integer(8);
    const path = await fileOf(bytes);
    // A flipped bit of a number goes unnoticed.
    await readWeights(path).catch((error) => {
      assert.ok(error instanceof DataError, error.stack);
      assert.ok(error.message.startsWith(path));
    });
    await Deno.remove(path);
  }
});

const one = (shape: readonly number[]): Volume =>
  volume(new Float32Array(sizeOf(shape)).fill(1), shape);

async function keptOf(arrays: Tree<Volume>): Promise<string> {
  return await keepWeights(await fileOf(encodeWeights(arrays)));
}

Deno.test("pretrained() refuses what is missing or does not fit, by name", async () => {
  const network = c3d({ classes: 3, width: 1, hidden: 8 });
  const init = (weights: string, names: NameMap) =>
    pretrained(network, weights, names).init(rng(1), [16, 32, 32, 3]);
  const weights = await keptOf({
    conv1: { weight: one([2, 3, 3, 3, 3]) },
    conv2: { wieght: one([1]) },
  });
  const of = (name: string): NameMap => [
    { ours: `${name}.kernel`, theirs: `${name}.weight`, as: "conv" },
  ];
  assert.throws(
    () => init(weights, of("conv1")),
    /conv1\.weight: It is \[2, 3, 3, 3, 3\], which does not fit 'conv1\.kernel', \[3, 3, 3, 3, 1\]/,
  );
  assert.throws(
    () => init(weights, of("conv2")),
    /no array 'conv2\.weight', which 'conv2\.kernel' is to begin with\. Did you mean/,
  );
  assert.throws(() => init(weights, of("conv9")), /The network has no array 'conv9\.kernel'/);
  assert.throws(
    () => init(`sha256-${"0".repeat(64)}`, of("conv1")),
    /Cannot read kept weights.*--weights FILE/s,
  );
  assert.equal(pretrained(network, "none", of("conv9")), network);
});

Deno.test("withKeptWeights() puts a name in a file's place, and leaves everything else", async () => {
  const { experiment } = await import("experiments/table1/c3d.ts");
  const file = fixture("tiny.pt");
  const given = await withKeptWeights(experiment, { weights: file, seeds: 2 });
  assert.deepEqual(given, { weights: await keepWeights(file), seeds: 2 });
  assert.deepEqual(await withKeptWeights(experiment, given), given);
  assert.deepEqual(await withKeptWeights(experiment, { weights: "none" }), { weights: "none" });
});
