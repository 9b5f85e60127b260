/**
 * A look into a ZIP file before something unpacks it in memory.
 *
 * Programs read ZIP files in different ways: by the directory at the end, by the headers before each part,
 * by either of two records of the directory's place. A harmful file tells each another story. So a file
 * is usable only if all places agree, and every part is unpacked once with a limit on its size.
 *
 * @module
 */
import { inflateRawSync } from "node:zlib";

/** What a ZIP file may unpack to. */
export interface ZipBounds {
  readonly entries: number;
  readonly bytes: number;
}

/** Says what speaks against unpacking a ZIP file: nothing, or one phrase. */
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
  const directory = directoryOf(view, end);
  if (directory === undefined) return "its records of the directory contradict each other";
  const { count } = directory;
  if (count > bounds.entries) return `it has ${count} parts, more than ${bounds.entries}`;
  let left = bounds.bytes;
  for (let i = 0, at = directory.at; i < count; i++) {
    const entry = readEntry(bytes, view, at);
    if (typeof entry === "string") return entry;
    // As long as nothing is left the limit would be none.
    if (left < 1 || entry.size > left) return tooMuch(bounds);
    const unpacked = unpackedSize(entry, left);
    if (unpacked !== entry.size) return "a part has another size than the directory says";
    left -= unpacked;
    at = entry.next;
  }
  return undefined;
}

interface Entry {
  readonly packed: Uint8Array;
  readonly method: number;
  readonly size: number;
  /** Where the next entry of the directory begins. */
  readonly next: number;
}

/** An entry of the directory, or what is wrong with it. */
function readEntry(bytes: Uint8Array, view: DataView, at: number): Entry | string {
  if (view.getUint32(at, true) !== 0x02014b50) return "its directory is damaged";
  const [flags, method] = [view.getUint16(at + 8, true), view.getUint16(at + 10, true)];
  const [packed, size] = [view.getUint32(at + 20, true), view.getUint32(at + 24, true)];
  const nameLength = view.getUint16(at + 28, true);
  const local = view.getUint32(at + 42, true);
  const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength));
  if (leadsOut(name)) return `the name of a part leads out of it: '${name.slice(0, 100)}'`;
  if ((flags & 1) !== 0 || (method !== 0 && method !== 8)) return "a part is packed in another way";
  const begin = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
  const agree = view.getUint32(local, true) === 0x04034b50 &&
    view.getUint16(local + 8, true) === method &&
    agrees(view, local, { packed, size }) && begin + packed <= bytes.length;
  if (!agree) return "its directory contradicts its parts";
  const next = at + 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  return { packed: bytes.subarray(begin, begin + packed), method, size, next };
}

/** Whether the header before a part gives the sizes of the directory, or leaves them to what follows it. */
function agrees(
  view: DataView,
  local: number,
  { packed, size }: { readonly packed: number; readonly size: number },
): boolean {
  const found = [view.getUint32(local + 18, true), view.getUint32(local + 22, true)];
  const later = (view.getUint16(local + 6, true) & 8) !== 0;
  const whole = 0xffffffff; // The sizes stand in an extra field: the directory's are small all the same.
  return [packed, size].every((wanted, i) =>
    found[i] === wanted || (later && found[i] === 0) || found[i] === whole
  );
}

function leadsOut(name: string): boolean {
  const parts = name.split(/[/\\]/);
  return name.includes("\0") || parts.includes("..") || parts[0] === "" || /^[A-Za-z]:/.test(name);
}

function unpackedSize({ packed, method, size }: Entry, limit: number): number {
  if (method === 0) return packed.length;
  return inflateRawSync(packed, { maxOutputLength: Math.min(limit, size + 1) }).length;
}

/** Where the directory is and how many entries it has, if all records agree. */
function directoryOf(
  view: DataView,
  end: number,
): { readonly at: number; readonly count: number } | undefined {
  const [onDisk, count] = [view.getUint16(end + 8, true), view.getUint16(end + 10, true)];
  const at = view.getUint32(end + 16, true);
  const found = onDisk === count ? { at, count } : undefined;
  if (end < 20 || view.getUint32(end - 20, true) !== 0x07064b50) return found;
  // The record for large files, which has the same numbers in eight bytes.
  const record = Number(view.getBigUint64(end - 12, true));
  if (view.getUint32(record, true) !== 0x06064b50) return undefined;
  const [counts, place] = [[record + 24, record + 32], record + 48]
    .map((where) => [where].flat().map((one) => Number(view.getBigUint64(one, true))));
  const same = counts!.every((one) => one === count) && place![0] === at;
  return same ? found : undefined;
}

/** The record at the end of the file, with a comment of up to 65535 bytes; there must be one only. */
function endRecord(view: DataView): number | undefined {
  const lowest = Math.max(0, view.byteLength - 22 - 0xffff);
  for (let at = view.byteLength - 4; at >= lowest; at--) {
    if (view.getUint32(at, true) !== 0x06054b50) continue;
    const whole = at + 22 <= view.byteLength &&
      at + 22 + view.getUint16(at + 20, true) === view.byteLength;
    return whole ? at : undefined;
  }
  return undefined;
}
