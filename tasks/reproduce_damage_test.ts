import assert from "node:assert/strict";
import { basename, join } from "@std/path";
import { root } from "lib/experiment/find.ts";
import { bytesBelow, filesBelow } from "lib/run/testing.ts";
import { type SoakPlace, withSoakPlace } from "./soak_place.ts";
import { type Outcome, reproduce } from "./testing.ts";

/** Bi-WOOF on six drawn clips, from their frames: every kind of file that a run keeps. */
async function runClips(place: SoakPlace): Promise<Outcome> {
  return await reproduce(place, place.orders[1]!, place.env);
}

/** Every file that a run keeps: its own cache, the memory of frames and the memory of code. */
function keptFiles({ folder, run }: SoakPlace): string[] {
  const code = join(root, ".cache", "code");
  const memory = join(folder, "user", "frames");
  return [run, memory, code].flatMap((place) => filesBelow(place).map((path) => join(place, path)))
    .filter((path) => !path.startsWith(join(run, "results")));
}

/** What a file is for, by its place and ending. */
function kindOf(path: string, { run }: SoakPlace): string {
  const [top] = path.startsWith(run) ? path.slice(run.length + 1).split("/") : ["memory"];
  return `${top} ${basename(path).replace(/^[^.]*\.([0-9a-f]{20}\.)?/, "")}`;
}

const damages: readonly ((path: string) => Promise<void>)[] = [
  async (path) => await Deno.truncate(path, Math.floor((await Deno.stat(path)).size / 2)),
  async (path) => await Deno.truncate(path, 0),
  async (path) => {
    const bytes = await Deno.readFile(path);
    bytes[Math.floor(bytes.length / 2)]! ^= 1;
    await Deno.writeFile(path, bytes);
  },
];

Deno.test("deno task reproduce mends what it kept and was damaged, or names it", async (test) => {
  await withSoakPlace(async (place) => {
    const first = await runClips(place);
    assert.equal(first.code, 0, first.err);
    const wanted = await texts(place.results);
    await test.step("a file that is cut off, empty or has another bit", () => mends(place, wanted));
    await test.step("a folder that stands where a file belongs", () => names(place, wanted));
  });
});

type Bytes = Awaited<ReturnType<typeof texts>>;

/** The files below a folder, as text, so that a difference can be read. */
async function texts(folder: string): Promise<Map<string, string>> {
  const files = [...await bytesBelow(folder)];
  return new Map(files.map(([path, bytes]) => [path, new TextDecoder("latin1").decode(bytes)]));
}

async function mends(place: SoakPlace, wanted: Bytes): Promise<void> {
  // In the order in which they are made, so that the first difference tells where it began.
  const made = [join(place.run, "inputs"), place.cache];
  const before = await Promise.all(made.map(texts));
  const kinds = new Set(keptFiles(place).map((path) => kindOf(path, place)));
  for (const kind of ["folds json", "inputs input", "inputs json", "notebooks ipynb"]) {
    assert.ok(kinds.has(kind), `${[...kinds]} lacks ${kind}`);
  }
  for (const kind of ["notebooks stamp.json", "timings.json json", "memory json"]) {
    assert.ok(kinds.has(kind), `${[...kinds]} lacks ${kind}`);
  }
  // Each file in its turn is cut off, emptied, and has a bit turned.
  for (const round of damages.keys()) {
    for (const [i, path] of keptFiles(place).entries()) {
      await damages[(i + round) % damages.length]!(path);
    }
    const { code, err } = await runClips(place);
    assert.equal(code, 0, err);
    assert.match(err, /damaged and computed again/);
    for (const [i, folder] of made.entries()) {
      for (const [path, text] of await texts(folder)) {
        assert.equal(text, before[i]!.get(path), `${path}, round ${round}`);
      }
    }
    assert.deepEqual(await texts(place.results), wanted);
  }
}

async function names(place: SoakPlace, wanted: Bytes): Promise<void> {
  // One of each kind.
  const byKind = Map.groupBy(keptFiles(place), (path) => kindOf(path, place));
  const taken = new Set([...byKind.values()].map(([path]) => path!));
  for (const path of taken) {
    await Deno.remove(path);
    await Deno.mkdir(join(path, "folder"), { recursive: true });
  }
  for (;;) {
    const { code, err } = await runClips(place);
    if (code === 0) break;
    assert.equal(code, 2, err);
    const named = /error: (.*): There is a folder where this file belongs\. Remove/.exec(err)
      ?.[1];
    assert.ok(named !== undefined && taken.delete(named), err);
    await Deno.remove(named, { recursive: true });
  }
  assert.deepEqual(await texts(place.results), wanted);
  // What only spares time may stay as it is.
  const left = [...taken].filter((path) => path.startsWith(place.run));
  assert.deepEqual(left.map((path) => basename(path)), ["timings.json"]);
  for (const path of taken) await Deno.remove(path, { recursive: true });
}
