import assert from "node:assert/strict";
import { join } from "@std/path";
import { recordings } from "lib/data/synthetic/recordings.ts";
import {
  availableRoute,
  dlibBox,
  type FaceFinder,
  type LandmarkRoute,
  openFaceFinder,
} from "./face.ts";
import {
  constant,
  landmarkError,
  photograph,
  readGolden,
  testdata,
  withEnvironment,
} from "./testing.ts";

const routes: readonly LandmarkRoute[] = await availableRoute() === "dlib"
  ? ["dlib", "face-api"]
  : ["face-api"];
const skipped = routes.includes("dlib") ? "" : " (route dlib skipped: no model file)";

async function withFinder(
  route: LandmarkRoute,
  body: (finder: FaceFinder) => Promise<void>,
): Promise<void> {
  const finder = await openFaceFinder(route);
  try {
    await body(finder);
  } finally {
    finder.close();
  }
}

Deno.test(`find() agrees with dlib's own detector and landmarks${skipped}`, async () => {
  const { points } = readGolden().face.grey[0]!;
  for (const route of routes) {
    await withFinder(route, async (finder) => {
      assert.equal(finder.route, route);
      assert.match(finder.model, /^face-api 1\.\S+ on tfjs-wasm \S+/);
      assert.equal(/dlib shape predictor [0-9a-f]{64}$/.test(finder.model), route === "dlib");
      const face = await finder.find(photograph());
      assert.equal(face?.route, route);
      const error = landmarkError(face.landmarks, points);
      assert.ok(error < (route === "dlib" ? 0.015 : 0.06), `${route}: ${error}`);
      assert.deepEqual(await finder.find(photograph()), face);
      assert.equal(await finder.find(constant(40, 30, 0)), undefined);
    });
  }
});

Deno.test(`find() finds drawn faces and their landmarks${skipped}`, async () => {
  const clips = (["smic", "samm", "casme2"] as const).flatMap((set) => {
    const all = recordings(set, "demo");
    return [all[0]!, all.at(-1)!];
  });
  for (const route of routes) {
    await withFinder(route, async (finder) => {
      for (const { name, frame, onset, truth } of clips) {
        const face = await finder.find(frame(onset));
        const error = landmarkError(face?.landmarks ?? [], truth.landmarks);
        assert.ok(error < (route === "dlib" ? 0.05 : 0.07), `${route}, ${name}: ${error}`);
      }
    });
  }
});

Deno.test("availableRoute() is face-api without the model's file; openFaceFinder() says so", async () => {
  const cache = await Deno.makeTempDir();
  await withEnvironment({ FLEETING_CACHE: cache, FLEETING_LANDMARKS: undefined }, async () => {
    assert.equal(await availableRoute(), "face-api");
    await assert.rejects(openFaceFinder("dlib"), {
      name: "SetupError",
      message: /landmark model is not on this machine\. Run `deno task setup`/,
    });
    Deno.env.set("FLEETING_LANDMARKS", join(testdata, "tiny.dat"));
    assert.equal(await availableRoute(), "dlib");
    await assert.rejects(openFaceFinder("dlib"), /finds 5 landmarks, 68 are needed/);
  });
  await Deno.remove(cache, { recursive: true });
});

Deno.test("dlibBox() undoes a shift, a scale and a turn of the mean shape", () => {
  const mean = Float32Array.of(0, 0, 1, 0, 0.5, 1, 0.25, 0.5);
  const placed = (angle: number): Float32Array => {
    const [c, s] = [200 * Math.cos(angle), 200 * Math.sin(angle)];
    return mean.map((_, i) => {
      const [x, y] = [mean[i & ~1]!, mean[i | 1]!];
      return i % 2 === 0 ? 300 + c * x - s * y : 400 + s * x + c * y;
    });
  };
  const box = dlibBox(mean, placed(0));
  assert.ok(Math.abs(box.width - 200 / 1.03) < 1e-3);
  assert.ok(Math.abs(box.height - box.width) < 1e-9);
  assert.ok(Math.abs(box.x + box.width / 2 - 400) < 1e-3);
  assert.ok(Math.abs(box.y + box.height / 2 - (400 + 0.55 * 200)) < 1e-3);
  assert.ok(Math.abs(dlibBox(mean, placed(0.3)).width - box.width) < 1e-3);
});
