/**
 * Listening to what a computation asks of TensorFlow.
 *
 * @module
 */
import { tf } from "../backend.ts";

/** An attribute as the binding takes it. */
export interface RecordedAttribute {
  readonly name: string;
  /** One of the binding's `TF_ATTR_…` codes. */
  readonly type: number;
  readonly value: unknown;
}

/** An output of an operation, or an array that was handed over; `id` is unique in the process. */
export interface RecordedTensor {
  readonly id: number;
  readonly shape: readonly number[];
  /** One of the binding's codes, such as `TF_FLOAT`, which are those of TensorFlow's files. */
  readonly dtype: number;
}

/** One operation. */
export interface RecordedOperation {
  readonly name: string;
  readonly attributes: readonly RecordedAttribute[];
  /** The ids of its inputs. */
  readonly inputs: readonly number[];
  readonly outputs: readonly RecordedTensor[];
}

/** An array that was handed over to TensorFlow. */
export interface RecordedArray extends RecordedTensor {
  readonly values: ArrayLike<number>;
}

/** What was asked of TensorFlow, in order. */
export interface Recording {
  readonly operations: readonly RecordedOperation[];
  readonly arrays: readonly RecordedArray[];
}

/** The part of the native binding that computes. */
interface Binding {
  executeOp(
    name: string,
    attributes: readonly RecordedAttribute[],
    inputs: readonly number[],
    outputs: number,
  ): RecordedTensor[];
  createTensor(shape: readonly number[], dtype: number, values: ArrayLike<number>): number;
  tensorDataSync(id: number): unknown;
}

interface NativeBackend {
  binding: Binding;
  getInputTensorIds(tensors: readonly tf.Tensor[]): number[];
}

/** The id by which TensorFlow knows a tensor; hands it over first if that has not been done. */
export function idOf(tensor: tf.Tensor): number {
  const native = tf.backend() as unknown as NativeBackend;
  return native.getInputTensorIds([tensor])[0] as number;
}

/**
 * Runs a function and records each operation that it has TensorFlow compute, and each array that it
 * hands over. Tensors that were there before are known by {@linkcode idOf}.
 *
 * @throws Error when the function reads a tensor: what follows may depend on the values
 */
export function record<T>(run: () => T): { readonly result: T; readonly recording: Recording } {
  const native = tf.backend() as unknown as NativeBackend;
  const { binding } = native;
  const operations: RecordedOperation[] = [];
  const arrays: RecordedArray[] = [];
  const listening: Binding = {
    executeOp(name, attributes, inputs, count) {
      const outputs = binding.executeOp(name, attributes, inputs, count);
      operations.push({ name, attributes, inputs: [...inputs], outputs });
      return outputs;
    },
    createTensor(shape, dtype, values) {
      const id = binding.createTensor(shape, dtype, values);
      arrays.push({ id, shape: [...shape], dtype, values: Array.from(values) });
      return id;
    },
    tensorDataSync() {
      throw new Error("A training step reads a tensor, so that it cannot be recorded");
    },
  };
  const functions = Object.entries(listening).map(([name, value]) => [name, { value }]);
  // The binding's own properties cannot be changed.
  native.binding = Object.create(binding, Object.fromEntries(functions));
  try {
    return { result: run(), recording: { operations, arrays } };
  } finally {
    native.binding = binding;
  }
}
