/**
 * What a method costs at the sizes of the profile `paper`, on made-up clips: `cost_probe.ts ROW` measures a
 * few steps of a network, or a fold of a hand-crafted method, and prints measurements for the cost model.
 *
 * @module
 */
import process from "node:process";
import { type Rng, rng } from "lib/core/rng.ts";
import { sizeOf, type Volume, volume } from "lib/core/volume.ts";
import type { Sample } from "lib/data/types.ts";
import { findExperiment } from "lib/experiment/find.ts";
import type { Measurement } from "lib/plan/fit.ts";
import { type NetworkSize, networkSize } from "lib/plan/network_size.ts";
import { inputShape, networkOf } from "lib/run/size.ts";
import { outlineRun } from "lib/plan/outline.ts";
import { foldTerms, stepTerms, sumTerms } from "lib/plan/terms.ts";
import type { FoldFacts } from "lib/run/facts.ts";
import { findMethod } from "lib/run/methods.ts";
import { openBackend, tf } from "lib/train/backend.ts";
import { fitSettings } from "lib/train/network.ts";
import type { NetworkMethod } from "lib/train/network.ts";
import { openTrainer } from "lib/train/trainer.ts";

/** No step is made longer or larger than this, by taking fewer clips. */
const most = { flops: 1.2e11, bytes: 1e9 } as const;

const stream = rng(1, "cost probe");

/** The same numbers over and over. */
const cheap: Rng = { ...stream, next: () => 0.6, normal: () => 0.1, fork: () => cheap };

/** Of this process, which has one thread that computes: others on the machine disturb it less than clocks. */
function busySeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Numbers between 0 and 1. */
function noise(shape: readonly number[]): Volume {
  return volume(Float32Array.from({ length: sizeOf(shape) }, stream.next), shape);
}

async function paperFacts(row: string): Promise<FoldFacts> {
  const experiment = await findExperiment("table1", row);
  const given = { profile: "paper", data: "synthetic-smic" };
  return (await outlineRun(experiment, given, {})).facts;
}

/** As many clips as a step may have. */
function fitting({ graph }: NetworkSize): number {
  if (graph === undefined) return Infinity;
  return Math.min(most.flops / (6 * graph.multiplyAdds), most.bytes / (12 * graph.elements));
}

/** Steps of a network on as many clips as fit. */
async function probeNetwork(facts: FoldFacts): Promise<Measurement[]> {
  await openBackend({ backend: "tensorflow", threads: 1, isa: "avx2" });
  const size = (await networkSize(facts))!;
  const { network, inputShape: shape } = (await networkOf(facts))!;
  const settings = fitSettings(facts.parameters);
  const batch = Math.min(settings.batchSize, Math.max(2, Math.floor(fitting(size))));
  const { objective } = await findMethod(facts.method) as NetworkMethod;
  const loss = objective?.(facts.parameters).loss;
  const trainer = openTrainer({
    block: network,
    // What is learned does not change how long it takes, and drawing it would take longer than the steps.
    initial: network.init(cheap, shape),
    rng: stream.fork("dropout"),
    ...settings,
    ...(loss ? { loss } : {}),
  });
  const x = tf.tensor(noise([batch, ...shape]).data, [batch, ...shape]);
  const labels = tf.tensor1d(Array.from({ length: batch }, (_, i) => i % facts.classes), "int32");
  const step = (): number => {
    const began = busySeconds();
    const loss = trainer.step({ x, labels });
    loss.dataSync();
    loss.dispose();
    return busySeconds() - began;
  };
  step();
  const times = [step()];
  for (let spent = times[0]!; times.length < 5 && spent < 4; spent += times.at(-1)!) {
    times.push(step());
  }
  return [{
    group: facts.method,
    terms: await stepTerms(facts, batch),
    seconds: times.toSorted((a, b) => a - b)[times.length >> 1]!,
  }];
}

/** Two folds of a hand-crafted method; the first describes the clips. */
async function probeDescriptor(facts: FoldFacts): Promise<Measurement[]> {
  const method = await findMethod(facts.method);
  const shape = inputShape(facts.input, facts.parameters, false);
  const samples = Array.from({ length: facts.clips }, (_, i): Sample => ({
    clip: `${i}`,
    subject: `s${i % facts.folds}`,
    database: "smic",
    label: Math.floor(i / facts.folds) % facts.classes,
    input: noise(shape),
  }));
  const fold = async (held: string): Promise<number> => {
    const began = busySeconds();
    await method.runFold({
      train: samples.filter(({ subject }) => subject !== held),
      test: samples.filter(({ subject }) => subject === held),
      classes: Array.from({ length: facts.classes }, (_, i) => `${i}`),
      parameters: facts.parameters,
      rng: rng(1, held),
    });
    return busySeconds() - began;
  };
  const [first, second] = [await fold("s0"), await fold("s1")];
  const { each, once } = await foldTerms(facts);
  return [
    { group: facts.method, terms: sumTerms([[1, each], [1, once]]), seconds: first },
    { group: facts.method, terms: each, seconds: second },
  ];
}

const facts = await paperFacts(Deno.args[0] ?? "");
const isNetwork = await networkSize(facts) !== undefined;
console.log(JSON.stringify(await (isNetwork ? probeNetwork(facts) : probeDescriptor(facts))));
