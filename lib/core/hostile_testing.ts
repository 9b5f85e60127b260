/**
 * JSON values in which parts are gone, doubled, renamed or something else, for tests of what reads JSON.
 *
 * @module
 */
import { pick } from "./fuzz_testing.ts";
import type { Rng } from "./rng.ts";

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
