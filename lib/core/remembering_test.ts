import assert from "node:assert/strict";
import { remembering } from "./remembering.ts";

Deno.test("remembering() does work once for equal arguments, and keeps failures", async () => {
  const done: string[] = [];
  const work = remembering((name: string, given?: { readonly fails?: boolean }) => {
    done.push(name);
    return given?.fails ? Promise.reject(new Error(name)) : Promise.resolve(name);
  });
  assert.deepEqual(await Promise.all([work("a"), work("a"), work("b")]), ["a", "a", "b"]);
  await assert.rejects(work("a", { fails: true }), /^Error: a$/);
  await assert.rejects(work("a", { fails: true }), /^Error: a$/);
  assert.deepEqual(done, ["a", "b", "a"]);
});

Deno.test("remembering() tells arguments apart by their key alone", async () => {
  let count = 0;
  const work = remembering((_: string) => Promise.resolve(++count), (text) => text.toLowerCase());
  assert.deepEqual([await work("A"), await work("a"), await work("b")], [1, 1, 2]);
});
