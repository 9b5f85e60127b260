import assert from "node:assert/strict";
import { openBackend, tf } from "./backend.ts";
import { checkGradient } from "./gradient_check.ts";

await openBackend({ backend: "wasm" });

/** Values without a pattern: 0.5 sin(0), 0.5 sin(1), … rounded to 1/64 so that sums are exact. */
function values<R extends tf.Rank>(shape: tf.ShapeMap[R]): tf.Tensor<R> {
  const size = shape.reduce((a: number, b: number) => a * b, 1);
  const data = Array.from({ length: size }, (_, i) => Math.round(32 * Math.sin(i)) / 64);
  return tf.tensor(data, shape);
}

interface Convolution {
  readonly x: [number, number, number, number];
  readonly filter: [number, number, number, number];
  readonly stride: [number, number];
  readonly pad: "same" | "valid" | number;
}

/** The filter gradient of sum(conv2d(x, w) g) by its definition, in six loops. */
function filterGradientByLoops({ x, filter, stride, pad }: Convolution, g: tf.Tensor4D): number[] {
  const info = tf.backend_util.computeConv2DInfo(x, filter, stride, 1, pad);
  const [input, dy] = [values<tf.Rank.R4>(x).arraySync(), g.arraySync()];
  const result: number[] = [];
  const [rows, columns, inputs, outputs] = filter;
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      for (let c = 0; c < inputs; c++) {
        for (let f = 0; f < outputs; f++) {
          let sum = 0;
          dy.forEach((plane, n) =>
            plane.forEach((row, p) =>
              row.forEach((cell, q) => {
                const r = p * stride[0] + i - info.padInfo.top;
                const s = q * stride[1] + j - info.padInfo.left;
                sum += (input[n]?.[r]?.[s]?.[c] ?? 0) * cell[f]!;
              })
            )
          );
          result.push(sum);
        }
      }
    }
  }
  return result;
}

const convolutions: Convolution[] = [
  { x: [2, 5, 6, 3], filter: [3, 3, 3, 4], stride: [1, 1], pad: "same" },
  { x: [2, 5, 6, 3], filter: [3, 2, 3, 4], stride: [1, 1], pad: "valid" },
  { x: [1, 8, 8, 2], filter: [5, 5, 2, 3], stride: [2, 2], pad: "same" },
  // The last row and the last two columns are reached by no window.
  { x: [3, 8, 9, 1], filter: [3, 4, 1, 2], stride: [2, 3], pad: "valid" },
  { x: [2, 4, 4, 2], filter: [1, 1, 2, 2], stride: [1, 1], pad: 0 },
];

for (const convolution of convolutions) {
  Deno.test(`conv2d on wasm has the right filter gradient: ${JSON.stringify(convolution)}`, () => {
    const { x, filter, stride, pad } = convolution;
    tf.tidy(() => {
      const input = values<tf.Rank.R4>(x);
      const forward = (w: tf.Tensor): tf.Tensor4D =>
        tf.conv2d(input, w as tf.Tensor4D, stride, pad);
      const g = values<tf.Rank.R4>(forward(tf.zeros(filter)).shape);
      const gradient = tf.grad((w) => tf.sum(tf.mul(forward(w), g)))(values<tf.Rank.R4>(filter));
      const expected = filterGradientByLoops(convolution, g);
      assert.deepEqual(gradient.shape, filter);
      gradient.dataSync().forEach((value, k) => assert.ok(Math.abs(value - expected[k]!) < 1e-5));
    });
  });
}

Deno.test("a gradient that wasm lacks is computed by JavaScript and flows on", () => {
  const x = tf.tensor2d([[1, 2], [3, 4], [5, 6]]);
  const rows = tf.tensor1d([0, 2, 2], "int32");
  const gradient = tf.grad((v) => tf.sum(tf.square(tf.gather(v, rows))))(x);
  // Row 2 is taken twice.
  assert.deepEqual(gradient.arraySync(), [[2, 4], [0, 0], [20, 24]]);
});

Deno.test("checkGradient() is right on wasm", () => {
  assert.deepEqual(checkGradient().found, checkGradient().expected);
});

/** Loss before and after some steps of Adam on eight labelled samples. */
function train(net: (x: tf.Tensor) => tf.Tensor, shape: number[]): [number, number] {
  const x = values<tf.Rank>(shape as [number]);
  const y = tf.oneHot(tf.tensor1d([0, 1, 0, 1, 1, 0, 0, 1], "int32"), 2);
  const loss = (): tf.Scalar => tf.losses.softmaxCrossEntropy(y, net(x));
  const optimizer = tf.train.adam(0.02);
  const first = tf.tidy(() => loss().dataSync()[0]!);
  // The first step makes the optimiser's moments, which stay; after it nothing may pile up.
  optimizer.minimize(loss);
  const tensors = tf.memory().numTensors;
  for (let step = 1; step < 30; step++) optimizer.minimize(loss);
  assert.equal(tf.memory().numTensors, tensors);
  return [first, tf.tidy(() => loss().dataSync()[0]!)];
}

Deno.test("a network of conv2d, max and average pooling and dense layers trains on wasm", () => {
  const filter = tf.variable(values<tf.Rank.R4>([3, 3, 2, 4]));
  const depthwise = tf.variable(values<tf.Rank.R4>([3, 3, 4, 1]));
  const weight = tf.variable(values<tf.Rank.R2>([16, 2]));
  const [before, after] = train((x) => {
    let y: tf.Tensor4D = tf.relu(tf.conv2d(x as tf.Tensor4D, filter, 1, "same"));
    y = tf.maxPool(y, 3, 2, "same");
    y = tf.avgPool(tf.depthwiseConv2d(y, depthwise, 1, "same"), 2, 2, "same");
    return tf.matMul(tf.reshape(y, [8, -1]), weight) as tf.Tensor;
  }, [8, 8, 8, 2]);
  assert.ok(after < 0.5 * before, `${before} → ${after}`);
});

Deno.test("a network of conv3d, batch statistics and 3-D pooling trains on wasm", () => {
  const filter = tf.variable(values<tf.Rank.R5>([3, 3, 3, 1, 4]));
  const weight = tf.variable(values<tf.Rank.R2>([8, 2]));
  const [before, after] = train((x) => {
    const y: tf.Tensor = tf.conv3d(x as tf.Tensor5D, filter, 1, "same");
    const { mean, variance } = tf.moments(y, [0, 1, 2, 3]);
    const normal = tf.relu(tf.mul(tf.sub(y, mean), tf.rsqrt(tf.add(variance, 1e-3))));
    const pooled = tf.maxPool3d(normal as tf.Tensor5D, 2, 2, "same");
    const small = tf.avgPool3d(pooled, [2, 2, 1], [2, 2, 1], "same");
    return tf.matMul(tf.reshape(small, [8, -1]), weight) as tf.Tensor;
  }, [8, 4, 4, 4, 1]);
  assert.ok(after < 0.5 * before, `${before} → ${after}`);
});
