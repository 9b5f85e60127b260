/**
 * A checksum of a file inside that file.
 *
 * Arrow files carry none, and a parser that trusts a damaged length can loop for minutes. So the seal
 * is checked on the raw bytes before anything is parsed: it is the SHA-256 of the file with the
 * seal's own digits set to 0.
 *
 * @module
 */
import { sha256 } from "lib/core/json.ts";

const marker = "fleeting-seal:";

/** The text to put where the seal shall be; it may stand in a file several times. */
export const openSeal: string = marker + "0".repeat(64);

/** The bytes with every open seal closed. */
export function closeSeals(bytes: Uint8Array): Uint8Array {
  return withDigits(bytes, sha256(withDigits(bytes, "0".repeat(64))));
}

/** Whether a file has seals, and whether they fit its bytes. */
export function checkSeals(bytes: Uint8Array): "intact" | "damaged" | "none" {
  const text = latin1(bytes);
  const seals = [...text.matchAll(pattern)];
  if (seals.length === 0) return text.includes("fleeting-") ? "damaged" : "none";
  const right = sha256(withDigits(bytes, "0".repeat(64)));
  return seals.every(([, digits]) => digits === right) ? "intact" : "damaged";
}

const pattern = new RegExp(`${marker}([0-9a-f]{64})`, "g");

/** One character a byte, so that positions in the text are positions in the bytes. */
function latin1(bytes: Uint8Array): string {
  return new TextDecoder("latin1").decode(bytes);
}

function withDigits(bytes: Uint8Array, digits: string): Uint8Array {
  const copy = bytes.slice();
  for (const { index } of latin1(bytes).matchAll(pattern)) {
    copy.set(new TextEncoder().encode(digits), index + marker.length);
  }
  return copy;
}
