import assert from "node:assert/strict";
import { judge, type Seen } from "./judge.ts";

const seen = (more: Partial<Seen>): Seen => ({
  ...{ end: undefined, inQueue: undefined, lostSeconds: 0, shareSeconds: 60 },
  ...more,
});
const ended = (word: string) => ({ state: "ended", word } as const);

Deno.test("judge() believes what a job wrote before what the queue says", () => {
  const end = { kind: "done", seconds: 3 } as const;
  const inQueue = { state: "running", word: "RUNNING" } as const;
  assert.deepEqual(judge(seen({ end, inQueue })), { kind: "done", seconds: 3 });
});

Deno.test("judge() stops everything at what the user has to mend, and tries defects again", () => {
  const failure = { kind: "failed", message: "no data" } as const;
  assert.equal(judge(seen({ end: { ...failure, user: true } })).kind, "refused");
  assert.deepEqual(judge(seen({ end: { ...failure, user: false } })), {
    ...{ kind: "failed", what: "no data", next: "again" },
  });
});

Deno.test("judge() waits for a file that a shared folder may not show yet", () => {
  assert.equal(judge(seen({ lostSeconds: 59 })).kind, "unclear");
  assert.equal(judge(seen({ inQueue: ended("COMPLETED"), lostSeconds: 59 })).kind, "unclear");
  assert.equal(judge(seen({ lostSeconds: 60 })).kind, "failed");
});

Deno.test("judge() does not bring back what was cancelled, nor count what was pushed out", () => {
  const next = (word: string) => {
    const verdict = judge(seen({ inQueue: ended(word), lostSeconds: 61 }));
    return verdict.kind === "failed" ? verdict.next : verdict.kind;
  };
  assert.deepEqual(
    ["CANCELLED", "PREEMPTED", "TIMEOUT", "OUT_OF_MEMORY", "NODE_FAIL", "FAILED"].map(next),
    ["never", "free", "again", "again", "again", "again"],
  );
});
