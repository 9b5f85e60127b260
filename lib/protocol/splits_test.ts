import assert from "node:assert/strict";
import { UserError } from "lib/core/errors.ts";
import { rng } from "lib/core/rng.ts";
import {
  type Fold,
  innerSubjectFolds,
  innerSubjectSplit,
  kFoldBySubject,
  leaveOneOut,
  leaveOneSubjectOut,
  type SplitItem,
} from "./splits.ts";

/** A random data set: labels depend on the subject, and with a high skew one subject has most clips. */
function randomItems(seed: number, { subjects = 12, clips = 90, skew = 2 } = {}): SplitItem[] {
  const stream = rng(seed, "items");
  return Array.from({ length: clips }, (_, i) => {
    // The first clips make sure that every subject has one.
    const who = i < subjects ? i : Math.floor(subjects * stream.next() ** skew);
    const label = stream.next() < 0.6 ? who % 3 : stream.integer(3);
    return { clip: `s${who}/c${String(i).padStart(3, "0")}`, subject: `s${who}`, label };
  });
}

const namesOf = (items: readonly SplitItem[], folds: readonly Fold[]) =>
  folds.map(({ id, train, test }) => ({
    id,
    train: train.map((i) => items[i]!.clip),
    test: test.map((i) => items[i]!.clip),
  }));

const sorted = <T>(values: Iterable<T>) => [...values].sort();

const schemes: Record<string, (items: readonly SplitItem[]) => Fold[]> = {
  leaveOneSubjectOut,
  leaveOneOut,
  kFoldBySubject: (items) => kFoldBySubject(items, 5, rng(3, "split")),
  innerSubjectFolds: (items) => innerSubjectFolds(items, 3, rng(3, "inner")),
};

for (const [name, split] of Object.entries(schemes)) {
  Deno.test(`${name}() tests each clip once and trains on all others`, () => {
    for (const seed of [1, 2, 3]) {
      const items = randomItems(seed);
      const all = items.map((_, i) => i);
      const folds = split(items);
      const by = (a: number, b: number) => a - b;
      assert.deepEqual(folds.flatMap(({ test }) => [...test]).sort(by), all);
      for (const { train, test } of folds) {
        assert.ok(test.length > 0);
        assert.deepEqual([...train, ...test].sort(by), all);
      }
      assert.equal(new Set(folds.map(({ id }) => id)).size, folds.length);
      assert.deepEqual(folds.map(({ id }) => id), sorted(folds.map(({ id }) => id)));
    }
  });

  Deno.test(`${name}() does not depend on the order of the clips`, () => {
    const items = randomItems(4);
    const shuffled = rng(5).shuffle(items);
    assert.deepEqual(namesOf(shuffled, split(shuffled)), namesOf(items, split(items)));
  });

  if (name !== "leaveOneOut") {
    Deno.test(`${name}() never has a subject on both sides`, () => {
      const items = randomItems(6);
      for (const { train, test } of split(items)) {
        const trained = new Set(train.map((i) => items[i]!.subject));
        assert.ok(test.every((i) => !trained.has(items[i]!.subject)));
      }
    });
  }

  Deno.test(`${name}() refuses a clip that stands twice`, () => {
    const items = randomItems(7);
    assert.throws(() => split([...items, items[3]!]), /Clip .* stands twice/);
  });
}

Deno.test("leaveOneSubjectOut() names folds after subjects, leaveOneOut() after clips", () => {
  const items = [
    { clip: "b/2", subject: "b", label: 0 },
    { clip: "a/1", subject: "a", label: 1 },
    { clip: "b/1", subject: "b", label: 1 },
  ];
  assert.deepEqual(leaveOneSubjectOut(items), [
    { id: "a", train: [2, 0], test: [1] },
    { id: "b", train: [1], test: [2, 0] },
  ]);
  assert.deepEqual(leaveOneOut(items), [
    { id: "a/1", train: [2, 0], test: [1] },
    { id: "b/1", train: [1, 0], test: [2] },
    { id: "b/2", train: [1, 2], test: [0] },
  ]);
});

