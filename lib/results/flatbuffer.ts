/**
 * Whether bytes are a sound flatbuffer: a reader believes every offset and every length in them, and loops for
 * hours over a list that says to have two thousand million entries.
 *
 * @module
 */

/** Says what stands in a field, by throwing when it is not there. */
export type FieldCheck = (buffer: Flatbuffer, at: number) => void;

/** The fields of a table that hold lists, texts or tables, by their number; others are plain numbers. */
export type TableShape = Readonly<Record<number, FieldCheck>>;

/** More parts than any table of predictions has columns, each with some parts. */
const mostParts = 200_000;

/** Bytes of a flatbuffer; every access is within them, or throws a RangeError. */
export class Flatbuffer {
  readonly view: DataView;
  #left = mostParts;

  constructor(bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** The place of the outermost table. */
  get root(): number {
    return this.follow(0);
  }

  /** Where an offset leads: forwards, so that nothing is within itself. */
  follow(at: number): number {
    const offset = this.view.getInt32(at, true);
    if (offset <= 0 || at + offset + 4 > this.view.byteLength) {
      throw new Error("an offset is wrong");
    }
    return at + offset;
  }

  /** Where a field of a table stands; undefined where it is left out. */
  field(table: number, number: number): number | undefined {
    const list = table - this.view.getInt32(table, true);
    const place = 4 + 2 * number;
    if (place + 2 > this.view.getUint16(list, true)) return undefined;
    const offset = this.view.getUint16(list + place, true);
    return offset === 0 ? undefined : table + offset;
  }

  /** Checks a table and all that it holds. */
  check(table: number, shape: TableShape): void {
    if (--this.#left < 0) throw new Error("it has more parts than a table of predictions");
    for (const [number, check] of Object.entries(shape)) {
      const at = this.field(table, Number(number));
      if (at !== undefined) check(this, at);
    }
  }

  /** The places of a list's items, each of so many bytes. */
  list(at: number, width: number): { readonly first: number; readonly length: number } {
    const begin = this.follow(at);
    const length = this.view.getInt32(begin, true);
    if (length < 0 || begin + 4 + length * width > this.view.byteLength) {
      throw new Error("a list is longer than the file");
    }
    return { first: begin + 4, length };
  }

  /** A number of eight bytes that counts something. */
  count(at: number): number {
    const value = Number(this.view.getBigInt64(at, true));
    if (!Number.isSafeInteger(value) || value < 0) throw new Error("a length is wrong");
    return value;
  }
}

/** A text, or a list of bytes. */
export const text: FieldCheck = (buffer, at) => {
  buffer.list(at, 1);
};

/** A list of plain items of so many bytes. */
export function items(width: number): FieldCheck {
  return (buffer, at) => {
    buffer.list(at, width);
  };
}

/** A table. */
export function table(shape: () => TableShape): FieldCheck {
  return (buffer, at) => buffer.check(buffer.follow(at), shape());
}

/** A list of tables. */
export function tables(shape: () => TableShape): FieldCheck {
  return (buffer, at) => {
    const { first, length } = buffer.list(at, 4);
    for (let i = 0; i < length; i++) buffer.check(buffer.follow(first + 4 * i), shape());
  };
}
