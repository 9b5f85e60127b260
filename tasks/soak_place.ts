/**
 * Where a soak runs: small reproductions with folders of their own, and what they leave there.
 *
 * @module
 */
import { join, relative } from "@std/path";
import { root } from "lib/experiment/find.ts";
import { whileLocked, writeFewClips } from "lib/run/clip_testing.ts";
import { bytesBelow, filesBelow, processesIn, type RunPlace } from "lib/run/testing.ts";
import { type Outcome, outcomeOf, startReproduce } from "./testing.ts";

/** The folders of a soak. */
export interface SoakPlace extends RunPlace {
  /** Holds cache and results of the runs that are disturbed. */
  readonly run: string;
  /** The same of runs that were not. */
  readonly whole: string;
  /** Where temporary files go. */
  readonly tmp: string;
  readonly env: Readonly<Record<string, string>>;
  /** The arguments of the reproductions. */
  readonly orders: readonly (readonly string[])[];
}

/** Gives work a place in which nothing has run yet, and removes it. */
export async function withSoakPlace(work: (place: SoakPlace) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "fleeting-soak-" });
  const [run, tmp, data] = ["run", "tmp", "data"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  try {
    await Deno.mkdir(tmp);
    await writeFewClips(data);
    const lockFile = join(folder, "lock.json");
    await Deno.copyFile(join(root, "data.lock.json"), lockFile);
    await whileLocked({ dataRoot: data, lockFile }, () =>
      work({
        ...{ folder, run, tmp, whole: join(folder, "whole") },
        ...{ cache: join(run, "folds"), results: join(run, "results") },
        env: { FLEETING_LOCK: lockFile, FLEETING_CACHE: join(folder, "user"), TMPDIR: tmp },
        orders: ordersOn(data),
      }));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Two cheap rows on drawn flow maps, and one on drawn clips, from their frames. */
function ordersOn(data: string): string[][] {
  return [
    "table1 bi-woof stst-net --data synthetic-flow --split k-fold-by-subject --k 4 --epochs 3",
    `table1 bi-woof --data smic-hs --data-root ${data} --landmarks face-api --inner-folds 2`,
  ].map((line) => [...line.split(" "), "--seeds", "1", "--workers", "2"]);
}

/** Runs every reproduction to its end. */
export async function runPlainly(place: SoakPlace): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const order of place.orders) {
    outcomes.push(await outcomeOf(startReproduce(place, order, place.env), place));
  }
  return outcomes;
}

/** What differs from runs that were not disturbed. */
export interface Difference {
  /** How many bytes of results, folds and prepared clips. */
  readonly bytes: number;
  readonly files: readonly string[];
}

/** Compares results, folds and prepared clips, byte by byte. */
export async function compare({ run, whole }: SoakPlace): Promise<Difference> {
  const files: string[] = [];
  let bytes = 0;
  for (const part of ["results", "folds", "inputs"]) {
    const [found, wanted] = [
      await bytesBelow(join(run, part)),
      await bytesBelow(join(whole, part)),
    ];
    for (const path of new Set([...found.keys(), ...wanted.keys()])) {
      const differing = differingBytes(found.get(path), wanted.get(path));
      if (differing > 0) files.push(join(part, path));
      bytes += differing;
    }
  }
  return { bytes, files };
}

const none = new Uint8Array(0);

function differingBytes(a: Uint8Array = none, b: Uint8Array = none): number {
  let count = Math.abs(a.length - b.length);
  for (let i = 0; i < Math.min(a.length, b.length); i++) if (a[i] !== b[i]) count++;
  return count;
}

/** Files and processes that a run which was not disturbed would not have left. */
export function leftovers(place: SoakPlace): string[] {
  const { folder, run, whole, tmp } = place;
  const wanted = new Set(filesBelow(whole));
  const temporary = filesBelow(join(folder, "user")).filter((path) => /\.tmp\b/.test(path));
  return [
    ...filesBelow(run).filter((path) => !wanted.has(path)),
    ...[...Deno.readDirSync(tmp)].map(({ name }) => relative(folder, join(tmp, name))),
    ...temporary,
    ...processesIn(place).map(({ pid, command }) => `process ${pid}: ${command}`),
  ];
}
