import assert from "node:assert/strict";
import { join } from "@std/path";
import { encode } from "fast-bmp";
import { findExperiment } from "lib/experiment/find.ts";
import { whileLocked, writeFewClips } from "./clip_testing.ts";
import { planRun } from "./plan.ts";
import { type Run, run, type RunProgress } from "./run.ts";
import { bytesBelow, filesBelow, type RunPlace, withRunPlace } from "./testing.ts";

// Runs from frames, on a few drawn clips in SMIC's own layout.
const experiment = await findExperiment("table1", "bi-woof");
const given = { data: "smic-hs", landmarks: "face-api", seeds: 1, innerFolds: 2 };

const drawn = await Deno.makeTempDir({ prefix: "fleeting-drawn-" });
await writeFewClips(drawn);
addEventListener("unload", () => Deno.removeSync(drawn, { recursive: true }));

/** Gives a test a copy of the drawn clips, locked as they are after `change`. */
async function withClips(
  test: (place: RunPlace & { readonly data: string }) => Promise<void>,
  change: (folder: string) => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  await withRunPlace(async (place) => {
    const data = join(place.folder, "data");
    for (const [path, bytes] of await bytesBelow(drawn)) {
      await Deno.mkdir(join(data, path, ".."), { recursive: true });
      await Deno.writeFile(join(data, path), bytes);
    }
    await change(join(data, "smic-hs"));
    const lockFile = join(place.folder, "lock.json");
    await whileLocked({ dataRoot: data, lockFile }, () => test({ ...place, data }));
  });
}

/** The image files of a clip folder, as paths. */
function framesBelow(folder: string): string[] {
  return filesBelow(folder).filter((path) => path.endsWith(".bmp")).map((path) =>
    join(folder, path)
  );
}

async function runClips(
  { cache, results, data }: RunPlace & { readonly data: string },
  options: { more?: Record<string, unknown>; workers?: number } = {},
): Promise<Run & { heard: RunProgress[] }> {
  const heard: RunProgress[] = [];
  const finished = await run(experiment, { ...given, ...options.more }, {
    cache,
    results,
    dataRoot: data,
    workers: options.workers ?? 2,
    onProgress: (progress) => heard.push(progress),
  });
  return { ...finished, heard };
}

Deno.test("run() from frames gives the same bytes with one worker and with two, and keeps clips", async () => {
  await withClips(async (one) => {
    const first = await runClips(one, { workers: 1 });
    assert.equal(first.result.metadata.data.synthetic, true);
    assert.equal(first.result.metadata.parameters.landmarks, "face-api");
    assert.equal(first.result.predictions.length, 6);
    const inputs = await bytesBelow(join(one.folder, "inputs"));
    assert.equal([...inputs.keys()].filter((path) => path.endsWith(".input")).length, 6);
    const results = await bytesBelow(one.results);

    await withClips(async (two) => {
      const { heard } = await runClips(two, { workers: 2 });
      assert.equal(Math.max(...heard.map(({ running }) => running)), 2);
      assert.deepEqual(await bytesBelow(two.results), results);
      const clips = ([path]: [string, Uint8Array]) => path.endsWith(".input");
      const again = await bytesBelow(join(two.folder, "inputs"));
      assert.deepEqual(new Map([...again].filter(clips)), new Map([...inputs].filter(clips)));
    });

    const { heard } = await runClips(one);
    const clips = heard.filter(({ unit }) => unit === "clips");
    assert.ok(clips.every(({ done, cached }) => done === 6 && cached === 6));
    const damaged = join(
      one.folder,
      "inputs",
      [...inputs.keys()].find((p) => p.endsWith(".input"))!,
    );
    await Deno.truncate(damaged, 100);
    const plan = await planRun(experiment, given, { ...one, dataRoot: one.data });
    assert.deepEqual([plan.clips?.open.length, plan.damaged], [1, [damaged]]);
    await runClips(one);
    assert.deepEqual(await bytesBelow(one.results), results);
  });
});

Deno.test("run() lists a clip without a face, and stops when there are too many", async () => {
  const blank = encode({
    width: 320,
    height: 240,
    bitsPerPixel: 24,
    components: 3,
    channels: 3,
    data: new Uint8Array(320 * 240 * 3).fill(120),
    colorMasks: [0, 0, 0],
    compression: 0,
    xPixelsPerMeter: 0,
    yPixelsPerMeter: 0,
  });
  let clip = "";
  await withClips(async (place) => {
    await assert.rejects(
      runClips(place),
      new RegExp(`smic-hs: missingFaces: No face was found in 1 of 6 clips .*${clip}.* 0\\.05`),
    );
    const { result } = await runClips(place, { more: { missingFaces: 0.2 } });
    const { dropped } = result.metadata;
    assert.equal(dropped?.length, 1);
    assert.match(
      `${dropped![0]!.clip} ${dropped![0]!.reason}`,
      new RegExp(`${clip} no face found`),
    );
    assert.equal(result.predictions.length, 5);
    const mirror = filesBelow(place.results).find((path) => path.endsWith(".md"))!;
    const text = await Deno.readTextFile(join(place.results, mirror));
    assert.match(text, /1 of the set's clips dropped out/);
  }, async (folder) => {
    const [first = ""] = framesBelow(folder);
    // The sheet and the folders of this set name subjects differently: s1 and s01.
    clip = first.split("/").at(-2)!.replace(/^s0*/, "");
    for (const path of framesBelow(join(first, ".."))) await Deno.writeFile(path, blank);
  });
});

Deno.test("run() with copies before the split trains on copies of held-out clips, and says so", async () => {
  await withClips(async (place) => {
    const inside = await runClips(place, { more: { augment: "training" } });
    assert.equal(inside.result.metadata.optimistic, false);
    assert.equal(inside.result.predictions.length, 6);
    const before = await runClips(place, {
      more: { protocol: "paper", augment: "before-split", split: "leave-one-subject-out" },
    });
    assert.equal(before.result.metadata.optimistic, true);
    assert.equal(before.result.predictions.length, 6 * 6);
    const clips = new Set(before.result.predictions.map(({ clip }) => clip.split("#")[1]));
    assert.deepEqual([...clips].sort(), ["down", "left", "mirrored", "right", "up", undefined]);
    const mirror = await Deno.readTextFile(before.file.replace(/\.arrow$/, ".md"));
    assert.match(mirror, /optimistic: copies of held-out clips were trained on/);
  });
});
