import assert from "node:assert/strict";
import { join } from "@std/path";
import { unzipSync, zipSync } from "fflate";
import { DataError } from "lib/core/errors.ts";
import { damaged, fuzz, hostile } from "lib/core/fuzz_testing.ts";
import { volume } from "lib/core/volume.ts";
import { encodeWeights } from "lib/train/weights.ts";
import { keepWeights } from "./keep.ts";
import { keptWeights } from "./folder.ts";
import { readWeights } from "./read.ts";

const testdata = join(import.meta.dirname!, "testdata");
const tiny = Deno.readFileSync(join(testdata, "tiny.pt"));
const parts = unzipSync(tiny);
const pickle = Object.keys(parts).find((name) => name.endsWith("data.pkl"))!;
const tensors = encodeWeights({
  a: { kernel: volume(Float32Array.of(1, 2, 3, 4, 5, 6), [2, 3]) },
  b: volume(Float32Array.of(7), [1]),
});

const folder = await Deno.makeTempDir();
Deno.env.set("FLEETING_CACHE", folder);
globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
const file = join(folder, "w.pt");

async function keep(bytes: Uint8Array): Promise<string> {
  await Deno.writeFile(file, bytes);
  return await keepWeights(file);
}

/** A file of torch.save with another pickle. */
function withPickle(bytes: Uint8Array): Uint8Array {
  return zipSync({ ...parts, [pickle]: bytes }, { level: 0 });
}

async function refused(bytes: Uint8Array, why: RegExp): Promise<void> {
  const before = Deno.memoryUsage().rss;
  await assert.rejects(keep(bytes), (error) => {
    assert.ok(error instanceof DataError, (error as Error).stack);
    assert.ok(error.message.startsWith(file), error.message);
    assert.match(error.message, why);
    return true;
  });
  assert.ok(Deno.memoryUsage().rss - before < 2 ** 30, "memory was taken for what was refused");
}

Deno.test("readWeights() gives arrays or an error for any file", async () => {
  await fuzz({
    ...{ name: "weights", file: "w.pt", cases: 300, parse: keep },
    variant: (random) => damaged([tiny, tensors], random),
  });
  // A sound ZIP file around a pickle that is none.
  const { values } = await fuzz({
    ...{ name: "pickles", file: "w.pt", cases: 600, parse: keep },
    variant: (random) => withPickle(damaged([parts[pickle]!], random)),
  });
  assert.ok(values > 0);
});

