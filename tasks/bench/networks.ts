/**
 * The networks whose training step is measured, each with its batch; `step.py` has their twins.
 *
 * @module
 */
import { batchNorm } from "lib/blocks/batch_norm.ts";
import { type Block, type Shape, stateless } from "lib/blocks/block.ts";
import { conv3d } from "lib/blocks/conv.ts";
import { dense } from "lib/blocks/dense.ts";
import { relu } from "lib/blocks/relu.ts";
import { cost } from "lib/blocks/cost.ts";
import { isWired, type Wired } from "lib/blocks/graph.ts";
import { residual } from "lib/blocks/residual.ts";
import { serial } from "lib/blocks/serial.ts";
import { offApexNet } from "lib/methods/off_apex_net.ts";
import { ststNet } from "lib/methods/stst_net.ts";
import { msResNet3d } from "lib/networks/ms_resnet3d.ts";
import { rng } from "lib/core/rng.ts";
import { sizeOf } from "lib/core/volume.ts";
import { type InstructionSet, openBackend, tf } from "lib/train/backend.ts";
import { openTrainer } from "lib/train/trainer.ts";

/** The paper's network on as many frames and pixels as the paper's, a quarter as wide. */
export const paperSize = "ms-resnet3d, 16 × 134 × 134";

/** As the row of Table 1 trains it in the demo profile. */
const demo = { width: 8, batch: 8, inputShape: [8, 32, 32, 2] } as const;

/** A network and the shape of its batch. */
interface Measured {
  readonly block: Block;
  readonly batch: number;
  readonly inputShape: Shape;
}

const widths = [16, 32, 64, 128] as const;
const depths = [3, 4, 6, 3] as const;

const convNorm = (filters: number, kernel: number[], strides: number[]): Block =>
  serial({
    conv: conv3d({ filters, kernel, strides, padding: "same", bias: false }),
    norm: batchNorm(),
  });

const basicBlock = (filters: number, stride: number, widen: boolean): Block =>
  serial({
    sum: residual(
      serial({
        first: convNorm(filters, [3, 3, 3], [stride, stride, stride]),
        relu: relu(),
        second: convNorm(filters, [3, 3, 3], [1, 1, 1]),
      }),
      widen ? convNorm(filters, [1, 1, 1], [stride, stride, stride]) : undefined,
    ),
    relu: relu(),
  });

const averageAll = stateless((shape) => [shape[3]!], (x) => tf.mean(x, [1, 2, 3]));

/** A 3D residual network of 3-4-6-3 basic blocks on 16 frames of 67×67 pixels. */
function residual3d(): Block {
  const blocks: [string, Block][] = [
    ["stem", convNorm(16, [3, 7, 7], [1, 2, 2])],
    ["relu", relu()],
  ];
  widths.forEach((width, stage) => {
    for (let i = 0; i < depths[stage]!; i++) {
      const down = i === 0 && stage > 0;
      blocks.push([`stage${stage + 1}_${i + 1}`, basicBlock(width, down ? 2 : 1, down)]);
    }
  });
  blocks.push(["average", averageAll], ["scores", dense({ units: 3 })]);
  return serial(Object.fromEntries(blocks));
}

/** The paper's network without dropout. */
const ours = (width: number): Block & Wired => msResNet3d({ classes: 3, width, drop: 0 });

/** By the name that `step.ts` and `step.py` take. */
const measured: Readonly<Record<string, Measured>> = {
  "stst-net": { block: ststNet(3), batch: 256, inputShape: [28, 28, 3] },
  "off-apex-net": { block: offApexNet(3), batch: 64, inputShape: [28, 28, 3] },
  "residual-3d": { block: residual3d(), batch: 4, inputShape: [16, 67, 67, 3] },
  "ms-resnet3d, demo": { block: ours(demo.width), batch: demo.batch, inputShape: demo.inputShape },
  [paperSize]: { block: ours(16), batch: 2, inputShape: [16, 134, 134, 2] },
};

/**
 * Billions of multiplications and additions in a batch, forth and back; undefined where nobody counted.
 */
export function gflopOf(name: string): number | undefined {
  const { block, batch, inputShape } = measured[name]!;
  if (!isWired(block)) return undefined;
  const products = cost(block, inputShape).reduce((sum, part) => sum + part.multiplyAdds, 0);
  return 3 * 2 * products * batch / 1e9;
}

/** The networks' names. */
export const measuredNames: readonly string[] = Object.keys(measured);

/** Samples in a batch of a network. */
export function batchOf(name: string): number {
  return measured[name]!.batch;
}

/** A network that is ready to be timed. */
export interface OpenedStep {
  /** One training step. It waits for its loss, as printing it would. */
  readonly step: () => void;
  /** Loss and gradients, computed operation by operation. */
  readonly eagerly: () => void;
  /** What computes it, with its version. */
  readonly library: string;
}

/**
 * Opens a network on the processor with one thread, and gives its training step on one batch of random
 * numbers.
 *
 * @param name one of {@linkcode measuredNames}
 * @param isa the vector instructions that may be used
 * @param batch samples of a step; default {@linkcode batchOf}
 */
export async function openStep(
  name: string,
  isa: InstructionSet,
  batch = batchOf(name),
): Promise<OpenedStep> {
  const { library } = await openBackend({ backend: "tensorflow", threads: 1, isa });
  const { block, inputShape } = measured[name]!;
  const stream = rng(1, "bench");
  const trainer = openTrainer({
    block,
    initial: block.init(stream.fork("init"), inputShape),
    rng: stream.fork("dropout"),
    optimiser: "adam",
    learningRate: 1e-3,
    weightDecay: 0,
  });
  const shape = [batch, ...inputShape];
  const x = tf.tensor(Float32Array.from({ length: sizeOf(shape) }, stream.next), shape);
  const labels = tf.tensor1d(Array.from({ length: batch }, (_, i) => i % 3), "int32");
  const step = (): void => {
    const loss = trainer.step({ x, labels });
    loss.dataSync();
    loss.dispose();
  };
  const eagerly = (): void => tf.tidy(() => void trainer.gradients({ x, labels }));
  return { step, eagerly, library };
}
