/**
 * Pickles, byte by byte, with what they may ask for bounded.
 *
 * @module
 */
import { BufferReader } from "pickleparser";

/** The opcodes that `torch.save` writes for tables of tensors, in the protocols 2 to 5. */
const known = new Set([
  ...[0x80, 0x95, 0x2e, 0x94, 0x71, 0x72, 0x68, 0x6a], // PROTO FRAME STOP MEMOIZE, PUTs and GETs
  ...[0x4e, 0x88, 0x89, 0x4a, 0x4b, 0x4d, 0x8a, 0x47], // NONE, booleans and numbers
  ...[0x58, 0x8c, 0x8d, 0x63, 0x93, 0x51], // texts, GLOBAL, STACK_GLOBAL, BINPERSID
  ...[0x28, 0x29, 0x74, 0x85, 0x86, 0x87], // MARK and tuples
  ...[0x5d, 0x61, 0x65, 0x7d, 0x73, 0x75], // lists and dictionaries
  ...[0x52, 0x62], // REDUCE and BUILD
]);

const build = 0x62;

/** Far above the tables of the largest networks. */
const mostBytes = 16 * 2 ** 20;

/** What a parser reads a pickle by. */
export class PickleReader extends BufferReader {
  #opcodeNext = false;
  #builds = 0;

  /** @throws Error when the pickle is larger than any table of tensors */
  constructor(bytes: Uint8Array) {
    if (bytes.length > mostBytes) throw new Error("it is larger than a table of tensors can be");
    super(bytes);
  }

  /** Asked before each opcode. */
  override hasNext(): boolean {
    this.#opcodeNext = true;
    return super.hasNext();
  }

  override byte(): number {
    const byte = super.byte();
    if (this.#opcodeNext) this.#check(byte);
    this.#opcodeNext = false;
    return byte;
  }

  #check(opcode: number): void {
    if (!known.has(opcode)) throw new Error(`the opcode ${opcode} is none of torch.save's`);
    // Each copies a table that was read before, so a small file could fill the memory with copies of one.
    if (opcode === build && ++this.#builds * this.position > 2e7) {
      throw new Error("it copies its tables too often");
    }
  }
}

/** How much the calls of one pickle may handle in all, counted in arguments and entries. */
export class Budget {
  #left = 5_000_000;

  /** @throws Error when it is used up */
  spend(amount: number): void {
    this.#left -= 1 + amount;
    if (!(this.#left >= 0)) throw new Error("it copies its tables too often");
  }
}
