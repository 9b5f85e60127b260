/**
 * Graphs in TensorFlow's own file format, `saved_model.pb`.
 *
 * @module
 */
import { createRequire } from "node:module";
import { tf } from "../backend.ts";
import type { RecordedArray, RecordedAttribute } from "./recording.ts";

/** A value of a node's attribute. */
export type Attribute =
  | { readonly type: number }
  | { readonly shape: readonly number[] }
  | { readonly text: string }
  | { readonly array: Pick<RecordedArray, "shape" | "dtype" | "values"> }
  | RecordedAttribute;

/** A node: an operation with its inputs, `name`, `name:1` or, to only come after it, `^name`. */
export interface GraphNode {
  readonly name: string;
  readonly operation: string;
  readonly inputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** A message of the package's protocol buffers: fields are set by functions. */
// deno-lint-ignore no-explicit-any -- generated JavaScript without types
type Message = any;
type MessageClass = (new () => Message) & Readonly<Record<string, new () => Message>>;

/** The codes of the binding. */
export type Codes = Readonly<
  Record<
    | "TF_FLOAT"
    | "TF_INT32"
    | "TF_BOOL"
    | "TF_ATTR_TYPE"
    | "TF_ATTR_SHAPE"
    | "TF_ATTR_STRING"
    | "TF_ATTR_INT"
    | "TF_ATTR_FLOAT"
    | "TF_ATTR_BOOL",
    number
  >
>;

/** The codes of types and attributes that the binding uses. */
export function codes(): Codes {
  return (tf.backend() as unknown as { readonly binding: Codes }).binding;
}

/**
 * Marks of nodes that TensorFlow, before it plans a graph, has already rewritten for these two ends. Else
 * it adds up sums of many terms, and multiplies out, in an order that differs from process to process, and
 * so do the last digits.
 */
const asItIs = [
  "_grappler_ArithmeticOptimizer_AddOpsRewriteStage",
  "_grappler_ArithmeticOptimizer_MinimizeBroadcasts",
] as const;

/** The one tag by which the graph in a file is found. */
export const tag = "train";

/** The bytes of a `saved_model.pb` with these nodes. */
export function encodeGraph(nodes: readonly GraphNode[]): Uint8Array {
  const proto = messages();
  const graph = new proto.GraphDef!();
  for (const node of nodes) graph.addNode(nodeMessage(node, proto));
  const versions = new proto.VersionDef!();
  // The oldest that all operations in use understand; newer ones only change what is not used here.
  versions.setProducer(producer);
  graph.setVersions(versions);
  const info = new proto.MetaGraphDef!.MetaInfoDef!();
  info.setTagsList([tag]);
  const meta = new proto.MetaGraphDef!();
  meta.setMetaInfoDef(info);
  meta.setGraphDef(graph);
  const model = new proto.SavedModel!();
  model.setSavedModelSchemaVersion(1);
  model.setMetaGraphsList([meta]);
  return model.serializeBinary();
}

/** The version of graphs that TensorFlow 2.4 wrote. */
const producer = 561;

type Messages = Readonly<Record<string, MessageClass>>;

function messages(): Messages {
  // The package brings the messages along, to read models that others saved.
  return createRequire(import.meta.url)("@tensorflow/tfjs-node-gpu/dist/proto/api_pb");
}

function nodeMessage({ name, operation, inputs, attributes }: GraphNode, proto: Messages): Message {
  const node = new proto.NodeDef!();
  node.setName(name);
  node.setOp(operation);
  node.setInputList([...inputs]);
  for (const [key, value] of Object.entries(attributes)) {
    node.getAttrMap().set(key, attributeMessage(value, proto));
  }
  for (const key of asItIs) {
    const message = new proto.AttrValue!();
    message.setB(true);
    node.getAttrMap().set(key, message);
  }
  return node;
}

function attributeMessage(attribute: Attribute, proto: Messages): Message {
  const message = new proto.AttrValue!();
  if ("array" in attribute) message.setTensor(arrayMessage(attribute.array, proto));
  else if ("shape" in attribute) message.setShape(shapeMessage(attribute.shape, proto));
  else if ("text" in attribute) message.setS(new TextEncoder().encode(attribute.text));
  else if ("name" in attribute) setRecorded(message, attribute, proto);
  else message.setType(attribute.type);
  return message;
}

function setRecorded(message: Message, { type, value }: RecordedAttribute, proto: Messages): void {
  const known = codes();
  if (type === known.TF_ATTR_TYPE) return message.setType(value);
  if (type === known.TF_ATTR_SHAPE) {
    return message.setShape(shapeMessage(value as readonly number[], proto));
  }
  if (type === known.TF_ATTR_STRING) return message.setS(new TextEncoder().encode(value as string));
  const field =
    ([[known.TF_ATTR_INT, "I"], [known.TF_ATTR_FLOAT, "F"], [known.TF_ATTR_BOOL, "B"]] as const)
      .find(([code]) => code === type)?.[1];
  if (field === undefined) throw new Error(`No graph can hold an attribute of type ${type}`);
  if (!Array.isArray(value)) return message[`set${field}`](value);
  const list = new proto.AttrValue!.ListValue!();
  list[`set${field}List`](value);
  message.setList(list);
}

function shapeMessage(shape: readonly number[], proto: Messages): Message {
  const message = new proto.TensorShape!();
  message.setDimList(shape.map((size) => {
    const dim = new proto.TensorShape!.Dim!();
    dim.setSize(size);
    return dim;
  }));
  return message;
}

function arrayMessage(
  { shape, dtype, values }: Pick<RecordedArray, "shape" | "dtype" | "values">,
  proto: Messages,
): Message {
  const known = codes();
  const kinds = new Map<number, (values: ArrayLike<number>) => ArrayBufferView>([
    [known.TF_FLOAT, (v) => Float32Array.from(v)],
    [known.TF_INT32, (v) => Int32Array.from(v)],
    [known.TF_BOOL, (v) => Uint8Array.from(v)],
  ]);
  const make = kinds.get(dtype);
  if (make === undefined) throw new Error(`No graph can hold an array of type ${dtype}`);
  const message = new proto.Tensor!();
  message.setDtype(dtype);
  message.setTensorShape(shapeMessage(shape, proto));
  message.setTensorContent(new Uint8Array(make(values).buffer));
  return message;
}
