/**
 * A look into a ZIP file before something unpacks it in memory.
 *
 * @module
 */
import { inflateRawSync } from "node:zlib";

/** What a ZIP file may unpack to. */
export interface ZipBounds {
  readonly entries: number;
  readonly bytes: number;
}

/**
 * Says what speaks against unpacking a ZIP file: nothing, or one phrase. Every entry is unpacked once
 * with a limit on its size, since a harmful file lies about sizes in its own directory.
 */
export function zipProblem(bytes: Uint8Array, bounds: ZipBounds): string | undefined {
  try {
    return checkEntries(bytes, bounds);
  } catch (error) {
    if ((error as { code?: string }).code === "ERR_BUFFER_TOO_LARGE") return tooMuch(bounds);
    return `it is damaged (${(error as Error).message})`;
  }
}

function tooMuch({ bytes }: ZipBounds): string {
  return `it unpacks to more than ${Math.round(bytes / 2 ** 20)} MiB`;
}

function checkEntries(bytes: Uint8Array, bounds: ZipBounds): string | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = endRecord(view);
  if (end === undefined) return "it is no ZIP file, or cut off";
  const count = view.getUint16(end + 10, true);
  if (count > bounds.entries) return `it has ${count} parts, more than ${bounds.entries}`;
  let left = bounds.bytes;
  for (let i = 0, at = view.getUint32(end + 16, true); i < count; i++) {
    if (view.getUint32(at, true) !== 0x02014b50) return "its directory is damaged";
    const [method, packed] = [view.getUint16(at + 10, true), view.getUint32(at + 20, true)];
    const local = view.getUint32(at + 42, true);
    const begin = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    left -= unpackedSize(bytes.subarray(begin, begin + packed), method, left);
    if (left < 1) return tooMuch(bounds);
    at += 46 + view.getUint16(at + 28, true) + view.getUint16(at + 30, true) +
      view.getUint16(at + 32, true);
  }
  return undefined;
}

function unpackedSize(packed: Uint8Array, method: number, limit: number): number {
  if (method === 0) return packed.length;
  return inflateRawSync(packed, { maxOutputLength: limit }).length;
}

/** The record at the end of the file; a comment of up to 65535 bytes may follow it. */
function endRecord(view: DataView): number | undefined {
  const lowest = Math.max(0, view.byteLength - 22 - 0xffff);
  for (let at = view.byteLength - 22; at >= lowest; at--) {
    if (view.getUint32(at, true) === 0x06054b50) return at;
  }
  return undefined;
}
