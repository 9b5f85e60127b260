import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { openFaceFinder } from "lib/face/face.ts";
import { findModelFile } from "lib/face/model.ts";
import { toRgb8 } from "lib/face/pixels.ts";
import golden from "./testdata/dlib_points.json" with { type: "json" };
import type { Recording, SetName } from "./recording.ts";
import { recordings } from "./recordings.ts";

const names: readonly SetName[] = ["smic", "samm", "casme2"];

/** Each person's first clip. */
const firsts = (): { key: string; clip: Recording }[] =>
  names.flatMap((set) => {
    const seen = new Set<string>();
    return recordings(set, "demo").flatMap((clip) => {
      const key = `${set}/${clip.subject}`;
      if (seen.has(key)) return [];
      seen.add(key);
      return [{ key, clip }];
    });
  });

/** Mean distance of 68 points over the distance of the outer corners of the eyes. */
function normalisedError(points: ArrayLike<number>, truth: Float32Array): number {
  const distance = (a: number, b: number, other: ArrayLike<number>) =>
    Math.hypot(truth[2 * a]! - other[2 * b]!, truth[2 * a + 1]! - other[2 * b + 1]!);
  let sum = 0;
  for (let i = 0; i < 68; i++) sum += distance(i, i, points);
  return sum / 68 / distance(36, 45, truth);
}

Deno.test("dlib found every person's face and its points on the drawn features", () => {
  const found: Readonly<Record<string, { name: string; sha256: string; points: string }>> = golden;
  const clips = firsts();
  assert.deepEqual(clips.map(({ key }) => key).sort(), Object.keys(found).sort());
  for (const { key, clip } of clips) {
    const { name, sha256, points } = found[key]!;
    assert.equal(clip.name, name);
    // The points were found in these very bytes.
    const bytes = toRgb8(clip.frame(clip.onset));
    assert.equal(createHash("sha256").update(bytes).digest("hex"), sha256, key);
    const error = normalisedError(points.split(" ").map(Number), clip.truth.landmarks);
    assert.ok(error < 0.05, `${key}: ${error}`);
  }
});

for (const route of ["face-api", "dlib"] as const) {
  const missing = route === "dlib" && await findModelFile() === undefined;
  const reason = missing ? " (left out: dlib's model is not on this machine)" : "";
  Deno.test({
    name: `openFaceFinder() finds every person by ${route}${reason}`,
    ignore: missing,
    fn: async () => {
      const finder = await openFaceFinder(route);
      try {
        for (const { key, clip } of firsts()) {
          const face = await finder.find(clip.frame(clip.onset));
          assert.ok(face, key);
          assert.match(face.detector, /^tiny-/, key);
          const error = normalisedError(face.landmarks, clip.truth.landmarks);
          assert.ok(error < 0.07, `${key}: ${error}`);
        }
      } finally {
        finder.close();
      }
    },
  });
}
