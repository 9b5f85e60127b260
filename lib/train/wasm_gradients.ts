/**
 * Kernels that tfjs's WebAssembly backend lacks, most of them for gradients.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";

/**
 * Completes the wasm backend so that networks can train on it: the filter gradient of a 2-D
 * convolution on its own kernels, anything else that it lacks (gradients of depthwise convolution
 * and of gather, einsum, …) on tfjs's slower JavaScript kernels, which must be registered already.
 */
export function registerWasmGradients(): void {
  registerFilterGradient();
  const script = tf.engine().findBackend("cpu");
  for (const { kernelName, kernelFunc } of tf.getKernelsForBackend("cpu")) {
    if (tf.getKernel(kernelName, "wasm")) continue;
    tf.registerKernel({
      kernelName,
      backendName: "wasm",
      // tfjs moves the data of a tensor to whichever backend asks for it, here and on the way back.
      kernelFunc: ({ inputs, attrs }) => {
        const outputs = kernelFunc({ inputs, backend: script, ...(attrs ? { attrs } : {}) });
        const place = (info: tf.TensorInfo): tf.TensorInfo =>
          tf.engine().makeTensorFromTensorInfo(info, script);
        return Array.isArray(outputs) ? outputs.map(place) : place(outputs);
      },
    });
  }
}

function registerFilterGradient(): void {
  if (tf.getKernel("Conv2DBackpropFilter", "wasm")) return;
  tf.registerKernel({
    kernelName: "Conv2DBackpropFilter",
    backendName: "wasm",
    kernelFunc: ({ inputs, attrs }) => {
      const { x, dy } = inputs as { x: tf.Tensor4D; dy: tf.Tensor4D };
      const { strides, pad, dimRoundingMode, filterShape } =
        attrs as unknown as tf.Conv2DBackpropFilterAttrs;
      const info = tf.backend_util.computeConv2DInfo(
        x.shape,
        filterShape,
        strides,
        1,
        pad,
        dimRoundingMode,
      );
      return tf.engine().tidy(() => filterGradient(x, dy, info));
    },
  });
}

/**
 * dW[i, j, c, f] = sum over n, p, q of x[n, p s + i - pad, q s + j - pad, c] dy[n, p, q, f]: itself a
 * convolution, with channels and batch exchanged, dy as the filter and the stride as its dilation.
 */
function filterGradient(
  x: tf.Tensor4D,
  dy: tf.Tensor4D,
  info: tf.backend_util.Conv2DInfo,
): tf.Tensor4D {
  const { padInfo: { top, bottom, left, right } } = info;
  const padded = tf.pad(tf.transpose(x, [3, 1, 2, 0]), [[0, 0], [top, bottom], [left, right], [
    0,
    0,
  ]]);
  const filter = tf.transpose(dy, [1, 2, 0, 3]) as tf.Tensor4D;
  const full = tf.conv2d(padded as tf.Tensor4D, filter, 1, "valid", "NHWC", [
    info.strideHeight,
    info.strideWidth,
  ]);
  const { filterHeight, filterWidth, inChannels, outChannels } = info;
  const used = tf.slice(full, [0, 0, 0, 0], [inChannels, filterHeight, filterWidth, outChannels]);
  return tf.transpose(used, [1, 2, 0, 3]) as tf.Tensor4D;
}
