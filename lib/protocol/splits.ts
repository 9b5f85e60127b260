/**
 * Who is tested and who is trained on.
 *
 * Every function returns indices into the items it was given, ordered by clip, and returns the same
 * folds for the same clips in any order. None of them looks at anything but clip, subject and label.
 *
 * @module
 */
import { UserError } from "lib/core/errors.ts";
import type { Rng } from "lib/core/rng.ts";

/** What a split needs to know of a sample. */
export interface SplitItem {
  readonly clip: string;
  readonly subject: string;
  /** Index of the class, from 0. */
  readonly label: number;
}

/** One division into training and held-out clips, as indices into the items. */
export interface Fold {
  /** Unique among the folds: the held-out subject, the held-out clip, or the number of the part. */
  readonly id: string;
  readonly train: readonly number[];
  readonly test: readonly number[];
}

/** A subject with its clips, as indices into the items. */
interface Group {
  readonly subject: string;
  readonly members: readonly number[];
}

/**
 * Leave one subject out: a fold a subject, named after it and sorted by that name.
 *
 * @throws UserError when there are fewer than two subjects, RangeError when a clip stands twice
 */
export function leaveOneSubjectOut(items: readonly SplitItem[]): Fold[] {
  const groups = subjectsOf(items);
  requireSubjects(groups, 2, "Leaving one subject out");
  return groups.map(({ subject, members }) => foldOf(items, subject, members));
}

/**
 * Leave one clip out: a fold a clip, named after it and sorted by that name. The training part holds
 * other clips of the same subject, so a method may recognise the person instead of the expression.
 *
 * @throws UserError when there are fewer than two clips, RangeError when a clip stands twice
 */
export function leaveOneOut(items: readonly SplitItem[]): Fold[] {
  const order = byClip(items);
  if (order.length < 2) throw new UserError("Leaving one clip out needs at least 2 clips");
  return order.map((held) => ({
    id: items[held]!.clip,
    train: order.filter((i) => i !== held),
    test: [held],
  }));
}

/**
 * Divides the subjects into k parts, each held out once; the parts are named `1` to `k`, padded to
 * equal length. A subject is never divided. Subjects are dealt out greedily, the ones with most clips
 * first and equals in random order, so that each part gets about its share of every class.
 *
 * @throws UserError when there are fewer than k subjects, RangeError when k is not an integer of at
 * least 2 or a clip stands twice
 */
export function kFoldBySubject(items: readonly SplitItem[], k: number, rng: Rng): Fold[] {
  if (!Number.isInteger(k) || k < 2) throw new RangeError(`k must be an integer >= 2, got ${k}`);
  const groups = subjectsOf(items);
  requireSubjects(groups, k, `Dividing the subjects into ${k} parts`);
  const parts = dealOut(items, { groups, weights: Array(k).fill(1 / k), rng });
  const digits = String(k).length;
  return parts.map((part, i) => foldOf(items, String(i + 1).padStart(digits, "0"), part));
}

/** A division of a training part; see {@linkcode innerSubjectSplit}. */
export interface InnerSplit {
  readonly train: readonly number[];
  readonly validation: readonly number[];
}

/**
 * Sets aside whole subjects of a training part for validation: about `share` of the clips of every
 * class, and at least one subject on each side.
 *
 * @throws UserError when there are fewer than two subjects, RangeError when the share is not between
 * 0 and 1 or a clip stands twice
 */
export function innerSubjectSplit(
  items: readonly SplitItem[],
  share: number,
  rng: Rng,
): InnerSplit {
  if (!(share > 0 && share < 1)) {
    throw new RangeError(`The share for validation must be between 0 and 1, got ${share}`);
  }
  const groups = subjectsOf(items);
  requireSubjects(groups, 2, "Setting subjects aside for validation");
  const parts = dealOut(items, { groups, weights: [1 - share, share], rng });
  return { train: parts[0]!, validation: parts[1]! };
}

