import assert from "node:assert/strict";
import { join } from "@std/path";
import { withFolder } from "lib/core/folder_testing.ts";
import { volume } from "lib/core/volume.ts";
import { clipSettings } from "./settings.ts";
import {
  type InputKey,
  inputPath,
  type PreparedClip,
  readInput,
  writeInput,
} from "./input_file.ts";

const key: InputKey = {
  clip: "casme2/sub01/EP02_01f",
  digest: "d1",
  settings: clipSettings("apex-flow", {
    landmarks: "dlib",
    cropSide: 134,
    inputSide: 134,
    matchGain: true,
    magnify: "none",
    alpha: 8,
    lowHz: 2,
    highHz: 10,
    removeDrift: true,
    augment: "none",
  }),
  code: { "lib/pipeline/clip.ts": "c1" },
  arch: "x86_64",
};

const ready: PreparedClip = {
  outcome: "ready",
  inputs: [
    { name: "original", volume: volume(Float32Array.of(1, -2.5, 3e-9, 4), [1, 2, 2]) },
    { name: "left", volume: volume(Float32Array.of(5, 6), [2, 1, 1]) },
  ],
  log: {
    detector: "tiny-416",
    score: 0.93,
    landmarks: "dlib",
    frames: 60,
    apex: 30,
    apexFrom: "sheet",
    gains: [0.99, 1.02],
    keyFrames: [0, 30],
    keyFrameRule: "uniform",
    drift: 0.4,
  },
};

Deno.test("readInput() gives back what writeInput() wrote, to the bit", async () => {
  await withFolder(async (folder) => {
    const file = inputPath(folder, key);
    assert.equal(await readInput(file, key), "missing");
    await writeInput(file, key, ready);
    assert.deepEqual(await readInput(file, key), ready);
    await writeInput(file, key, { outcome: "no face" });
    assert.deepEqual(await readInput(file, key), { outcome: "no face" });
  });
});

Deno.test("readInput() calls every cut-off, flipped or foreign file damaged", async () => {
  await withFolder(async (folder) => {
    const file = join(folder, "x.input");
    await writeInput(file, key, ready);
    const whole = await Deno.readFile(file);
    for (const length of [0, 1, 40, whole.length - 25, whole.length - 1]) {
      await Deno.writeFile(file, whole.subarray(0, length));
      assert.equal(await readInput(file, key), "damaged", `cut at ${length}`);
    }
    for (let at = 0; at < whole.length; at += 7) {
      const flipped = whole.slice();
      flipped[at]! ^= 4;
      await Deno.writeFile(file, flipped);
      assert.equal(await readInput(file, key), "damaged", `bit flipped at ${at}`);
    }
    await Deno.writeFile(file, whole);
    assert.equal(await readInput(file, { ...key, digest: "d2" }), "damaged");
  });
});

Deno.test("inputPath() differs whenever anything that the input depends on does", () => {
  const others: InputKey[] = [
    { ...key, clip: "casme2/sub01/EP02_02f" },
    { ...key, digest: "d2" },
    { ...key, settings: { ...key.settings, cropSide: 100 } },
    { ...key, code: { "lib/pipeline/clip.ts": "c2" } },
    { ...key, arch: "aarch64" },
  ];
  assert.equal(new Set([key, ...others].map((each) => inputPath("/c", each))).size, 6);
  // A clip's name cannot lead out of the folder.
  assert.match(
    inputPath("/c", { ...key, clip: "../../etc/passwd" }),
    /^\/c\/-etc-passwd\.\w+\.input$/,
  );
});

Deno.test("clipSettings() leaves out what has no effect", () => {
  const base = {
    landmarks: "dlib",
    cropSide: 134,
    inputSide: 134,
    matchGain: true,
    magnify: "none",
    alpha: 8,
    lowHz: 2,
    highHz: 10,
    removeDrift: true,
    augment: "none",
    keyFrames: 16,
    keyFrameRule: "slices",
    flowFrom: "onset",
  };
  const same = (a: object, b: object, input: "apex-flow" | "grey-clip" = "apex-flow") =>
    assert.deepEqual(
      clipSettings(input, { ...base, ...a }),
      clipSettings(input, { ...base, ...b }),
    );
  same({ alpha: 8 }, { alpha: 20 });
  same({ magnify: "iir", lowHz: 2 }, { magnify: "iir", lowHz: 3 });
  same({ keyFrames: 8 }, { keyFrames: 16 });
  same({ removeDrift: true }, { removeDrift: false }, "grey-clip");
  same({ augment: "training" }, { augment: "before-split" });
  assert.notDeepEqual(
    clipSettings("apex-flow", { ...base, magnify: "ideal", alpha: 8 }),
    clipSettings("apex-flow", { ...base, magnify: "ideal", alpha: 20 }),
  );
});
