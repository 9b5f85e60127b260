/**
 * A look over the structure of an Arrow file or stream before it is read: the library for Arrow believes every
 * length, so that four bytes keep it busy for hours or fill the memory. (Format: arrow's `Message.fbs`,
 * `Schema.fbs` and `File.fbs`.)
 *
 * @module
 */
import { Flatbuffer, items, table, tables, type TableShape, text } from "./flatbuffer.ts";

const keyValue = (): TableShape => ({ 0: text, 1: text });
// Of the kinds of types only times with a zone and unions have more than plain numbers.
const typeTable = (): TableShape => ({ 1: maybeList });
const field = (): TableShape => ({
  0: text,
  3: table(typeTable),
  4: table(() => ({ 1: table(() => ({})) })),
  5: tables(field),
  6: tables(keyValue),
});
const schema = (): TableShape => ({ 1: tables(field), 2: tables(keyValue), 3: items(8) });
const footer = (): TableShape => ({
  1: table(schema),
  2: items(24),
  3: items(24),
  4: tables(keyValue),
});
const batch = (): TableShape => ({ 1: items(16), 2: items(16), 3: table(() => ({})) });

/** The second field of a type, which is a number in most, and a text or a list in some: none is followed. */
function maybeList(): void {}

const headers: Readonly<Record<number, () => TableShape>> = {
  1: schema,
  2: () => ({ 1: table(batch) }),
  3: batch,
};

/**
 * What is wrong with the structure of a file or stream, in one phrase.
 *
 * @param isStream whether messages follow each other, without a footer
 */
export function structureProblem(bytes: Uint8Array, isStream: boolean): string | undefined {
  try {
    if (isStream) checkStream(bytes);
    else checkFile(bytes);
    return undefined;
  } catch (error) {
    // DataView's word for reading past the end.
    return error instanceof RangeError ? "an offset leads out of it" : (error as Error).message;
  }
}

function checkStream(bytes: Uint8Array): void {
  for (let at = 0; at + 8 <= bytes.length;) {
    const next = checkMessage(bytes, at);
    if (next === undefined) return;
    at = next;
  }
}

/** The file's footer, in front of its length and six bytes of magic, says where messages begin. */
function checkFile(bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = bytes.length - 10;
  const length = view.getInt32(end, true);
  if (length <= 0 || length > end) throw new Error("its footer is not there");
  const buffer = new Flatbuffer(bytes.subarray(end - length, end));
  buffer.check(buffer.root, footer());
  if (buffer.field(buffer.root, 1) === undefined) throw new Error("it has no schema");
  let left = bytes.length;
  for (const number of [2, 3]) {
    const at = buffer.field(buffer.root, number);
    const blocks = at === undefined ? { first: 0, length: 0 } : buffer.list(at, 24);
    for (let i = 0; i < blocks.length; i++) {
      const begin = buffer.count(blocks.first + 24 * i);
      const next = checkMessage(bytes, begin);
      if (next === undefined) throw new Error("a part is empty");
      // Parts that overlap would make a small file as large as one likes.
      left -= next - begin;
      if (left < 0) throw new Error("its parts overlap");
    }
  }
}

/**
 * Checks a message and its body.
 *
 * @returns where the next one begins; nothing at the mark of a stream's end
 */
function checkMessage(bytes: Uint8Array, begin: number): number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // Files of old versions lack the four bytes of ones.
  const at = view.getInt32(begin, true) === -1 ? begin + 4 : begin;
  const length = view.getInt32(at, true);
  if (length === 0) return undefined;
  const end = at + 4 + length;
  if (length < 0 || end > bytes.length) throw new Error("a part is longer than the file");
  const buffer = new Flatbuffer(bytes.subarray(at + 4, end));
  const { root } = buffer;
  const [kindAt, headerAt, bodyAt] = [1, 2, 3].map((number) => buffer.field(root, number));
  const kind = kindAt === undefined ? 0 : buffer.view.getUint8(kindAt);
  const shape = headers[kind];
  if (shape === undefined || headerAt === undefined) throw new Error("a part is of no known kind");
  const header = buffer.follow(headerAt);
  buffer.check(header, shape());
  buffer.check(root, { 4: tables(keyValue) });
  const body = bodyAt === undefined ? 0 : buffer.count(bodyAt);
  if (end + body > bytes.length) throw new Error("a part is longer than the file");
  const data = kind === 2 ? buffer.field(header, 1) : undefined;
  if (kind === 2 && data === undefined) throw new Error("a part has no data");
  if (kind !== 1) {
    checkBatch(buffer, data === undefined ? header : buffer.follow(data), {
      body,
      whole: bytes.length,
    });
  }
  return end + body;
}

/** Columns have no more rows than the file has bits, and lie within the body. */
function checkBatch(
  buffer: Flatbuffer,
  batch: number,
  { body, whole }: { readonly body: number; readonly whole: number },
): void {
  const rows = (at: number): void => {
    if (buffer.count(at) > 8 * whole) throw new Error("it has more rows than bytes");
  };
  const lengthAt = buffer.field(batch, 0);
  if (lengthAt !== undefined) rows(lengthAt);
  const [nodes, buffers] = [1, 2].map((number) => {
    const at = buffer.field(batch, number);
    return at === undefined ? { first: 0, length: 0 } : buffer.list(at, 16);
  });
  for (let i = 0; i < nodes!.length; i++) {
    rows(nodes!.first + 16 * i);
    rows(nodes!.first + 16 * i + 8);
  }
  for (let i = 0; i < buffers!.length; i++) {
    const at = buffers!.first + 16 * i;
    if (buffer.count(at) + buffer.count(at + 8) > body) {
      throw new Error("a column lies beyond its part");
    }
  }
}
