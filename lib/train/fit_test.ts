import assert from "node:assert/strict";
import { fromFileUrl } from "@std/path";
import { rng } from "lib/core/rng.ts";
import type { CheckpointPlace } from "./checkpoint.ts";
import { openBackend, tf } from "./backend.ts";
import { fit, stackInputs } from "./fit.ts";
import { fitSettings } from "./network.ts";
import { noise, smallFit, smallNetwork, trainedBytes } from "./testdata/fit_case.ts";
import { openTrainer } from "./trainer.ts";
import { encodeWeights } from "./weights.ts";

await openBackend();

Deno.test("fit() gives equal bits in this process and in two others", async () => {
  const digest = new Uint8Array(
    await crypto.subtle.digest("SHA-256", await trainedBytes() as BufferSource),
  ).toHex();
  const program = fromFileUrl(import.meta.resolve("./testdata/fit_case.ts"));
  const runs = await Promise.all([1, 2].map(async () => {
    const args = ["run", "-A", "--quiet", "--no-check", program];
    const { stdout } = await new Deno.Command(Deno.execPath(), { args }).output();
    return new TextDecoder().decode(stdout).trim();
  }));
  assert.deepEqual(runs, [digest, digest]);
});

Deno.test("fit() depends on each of its settings", async () => {
  const plain = await trainedBytes();
  for (
    const change of [
      { epochs: 4 },
      { batchSize: 4 },
      { learningRate: 0.02 },
      { weightDecay: 0 },
      { optimiser: "sgd" },
      { classWeights: "balanced" },
    ] as const
  ) {
    assert.notDeepEqual(await trainedBytes(change), plain, JSON.stringify(change));
  }
});

Deno.test("fit() makes steps of equal size until each clip was seen so many times", async () => {
  const all = smallFit({ epochs: 2 });
  const steps: number[] = [];
  for (const train of [all.train, noise(8), noise(1)]) {
    const shares: number[] = [];
    const onProgress = (share: number) => shares.push(share);
    (await fit({ ...all, train, onProgress })).dispose();
    assert.equal(shares.at(-1), 1);
    steps.push(shares.length);
  }
  // Batches of three.
  assert.deepEqual(steps, [5, 6, 2]);
});

Deno.test("fit() gives its memory back when a step throws", async () => {
  const before = tf.memory().numTensors;
  const { init } = smallNetwork();
  const block = {
    init,
    apply: (): never => {
      throw new Error("broken block");
    },
  };
  await assert.rejects(fit({ ...smallFit(), block }), /broken block/);
  assert.equal(tf.memory().numTensors, before);
});

Deno.test("fit() refuses no clips, and clips of different shapes by name", async () => {
  await assert.rejects(fit({ ...smallFit(), train: [] }), /no samples/);
  const [first, second] = noise(2) as [ReturnType<typeof noise>[0], ReturnType<typeof noise>[0]];
  const odd = { ...second, input: { data: new Float32Array(4), shape: [2, 2, 1] } };
  assert.throws(() => stackInputs([first, odd]), /^RangeError: clip 1 is \[2, 2, 1\]/);
});

Deno.test("openTrainer() takes up saved weights where they were", async () => {
  const trained = await fit(smallFit());
  const options = smallFit();
  const again = openTrainer({
    block: options.block,
    initial: trained.weights(),
    rng: rng(1),
    ...options.settings,
  });
  const x = stackInputs(noise(4));
  assert.deepEqual([...again.predict(x).dataSync()], [...trained.predict(x).dataSync()]);
  trained.dispose();
  again.dispose();
});

Deno.test("fitSettings() names the parameter that is missing or wrong", () => {
  const good = { ...smallFit().settings };
  assert.deepEqual(fitSettings(good), good);
  assert.throws(() => fitSettings({ ...good, epochs: "3" }), /epochs must be a number, got 3/);
  assert.throws(
    () => fitSettings({ ...good, optimiser: "lbfgs" }),
    /optimiser must be adam or sgd/,
  );
});

/** A place in memory that fails at a save: the training is broken off there. */
function placeFailingAt(save: number): CheckpointPlace & { kept?: Uint8Array } {
  let saves = 0;
  const place: CheckpointPlace & { kept?: Uint8Array } = {
    everySeconds: 0,
    load: () => Promise.resolve(place.kept),
    save(bytes) {
      if (++saves === save) return Promise.reject(new Error("broken off"));
      place.kept = bytes;
      return Promise.resolve();
    },
  };
  return place;
}

for (const optimiser of ["adam", "sgd"] as const) {
  Deno.test(`fit() broken off anywhere and taken up gives equal bits (${optimiser})`, async () => {
    const whole = await trainedBytes({ optimiser });
    // Three epochs of seven clips in batches of three: seven steps.
    for (const save of [1, 2, 3, 4, 7]) {
      const place = placeFailingAt(save);
      await assert.rejects(
        fit({ ...smallFit({ optimiser }), checkpoint: place }),
        /^Error: broken off/,
      );
      const shares: number[] = [];
      const onProgress = (share: number) => shares.push(Math.round(7 * share));
      const again = await fit({ ...smallFit({ optimiser }), checkpoint: place, onProgress });
      const { params, state } = again.weights();
      assert.deepEqual(encodeWeights({ params, state }), whole, `after ${save - 1} steps`);
      assert.deepEqual(shares, [1, 2, 3, 4, 5, 6, 7].slice(save - 1));
      again.dispose();
    }
  });
}

Deno.test("fit() starts anew from a checkpoint with any byte changed or cut off", async () => {
  const place = placeFailingAt(4);
  await assert.rejects(fit({ ...smallFit(), checkpoint: place }));
  const sound = place.kept as Uint8Array;
  const damaged = [sound.slice(0, -1), sound.slice(0, 20), new Uint8Array(0)];
  for (const at of [3, 200, sound.length >> 1, sound.length - 1]) {
    const copy = sound.slice();
    copy[at] = copy[at]! ^ 1;
    damaged.push(copy);
  }
  const before = tf.memory().numTensors;
  for (const kept of damaged) {
    const shares: number[] = [];
    const load = () => Promise.resolve(kept);
    const checkpoint = { load, save: () => Promise.resolve(), everySeconds: 1e9 };
    const onProgress = (share: number) => shares.push(share);
    (await fit({ ...smallFit(), checkpoint, onProgress })).dispose();
    assert.equal(shares.length, 7);
  }
  assert.equal(tf.memory().numTensors, before);
});
