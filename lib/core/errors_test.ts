import assert from "node:assert/strict";
import { didYouMean, UserError } from "./errors.ts";

Deno.test("a UserError spells out what could steer a terminal, and keeps its parts", () => {
  const error = new UserError("row 'a\u001b[2Jb\u202e' is\nodd", {
    file: "x\n\u0007.csv",
    field: "row 3",
    fix: "Mend it",
  });
  assert.equal(
    error.message,
    "x\\n\\u0007.csv: row 3: row 'a\\u001b[2Jb\\u202e' is\nodd. Mend it",
  );
  assert.equal(error.what, "row 'a\u001b[2Jb\u202e' is\nodd");
  assert.ok(new UserError("x".repeat(10 ** 6)).message.length < 21_000);
  assert.equal(new UserError("Größe ≥ 1 – „so“").message, "Größe ≥ 1 – „so“");
});

Deno.test("didYouMean() answers at once for names of any length and number", () => {
  const long = "x".repeat(10 ** 6);
  assert.equal(didYouMean(long, ["a", "b"]), "Known: a, b");
  assert.equal(didYouMean("seads", ["seeds", long]), "Did you mean 'seeds'?");
  assert.ok(didYouMean("a", [long, `${long}y`]).length < 500);
  const many = Array.from({ length: 1000 }, (_, i) => `name-${i}`);
  assert.ok(didYouMean("something else", many).endsWith(", …"));
});
