/**
 * JSON with one spelling, and digests of it.
 *
 * @module
 */
import { createHash } from "node:crypto";

/** A value that JSON can hold without loss. */
export type Json = null | boolean | number | string | readonly Json[] | {
  readonly [key: string]: Json;
};

/**
 * JSON with sorted keys and no spaces: equal values give equal text, whatever the key order.
 * A key whose value is `undefined` is left out.
 *
 * @throws TypeError for what JSON would lose silently (NaN, Infinity, functions, …)
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === "boolean" || typeof value === "string") {
    return JSON.stringify(value);
  }
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new TypeError(`Cannot write ${value} as JSON`);
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value === "object" && Object.getPrototypeOf(value) === Object.prototype) {
    const entries = Object.entries(value).filter(([, v]) => v !== undefined);
    entries.sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([k, v]) => `${JSON.stringify(k)}:${canonicalJson(v)}`).join(",")}}`;
  }
  throw new TypeError(`Cannot write a ${typeof value} as JSON`);
}

/** SHA-256 of bytes or UTF-8 text, as 64 hexadecimal digits. */
export function sha256(content: Uint8Array | string): string {
  return createHash("sha256").update(content).digest("hex");
}

/** SHA-256 of a value's canonical JSON: the same for equal values. */
export function digest(value: unknown): string {
  return sha256(canonicalJson(value));
}
