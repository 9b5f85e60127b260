/**
 * A regressor as one block of bytes that is used as it lies: dlib's format takes half a second to
 * read, this one as long as the disk.
 *
 * 96 bytes of header (magic, version and sizes as 32-bit integers, SHA-256 of the file it was made
 * from, SHA-256 of all the rest), then the arrays: single precision numbers, then 16-bit indices,
 * all little-endian as every machine that Deno runs on.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { type Regressor, regressorLengths, type RegressorSizes } from "./regressor.ts";

const magic = "FLEETERT";
const version = 1;
const headerBytes = 96;
const sizeNames = ["points", "cascades", "trees", "depth", "pixels"] as const;
const floatNames = ["initial", "thresholds", "leaves", "deltas"] as const;
const indexNames = ["pairs", "anchors"] as const;

/**
 * Packs a regressor.
 *
 * @param source SHA-256, in hexadecimal, of the file that it was read from
 */
export function packRegressor(regressor: Regressor, source: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(packedBytes(regressor.sizes));
  bytes.set(new TextEncoder().encode(magic));
  const numbers = [version, ...sizeNames.map((name) => regressor.sizes[name])];
  bytes.set(new Uint8Array(Uint32Array.from(numbers).buffer), 8);
  bytes.set(Uint8Array.fromHex(source), 32);
  let at = headerBytes;
  for (const name of [...floatNames, ...indexNames]) {
    const array = regressor[name];
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at);
    at += array.byteLength;
  }
  bytes.set(digestOf(bytes), 64);
  return bytes;
}

/**
 * Opens a pack; its arrays are views of `bytes`.
 *
 * @param source SHA-256 of the file that the pack has to come from
 * @returns nothing when the pack is of another file or version, or not whole
 */
export function openPack(bytes: Uint8Array<ArrayBuffer>, source: string): Regressor | undefined {
  if (bytes.byteOffset !== 0 || bytes.length < headerBytes) return undefined;
  if (new TextDecoder().decode(bytes.subarray(0, 8)) !== magic) return undefined;
  const [found, ...numbers] = new Uint32Array(bytes.buffer, 8, 1 + sizeNames.length);
  if (found !== version || bytes.subarray(32, 64).toHex() !== source) return undefined;
  const sizes = Object.fromEntries(
    sizeNames.map((name, i) => [name, numbers[i]!]),
  ) as unknown as RegressorSizes;
  if (bytes.length !== packedBytes(sizes)) return undefined;
  if (bytes.subarray(64, headerBytes).toHex() !== digestOf(bytes).toHex()) return undefined;
  const lengths = regressorLengths(sizes);
  let at = headerBytes;
  const floats = (length: number): Float32Array => {
    const array = new Float32Array(bytes.buffer, at, length);
    at += array.byteLength;
    return array;
  };
  const indices = (length: number): Uint16Array => {
    const array = new Uint16Array(bytes.buffer, at, length);
    at += array.byteLength;
    return array;
  };
  return {
    sizes,
    initial: floats(lengths.initial),
    thresholds: floats(lengths.thresholds),
    leaves: floats(lengths.leaves),
    deltas: floats(lengths.deltas),
    pairs: indices(lengths.pairs),
    anchors: indices(lengths.anchors),
  };
}

function packedBytes(sizes: RegressorSizes): number {
  const lengths = regressorLengths(sizes);
  const sum = (names: readonly (keyof typeof lengths)[]): number =>
    names.reduce((total, name) => total + lengths[name], 0);
  return headerBytes + 4 * sum(floatNames) + 2 * sum(indexNames);
}

/** SHA-256 of everything but the place where it stands. */
function digestOf(bytes: Uint8Array): Uint8Array {
  return createHash("sha256").update(bytes.subarray(0, 64)).update(bytes.subarray(headerBytes))
    .digest();
}