/**
 * Like {@linkcode kFoldBySubject}, for choosing settings inside a training part: with fewer than k
 * subjects there is a fold a subject.
 *
 * @throws UserError when there are fewer than two subjects, RangeError as `kFoldBySubject`
 */
export function innerSubjectFolds(items: readonly SplitItem[], k: number, rng: Rng): Fold[] {
  const subjects = new Set(items.map(({ subject }) => subject)).size;
  return kFoldBySubject(items, Math.max(2, Math.min(k, subjects)), rng);
}

/** The items' indices by clip name. */
function byClip(items: readonly SplitItem[]): number[] {
  const order = items.map((_, i) => i).sort((a, b) => (items[a]!.clip < items[b]!.clip ? -1 : 1));
  const twin = order.find((i, at) => at > 0 && items[i]!.clip === items[order[at - 1]!]!.clip);
  if (twin !== undefined) throw new RangeError(`Clip ${items[twin]!.clip} stands twice`);
  return order;
}

/** The subjects by name, each with its clips by name. */
function subjectsOf(items: readonly SplitItem[]): Group[] {
  const members = Map.groupBy(byClip(items), (i) => items[i]!.subject);
  return [...members]
    .map(([subject, members]) => ({ subject, members }))
    .sort((a, b) => (a.subject < b.subject ? -1 : 1));
}

function requireSubjects(groups: readonly Group[], least: number, what: string): void {
  if (groups.length < least) {
    throw new UserError(`${what} needs at least ${least} subjects, the data has ${groups.length}`);
  }
}

function foldOf(items: readonly SplitItem[], id: string, test: readonly number[]): Fold {
  const held = new Set(test);
  return { id, train: byClip(items).filter((i) => !held.has(i)), test };
}

interface Deal {
  readonly groups: readonly Group[];
  /** The share of the clips that each part should get. */
  readonly weights: readonly number[];
  readonly rng: Rng;
}

/**
 * Deals subjects out to parts. With a_pc the share of class c's clips that part p holds, each subject
 * goes where it adds least to Σ_p Σ_c a_pc² / w_p, which is smallest when every a_pc equals w_p; of
 * equals, to the part with fewest clips for its weight, then to the first. No part stays empty.
 */
function dealOut(items: readonly SplitItem[], { groups, weights, rng }: Deal): number[][] {
  const classCount = 1 + Math.max(...items.map(({ label }) => label));
  const countsOf = (members: readonly number[]) => {
    const counts = new Array<number>(classCount).fill(0);
    for (const i of members) counts[items[i]!.label]!++;
    return counts;
  };
  const totals = countsOf(items.map((_, i) => i));
  const shares = weights.map(() => new Array<number>(classCount).fill(0));
  const parts = weights.map((): number[] => []);
  const queue = rng.shuffle(groups).sort((a, b) => b.members.length - a.members.length);
  queue.forEach(({ members }, dealt) => {
    // A class that nobody has adds nothing.
    const added = countsOf(members).map((n, c) => (n === 0 ? 0 : n / totals[c]!));
    const cost = (p: number) =>
      added.reduce((sum, a, c) => sum + (2 * shares[p]![c]! + a) * a, 0) / weights[p]!;
    const load = (p: number) => parts[p]!.length / weights[p]!;
    const all = parts.map((_, p) => p);
    const empty = all.filter((p) => parts[p]!.length === 0);
    const open = groups.length - dealt <= empty.length ? empty : all;
    const best = open.reduce((a, b) => {
      const saved = cost(a) - cost(b);
      if (Math.abs(saved) > 1e-12) return saved > 0 ? b : a;
      return load(b) < load(a) ? b : a;
    });
    added.forEach((a, c) => shares[best]![c]! += a);
    parts[best]!.push(...members);
  });
  const rank = new Map(byClip(items).map((i, at) => [i, at]));
  return parts.map((part) => part.sort((a, b) => rank.get(a)! - rank.get(b)!));
}