Deno.test("readWeights() gives arrays or an error for any table of .safetensors", async () => {
  const length = Number(new DataView(tensors.buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(tensors.subarray(8, 8 + length)));
  const body = tensors.subarray(8 + length);
  const fileOf = (header: unknown): Uint8Array => {
    const text = new TextEncoder().encode(JSON.stringify(header));
    const bytes = new Uint8Array(8 + text.length + body.length);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
    bytes.set(text, 8);
    bytes.set(body, 8 + text.length);
    return bytes;
  };
  await fuzz({
    name: ".safetensors tables",
    file: "w.pt",
    cases: 500,
    variant: (random) => hostile(header, random),
    parse: (header) => keep(fileOf(header)),
  });
  const entry = { dtype: "F32", shape: [6], data_offsets: [0, 24] };
  await refused(
    fileOf({ a: entry, b: entry, c: entry }),
    /c: Its arrays overlap|b: Its arrays overlap/,
  );
  await refused(fileOf({ a: { ...entry, dtype: { toString: 1 } } }), /table of arrays is damaged/);
  await refused(fileOf({ [Array(200).fill("a").join(".")]: entry }), /more parts than those of a/);
  await refused(fileOf({ [`${"model.".repeat(5000)}x`]: entry }), /table of arrays is damaged/);
  assert.match(await keep(fileOf({ ["__proto__"]: entry })), /^sha256-/);
  assert.equal(({} as { kernel?: unknown }).kernel, undefined);
});

const text = (value: string) => [0x58, ...u32(value.length), ...new TextEncoder().encode(value)];
const u32 = (n: number) => [n & 255, (n >> 8) & 255, (n >> 16) & 255, (n >> 24) & 255];
const global = (module: string, name: string) => [
  0x63,
  ...new TextEncoder().encode(`${module}\n${name}\n`),
];
const protocol = [0x80, 2], stop = 0x2e, mark = 0x28, reduce = 0x52, build = 0x62, tuple = 0x74;

Deno.test("a pickle that names anything but tensors runs nothing of it", async () => {
  const proof = join(folder, "proof");
  const call = (module: string, name: string, argument: string) =>
    Uint8Array.from([
      ...protocol,
      ...global(module, name),
      mark,
      ...text(argument),
      tuple,
      reduce,
      stop,
    ]);
  for (
    const [module, name, argument] of [
      ["os", "system", `touch ${proof}`],
      ["posix", "system", `touch ${proof}`],
      ["builtins", "eval", "1"],
      ["builtins", "exec", "1"],
      ["subprocess", "Popen", "x"],
      ["torch", "load", "x"],
      ["__builtin__", "getattr", "x"],
      ["Deno", "remove", proof],
      ["Function", "constructor", "1"],
      ["globalThis", "eval", "1"],
    ] as const
  ) {
    await refused(
      withPickle(call(module, name, argument)),
      new RegExp(`refers to ${module}\\.${name},`),
    );
  }
  await assert.rejects(Deno.stat(proof), Deno.errors.NotFound);
  const odd = Uint8Array.from([
    ...protocol,
    0x69,
    ...new TextEncoder().encode("os\nsystem\n"),
    stop,
  ]);
  await refused(withPickle(odd), /none of torch\.save's|none of them/);
});

Deno.test("a small pickle cannot ask for all memory, nor for hours", async () => {
  const dict = 0x7d,
    setItem = 0x73,
    put = 0x71,
    get = 0x68,
    list = 0x5d,
    append = 0x61,
    append_many = 0x65;
  // Tables that hold the one before twice, forty times over.
  const doubled = [...protocol, dict, put, 0];
  for (let i = 1; i <= 40; i++) {
    doubled.push(dict);
    for (const name of ["a", "b"]) doubled.push(...text(name), get, i - 1, setItem);
    doubled.push(put, i);
  }
  await refused(withPickle(Uint8Array.from([...doubled, stop])), /hold more than a network has/);
  // A table that holds itself.
  const circle = [...protocol, dict, put, 0, ...text("a"), get, 0, setItem, stop];
  await refused(withPickle(Uint8Array.from(circle)), /hold more than a network has/);
  // Copies of one long table.
  const long = [...protocol, list, put, 0, mark];
  for (let i = 0; i < 20_000; i++) long.push(...text("a"), ...text("b"), 0x86);
  long.push(append_many);
  const copies = [...long, ...global("collections", "OrderedDict"), put, 1];
  for (let i = 0; i < 20_000; i++) copies.push(get, 1, get, 0, 0x85, reduce);
  await refused(withPickle(Uint8Array.from([...copies, stop])), /copies its tables too often/);
  const builds = [...protocol, ...doubled.slice(2, 5), mark];
  for (let i = 0; i < 20_000; i++) builds.push(...text(`k${i}`), 0x4e);
  builds.push(0x75);
  for (let i = 0; i < 20_000; i++) builds.push(list, get, 0, build, append);
  await refused(withPickle(Uint8Array.from([...builds, stop])), /table of tensors is damaged/);
});

Deno.test("ZIP bombs in the place of weights, and lying directories, are refused", async () => {
  const zeros = new Uint8Array(32 * 2 ** 20);
  await refused(
    zipSync({ ...parts, "archive/data/0": zeros }, { level: 1 }),
    /unpacks to more than/,
  );
  await refused(zipSync({ ...parts, "../x": new Uint8Array(3) }, { level: 0 }), /leads out of it/);
  const huge = await Deno.open(file, { create: true, write: true });
  await huge.truncate(2 ** 40);
  huge.close();
  await assert.rejects(readWeights(file), /w\.pt: The file has 1048576\.0 MiB, more than/);
  await assert.rejects(
    readWeights("/dev/zero"),
    /\/dev\/zero: This is a pipe, a socket or a device/,
  );
  await assert.rejects(readWeights(folder), /This is a folder/);
  await Deno.remove(file);
});

Deno.test("kept weights that were changed are noticed", async () => {
  const { pretrained } = await import("./pretrained.ts");
  const name = await keep(tensors);
  const kept = keptWeights(name);
  const bytes = await Deno.readFile(kept);
  bytes[bytes.length - 1]! ^= 1;
  await Deno.writeFile(kept, bytes);
  const params = { b: volume(Float32Array.of(0), [1]) };
  const block = {
    init: () => ({ params, state: {}, outputShape: [1] }),
    apply: () => {
      throw new Error("not reached");
    },
  };
  const network = pretrained(block as never, name, [{ ours: "b", theirs: "b" }]) as typeof block;
  assert.throws(() => network.init(), /DataError: .*The kept weights are damaged/);
});
