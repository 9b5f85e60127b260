/**
 * Damaged and hostile variants of valid files, for tests of parsers: whatever a file holds, a parser gives
 * a value or an error that names the file.
 *
 * The variants follow from a seed, so that a failure comes again. `FLEETING_FUZZ=100` makes a hundred times as
 * many.
 *
 * @module
 */
import assert from "node:assert/strict";
import { UserError } from "./errors.ts";
import { type Rng, rng } from "./rng.ts";

/** What {@linkcode fuzz} tries. */
export interface Fuzzing<T> {
  /** Names the stream of variants. */
  readonly name: string;
  /** Makes a variant. */
  readonly variant: (random: Rng) => T;
  /** Parses it; every outcome is fine but an error that is none of {@linkcode UserError}. */
  readonly parse: (variant: T) => unknown;
  /** What an error's message has to hold: the name of the file that {@linkcode parse} was told. */
  readonly file: string;
  /** How many variants. */
  readonly cases: number;
}

/** How many variants ended in which way. */
export interface FuzzCount {
  readonly values: number;
  readonly errors: number;
}

/** Far above what any test file needs, far below what a declared size can ask for. */
const mostGrowth = 1.5 * 2 ** 30;

/**
 * Parses many variants.
 *
 * @throws AssertionError with the variant's number for any outcome but a value and an error that names the
 * file, and when memory grows without measure
 */
export async function fuzz<T>(
  { name, variant, parse, file, cases }: Fuzzing<T>,
): Promise<FuzzCount> {
  const total = Math.round(cases * Number(Deno.env.get("FLEETING_FUZZ") || 1));
  const before = Deno.memoryUsage().rss;
  let [values, errors, slowest, slow] = [0, 0, 0, 0];
  for (let i = 0; i < total; i++) {
    const input = variant(rng(1, "fuzz", name, i));
    const began = performance.now();
    try {
      await parse(input);
      values++;
    } catch (error) {
      const sound = error instanceof UserError && error.message.includes(file);
      if (!sound) await failed(name, i, { input, error });
      errors++;
    }
    const took = performance.now() - began;
    if (took > slowest) [slowest, slow] = [took, i];
    if (i % 50 === 0) {
      const grown = Deno.memoryUsage().rss - before;
      assert.ok(grown < mostGrowth, `${name}, variant ${i}: memory grew by ${grown} bytes`);
    }
  }
  if (Deno.env.get("FLEETING_FUZZ")) {
    const counts = `${total} variants, ${values} values, ${errors} errors`;
    console.error(`${name}: ${counts}; the slowest, ${slow}, took ${slowest.toFixed(0)} ms`);
  }
  return { values, errors };
}

async function failed(
  name: string,
  i: number,
  { input, error }: { readonly input: unknown; readonly error: unknown },
): Promise<never> {
  const kept = await Deno.makeTempFile({ prefix: "fuzz-" });
  if (input instanceof Uint8Array) await Deno.writeFile(kept, input);
  else await Deno.writeTextFile(kept, typeof input === "string" ? input : JSON.stringify(input));
  throw new assert.AssertionError({
    message: `${name}, variant ${i} (kept in ${kept}): ${(error as Error).stack ?? error}`,
  });
}

/** A damaged copy of one of some files: bytes flipped, cut, doubled, spliced, and lengths made huge. */
export function damaged(files: readonly Uint8Array[], random: Rng): Uint8Array<ArrayBuffer> {
  let bytes = new Uint8Array(pick(files, random));
  for (let left = 1 + random.integer(4); left > 0; left--) {
    bytes = pick(damages, random)(bytes, random, files);
  }
  return bytes;
}

/** Numbers that lengths, counts and offsets go wrong at. */
const edges = [
  ...[0, 1, 2, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x10000, 0x7fffffff, 0x80000000],
  ...[0xfffffffe, 0xffffffff],
];

type Damage = (
  bytes: Uint8Array<ArrayBuffer>,
  random: Rng,
  files: readonly Uint8Array[],
) => Uint8Array<ArrayBuffer>;

