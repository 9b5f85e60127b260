import assert from "node:assert/strict";
import { rng } from "lib/core/rng.ts";
import { volume } from "lib/core/volume.ts";
import type { Sample } from "lib/data/types.ts";
import type { FoldTask, Method } from "lib/train/method.ts";
import { withCopies } from "./copies.ts";

const of = (value: number) => volume(Float32Array.of(value), [1]);
const sample = (clip: string, value: number): Sample => ({
  clip,
  subject: clip[0]!,
  database: "samm",
  label: value % 2,
  input: of(value),
  copies: [of(10 * value), of(100 * value)],
});

Deno.test("withCopies() adds the copies of training clips, and none of held-out ones", async () => {
  let seen: FoldTask | undefined;
  const method: Method = {
    id: "spy",
    backend: "none",
    runFold(task) {
      seen = task;
      return task.test.map(() => [1, 0]);
    },
  };
  const { label: _hidden, ...held } = sample("c1", 3);
  await withCopies(method).runFold({
    train: [sample("a1", 1), sample("b1", 2)],
    test: [held],
    classes: ["x", "y"],
    parameters: {},
    rng: rng(1),
  });
  const train = seen!.train.map(({ clip, subject, label, input }) => [
    clip,
    subject,
    label,
    input.data[0],
  ]);
  assert.deepEqual(train, [
    ["a1", "a", 1, 1],
    ["a1#0", "a", 1, 10],
    ["a1#1", "a", 1, 100],
    ["b1", "b", 0, 2],
    ["b1#0", "b", 0, 20],
    ["b1#1", "b", 0, 200],
  ]);
  assert.equal(seen!.test.length, 1);
  assert.equal(new Set(seen!.train.map(({ clip }) => clip)).size, 6, "clips stay unique");
});
