/**
 * Max pooling by oneDNN's own kernels inside TensorFlow.
 *
 * TensorFlow's kernel of the gradient looks for the maxima again and takes ten times as long as pooling
 * itself (20 ms for a batch of 256 30x30x16 maps); oneDNN's remembers where they were (2 ms). In a graph
 * TensorFlow would use it, but its eager mode, which tfjs runs, keeps to the former: so ours names it.
 *
 * @module
 */
import { attribute, hasRawOps, runOp, tf } from "lib/train/backend.ts";
import type { Window } from "./window.ts";

const common = {
  T: attribute.type("float32"),
  workspace_enabled: attribute.bool(true),
  // The label under which these kernels are registered.
  _kernel: attribute.string("MklNameChangeOp"),
};

let usable: boolean | undefined;

/** Whether this TensorFlow has the kernels: the x86 builds do, as long as no GPU does the work. */
export function canRememberMaxima(): boolean {
  if (!hasRawOps()) return false;
  usable ??= !onGpu() && tf.tidy(probe);
  return usable;
}

/** A window without explicit padding. */
type PlainWindow = Omit<Window, "padding"> & { readonly padding: "same" | "valid" };

/**
 * Largest value of each window; the first of equal ones gets the gradient.
 *
 * @param x `[batch, height, width, channels]` or `[batch, depth, height, width, channels]`
 */
export function maxPoolRemembering(
  x: tf.Tensor,
  { size, strides, padding }: PlainWindow,
): tf.Tensor {
  const [pool, gradient, layout] = size.length === 2
    ? ["_MklNativeMaxPool", "_MklNativeMaxPoolGrad", "NHWC"] as const
    : ["_MklNativeMaxPool3D", "_MklNativeMaxPool3DGrad", "NDHWC"] as const;
  const attributes = {
    ...common,
    data_format: attribute.string(layout),
    ksize: attribute.int([1, ...size, 1]),
    strides: attribute.int([1, ...strides, 1]),
    padding: attribute.string(padding.toUpperCase()),
  };
  return tf.customGrad((x, save) => {
    const [y, where] = runOp(pool, attributes, [x as tf.Tensor], 2);
    (save as tf.GradSaveFunc)([x as tf.Tensor, y as tf.Tensor, where as tf.Tensor]);
    return {
      value: y as tf.Tensor,
      gradFunc: (dy, saved) => {
        const [x, y, where] = saved as [tf.Tensor, tf.Tensor, tf.Tensor];
        return runOp(gradient, attributes, [x, y, dy, where])[0] as tf.Tensor;
      },
    };
  })(x);
}

function onGpu(): boolean {
  return (tf.backend() as unknown as { readonly isUsingGpuDevice: boolean }).isUsingGpuDevice;
}

/** One pooling and its gradient, with a tie: by hand, max(1, 3, 3, 2) = 3, and the first 3 gets it. */
function probe(): boolean {
  const window = { size: [2, 2], strides: [2, 2], padding: "valid" } as const;
  try {
    const x = tf.tensor4d([1, 3, 3, 2], [1, 2, 2, 1]);
    const { value, grad } = tf.valueAndGrad((x) => maxPoolRemembering(x, window))(x);
    return value.dataSync()[0] === 3 && grad.dataSync().join() === "0,1,0,0";
  } catch {
    return false;
  }
}