Deno.test("kFoldBySubject() gives every part about its share of every class", () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const items = randomItems(seed, { subjects: 30, clips: 400, skew: 1.2 });
    const folds = kFoldBySubject(items, 5, rng(seed));
    for (const label of [0, 1, 2]) {
      const total = items.filter((item) => item.label === label).length;
      for (const { test } of folds) {
        const share = test.filter((i) => items[i]!.label === label).length / total;
        assert.ok(Math.abs(share - 0.2) < 0.05, `seed ${seed}, class ${label}: share ${share}`);
      }
    }
  }
});

Deno.test("kFoldBySubject() separates two subjects that alone have a class", () => {
  const item = (subject: string, label: number) => ({
    clip: `${subject}/${label}`,
    subject,
    label,
  });
  const items = [item("a", 0), item("b", 0), item("c", 1), item("d", 1)];
  for (const seed of [1, 2, 3, 4]) {
    for (const { test } of kFoldBySubject(items, 2, rng(seed))) {
      assert.deepEqual(sorted(test.map((i) => items[i]!.label)), [0, 1]);
    }
  }
});

Deno.test("kFoldBySubject() repeats for a seed, differs for another, and pads names", () => {
  const items = randomItems(8, { subjects: 20 });
  const split = (seed: number) => namesOf(items, kFoldBySubject(items, 10, rng(seed)));
  assert.deepEqual(split(1), split(1));
  assert.notDeepEqual(split(1), split(2));
  assert.deepEqual([split(1)[0]!.id, split(1)[9]!.id], ["01", "10"]);
});

Deno.test("innerSubjectSplit() sets about the share of every class aside, by subject", () => {
  const items = randomItems(9, { subjects: 30, clips: 400 });
  const { train, validation } = innerSubjectSplit(items, 0.25, rng(1));
  assert.equal(train.length + validation.length, items.length);
  const trained = new Set(train.map((i) => items[i]!.subject));
  assert.ok(validation.every((i) => !trained.has(items[i]!.subject)));
  for (const label of [0, 1, 2]) {
    const count = (part: readonly number[]) => part.filter((i) => items[i]!.label === label).length;
    const share = count(validation) / (count(validation) + count(train));
    assert.ok(Math.abs(share - 0.25) < 0.08, `class ${label}: share ${share}`);
  }
});

Deno.test("innerSubjectSplit() leaves no side empty, however small the share", () => {
  const items = ["a", "b"].map((subject) => ({ clip: subject, subject, label: 0 }));
  for (const share of [0.01, 0.5, 0.99]) {
    const { train, validation } = innerSubjectSplit(items, share, rng(1));
    assert.deepEqual([train.length, validation.length], [1, 1]);
  }
});

Deno.test("innerSubjectFolds() makes a fold a subject when there are fewer than k", () => {
  const items = randomItems(10, { subjects: 3 });
  assert.equal(innerSubjectFolds(items, 5, rng(1)).length, 3);
});

Deno.test("splits refuse too few subjects and bad settings", () => {
  const one = [{ clip: "a/1", subject: "a", label: 0 }, { clip: "a/2", subject: "a", label: 1 }];
  assert.throws(() => leaveOneSubjectOut(one), UserError);
  assert.throws(() => leaveOneSubjectOut([]), UserError);
  assert.throws(() => leaveOneOut(one.slice(1)), UserError);
  assert.throws(() => innerSubjectSplit(one, 0.5, rng(1)), UserError);
  assert.throws(() => innerSubjectFolds(one, 3, rng(1)), UserError);
  assert.throws(
    () => kFoldBySubject(randomItems(1, { subjects: 4 }), 5, rng(1)),
    { message: "Dividing the subjects into 5 parts needs at least 5 subjects, the data has 4" },
  );
  assert.throws(() => kFoldBySubject(randomItems(1), 1.5, rng(1)), RangeError);
  assert.throws(() => innerSubjectSplit(randomItems(1), 1, rng(1)), RangeError);
});
