import assert from "node:assert/strict";
import { checkSeals, closeSeals, openSeal } from "./seal.ts";

const encode = (text: string) => new TextEncoder().encode(text);

Deno.test("closeSeals() closes every seal the same way and checkSeals() accepts it", () => {
  const sealed = closeSeals(encode(`head ${openSeal} middle \u00e9 ${openSeal} end`));
  assert.equal(checkSeals(sealed), "intact");
  const found = new TextDecoder().decode(sealed).match(/[0-9a-f]{64}/g)!;
  assert.equal(found.length, 2);
  assert.equal(found[0], found[1]);
  assert.notEqual(found[0], "0".repeat(64));
});

Deno.test("checkSeals() notices a change of any single byte", () => {
  const sealed = closeSeals(encode(`head ${openSeal} end`));
  for (let i = 0; i < sealed.length; i++) {
    const changed = sealed.slice();
    changed[i]! ^= 1;
    assert.notEqual(checkSeals(changed), "intact", `byte ${i}`);
  }
});

Deno.test("checkSeals() tells a file without seals from a damaged one", () => {
  assert.equal(checkSeals(encode("some other Arrow file")), "none");
  assert.equal(checkSeals(encode(openSeal)), "damaged");
  assert.equal(checkSeals(encode("fleeting-result/1, seal gone")), "damaged");
});
