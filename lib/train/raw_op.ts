/**
 * Any TensorFlow operation by name, for the places where tfjs composes one out of many.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";

/** Data types of tensors and of type attributes. */
export type OpType = "float32" | "int32" | "int64" | "bool" | "resource";

/** One attribute of an operation; made by {@linkcode attribute}. */
export type OpAttribute =
  | { readonly kind: "type"; readonly value: OpType }
  | { readonly kind: "int"; readonly value: number | readonly number[] }
  | { readonly kind: "float"; readonly value: number | readonly number[] }
  | { readonly kind: "bool"; readonly value: boolean | readonly boolean[] }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "shape"; readonly value: readonly number[] };

/** Attribute values with the type TensorFlow asks for: `{ epsilon: attribute.float(1e-3) }`. */
export const attribute = {
  type: (value: OpType): OpAttribute => ({ kind: "type", value }),
  int: (value: number | readonly number[]): OpAttribute => ({ kind: "int", value }),
  float: (value: number | readonly number[]): OpAttribute => ({ kind: "float", value }),
  bool: (value: boolean | readonly boolean[]): OpAttribute => ({ kind: "bool", value }),
  string: (value: string): OpAttribute => ({ kind: "string", value }),
  shape: (value: readonly number[]): OpAttribute => ({ kind: "shape", value }),
} as const;

/** What the native backend of tfjs offers beyond the common interface. */
interface NativeBackend {
  readonly binding: Readonly<Record<string, number>>;
  executeMultipleOutputs(
    name: string,
    attributes: readonly { name: string; type: number; value: unknown }[],
    inputs: readonly tf.Tensor[],
    outputs: number,
  ): tf.Tensor[];
}

const kindCode = {
  type: "TF_ATTR_TYPE",
  int: "TF_ATTR_INT",
  float: "TF_ATTR_FLOAT",
  bool: "TF_ATTR_BOOL",
  string: "TF_ATTR_STRING",
  shape: "TF_ATTR_SHAPE",
} as const;

const typeCode: Record<OpType, string> = {
  float32: "TF_FLOAT",
  int32: "TF_INT32",
  int64: "TF_INT64",
  bool: "TF_BOOL",
  resource: "TF_RESOURCE",
};

/** Whether {@linkcode runOp} works: true on TensorFlow, false on wasm, where ops are composed. */
export function hasRawOps(): boolean {
  return tf.getBackend() === "tensorflow";
}

/**
 * Runs one TensorFlow operation eagerly. It has no gradient of its own: wrap it in `tf.customGrad`.
 *
 * @param name as in TensorFlow's op registry, such as `"FusedBatchNormV3"`
 * @param attributes all attributes without a default, made by {@linkcode attribute}
 * @param inputs tensors in the op's order
 * @param outputs how many tensors the op returns
 * @throws Error when the backend is not TensorFlow, or when TensorFlow refuses the call
 *
 * @example
 * ```ts ignore
 * const [dx] = runOp("ReluGrad", { T: attribute.type("float32") }, [dy, y], 1);
 * ```
 */
export function runOp(
  name: string,
  attributes: Readonly<Record<string, OpAttribute>>,
  inputs: readonly tf.Tensor[],
  outputs = 1,
): tf.Tensor[] {
  if (!hasRawOps()) throw new Error(`Cannot run ${name}: the backend is ${tf.getBackend()}`);
  const native = tf.backend() as unknown as NativeBackend;
  return native.executeMultipleOutputs(name, encode(native, attributes), inputs, outputs);
}

type Encoded = readonly { name: string; type: number; value: unknown }[];

/** Most calls hand over attributes that are made once. */
const encodings = new WeakMap<object, Encoded>();

function encode(
  native: NativeBackend,
  attributes: Readonly<Record<string, OpAttribute>>,
): Encoded {
  const known = encodings.get(attributes);
  if (known !== undefined) return known;
  const encoded = Object.entries(attributes).map(([key, { kind, value }]) => ({
    name: key,
    type: code(native, kindCode[kind]),
    value: kind === "type" ? code(native, typeCode[value]) : value,
  }));
  encodings.set(attributes, encoded);
  return encoded;
}

function code(native: NativeBackend, name: string): number {
  const value = native.binding[name];
  if (value === undefined) throw new Error(`The TensorFlow binding knows no ${name}`);
  return value;
}
