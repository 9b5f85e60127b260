import assert from "node:assert/strict";
import { canonicalJson, digest, sha256 } from "./json.ts";

Deno.test("canonicalJson() sorts keys at every depth and keeps array order", () => {
  assert.equal(
    canonicalJson({ b: [{ z: 1, a: "é" }, 2], a: null, c: undefined }),
    '{"a":null,"b":[{"a":"é","z":1},2]}',
  );
});

Deno.test("canonicalJson() refuses what JSON would lose", () => {
  for (const value of [NaN, Infinity, () => 1, new Map(), [undefined]]) {
    assert.throws(() => canonicalJson(value), TypeError);
  }
});

Deno.test("digest() is the SHA-256 of the canonical text", () => {
  assert.equal(digest({ b: 1, a: 2 }), sha256('{"a":2,"b":1}'));
  // The published test vector of SHA-256 for "abc".
  assert.equal(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});
