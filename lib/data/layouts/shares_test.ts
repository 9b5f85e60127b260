import assert from "node:assert/strict";
import { fakeRecordings } from "lib/data/clip_testing.ts";
import { shareOf } from "./shares.ts";

Deno.test("shareOf() deals all recordings out once, a subject to one thread, evenly", () => {
  const all = fakeRecordings("samm", Array(12).fill("Anger"))
    .map((recording, i) => ({ ...recording, subject: ["a", "b", "b", "c", "c", "c"][i % 6]! }));
  for (const parts of [1, 2, 3, 5]) {
    const shares = Array.from({ length: parts }, (_, part) => shareOf(all, part, parts));
    assert.deepEqual(
      shares.flat().map(({ name }) => name).sort(),
      all.map(({ name }) => name).sort(),
    );
    const subjects = shares.flatMap((share) => [...new Set(share.map(({ subject }) => subject))]);
    assert.equal(subjects.length, 3);
    if (parts === 2) assert.deepEqual(shares.map((share) => share.length), [6, 6]);
  }
});