const damages: readonly Damage[] = [
  (bytes, random) => {
    for (let left = 1 + random.integer(8); left > 0 && bytes.length > 0; left--) {
      bytes[random.integer(bytes.length)]! ^= 1 << random.integer(8);
    }
    return bytes;
  },
  (bytes, random) => {
    if (bytes.length > 0) bytes[random.integer(bytes.length)] = pick(edges, random) & 0xff;
    return bytes;
  },
  writeEdge,
  writeEdge,
  (bytes, random) => bytes.slice(0, random.integer(bytes.length + 1)),
  (bytes, random) => {
    const [from, to] = stretch(bytes, random);
    return joined(bytes.subarray(0, from), bytes.subarray(to));
  },
  (bytes, random) => {
    const [from, to] = stretch(bytes, random);
    return joined(bytes.subarray(0, to), bytes.subarray(from));
  },
  (bytes, random) => {
    const [from, to] = stretch(bytes, random);
    bytes.fill(pick(edges, random) & 0xff, from, to);
    return bytes;
  },
  (bytes, random, files) => {
    const other = pick(files, random);
    const at = random.integer(Math.min(bytes.length, other.length) + 1);
    return joined(bytes.subarray(0, at), other.subarray(at));
  },
];

function writeEdge(bytes: Uint8Array<ArrayBuffer>, random: Rng): Uint8Array<ArrayBuffer> {
  const size = pick([2, 4, 8] as const, random);
  if (bytes.length < size) return bytes;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const at = random.integer(bytes.length - size + 1);
  const number = random.integer(2) === 0 ? pick(edges, random) : random.integer(2 * bytes.length);
  const little = random.integer(3) > 0;
  if (size === 2) view.setUint16(at, number, little);
  else if (size === 4) view.setUint32(at, number, little);
  else view.setBigUint64(at, BigInt(number) << BigInt(pick([0, 0, 31, 32], random)), little);
  return bytes;
}

function stretch(bytes: Uint8Array, random: Rng): [number, number] {
  const from = random.integer(bytes.length + 1);
  const most = random.integer(2) === 0 ? 64 : bytes.length;
  return [from, Math.min(bytes.length, from + random.integer(most + 1))];
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

/** One of some things. */
export function pick<T>(things: readonly T[], random: Rng): T {
  return things[random.integer(things.length)] as T;
}

/** Values that nobody means. */
const hostileValues: readonly unknown[] = [
  ...[
    null,
    true,
    0,
    -1,
    0.5,
    1e308,
    2 ** 53,
    -(2 ** 31),
    "",
    "\0",
    "../../../etc/passwd",
    "/dev/zero",
  ],
  ...["__proto__", "constructor", "toString", "a\nb", "\u001b[2J", "x".repeat(5000), "sub01/../.."],
  ...[[], {}, [[]], [null], { length: -1 }, { toString: 1 }, { shape: [] }, { then: 1 }],
  JSON.parse('{"__proto__": {"x": 1}}'),
];

const hostileKeys = ["__proto__", "constructor", "toString", "hasOwnProperty", "", "../x", "shape"];

/** A copy of a JSON value in which some parts are gone, doubled, renamed or something else. */
export function hostile(value: unknown, random: Rng): unknown {
  let copy = structuredClone(value);
  for (let left = 1 + random.integer(3); left > 0; left--) copy = changed(copy, random);
  return copy;
}

function changed(value: unknown, random: Rng): unknown {
  const isBranch = typeof value === "object" && value !== null;
  const keys = isBranch ? Object.keys(value) : [];
  if (keys.length === 0 || random.integer(4) === 0) return other(value, random);
  const key = pick(keys, random);
  const inner = (value as Record<string, unknown>)[key];
  if (Array.isArray(value)) return changedList(value, Number(key), random);
  const rest = Object.entries(value as object).filter(([name]) => name !== key);
  switch (random.integer(8)) {
    case 0:
      return Object.fromEntries(rest);
    case 1:
      return Object.fromEntries([...rest, [pick(hostileKeys, random), inner]]);
    default:
      return Object.fromEntries([...rest, [key, changed(inner, random)]]);
  }
}

function changedList(list: readonly unknown[], at: number, random: Rng): unknown[] {
  switch (random.integer(8)) {
    case 0:
      return list.toSpliced(at, 1);
    case 1:
      return list.toSpliced(at, 0, list[at], pick(hostileValues, random));
    default:
      return list.with(at, changed(list[at], random));
  }
}

function other(value: unknown, random: Rng): unknown {
  if (typeof value === "number" && random.integer(2) === 0) {
    return pick([-value, value + 1, value * 1e9, value / 3, String(value)], random);
  }
  if (random.integer(20) === 0) return deep(3000);
  return structuredClone(pick(hostileValues, random));
}

function deep(levels: number): unknown {
  let value: unknown = [];
  for (let i = 0; i < levels; i++) value = [value];
  return value;
}
