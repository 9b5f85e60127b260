import assert from "node:assert/strict";
import { fromFileUrl } from "@std/path";
import { rng } from "lib/core/rng.ts";
import { openBackend, tf } from "./backend.ts";
import { fit, stackInputs } from "./fit.ts";
import { fitSettings } from "./network.ts";
import { noise, smallFit, smallNetwork, trainedBytes } from "./testdata/fit_case.ts";
import { openTrainer } from "./trainer.ts";

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

Deno.test("fit() shows every clip once an epoch, the last batch being what is left", async () => {
  const rows: number[] = [];
  const inner = smallNetwork();
  const block: typeof inner = {
    init: inner.init,
    apply: (params, state, x, mode) => {
      rows.push(x.shape[0] as number);
      return inner.apply(params, state, x, mode);
    },
  };
  const shares: number[] = [];
  const trainer = await fit({
    ...smallFit({ epochs: 2 }),
    block,
    onProgress: (share) => shares.push(share),
  });
  trainer.dispose();
  assert.deepEqual(rows, [3, 3, 1, 3, 3, 1]);
  assert.deepEqual(shares, [0.5, 1]);
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
