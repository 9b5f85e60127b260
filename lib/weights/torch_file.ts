/**
 * Tensors in a file of PyTorch's `torch.save`.
 *
 * Such a file is a ZIP of a pickle, which could name any Python code, and of the tensors' bytes. Here
 * nothing of it is run: only the names that a plain table of tensors needs are known, any other is refused.
 *
 * @module
 */
import { unzipSync } from "fflate";
import { Parser } from "pickleparser";
import { DataError } from "lib/core/errors.ts";
import { sizeOf, type Volume } from "lib/core/volume.ts";
import { zipProblem } from "lib/data/zip_bounds.ts";
import { type FloatType, floatTypes, readFloats } from "./floats.ts";

/** The kinds of storage that hold learned numbers; others, such as counters of batches, are left out. */
const floatStorages: Readonly<Record<string, FloatType>> = {
  FloatStorage: "F32",
  DoubleStorage: "F64",
  HalfStorage: "F16",
  BFloat16Storage: "BF16",
};

interface Storage {
  readonly type: FloatType | undefined;
  /** The name of its bytes in the ZIP. */
  readonly key: string;
  readonly numel: number;
}

/** A tensor as the pickle describes it. */
class Tensor {
  constructor(
    readonly storage: Storage,
    readonly offset: number,
    readonly shape: readonly number[],
    readonly strides: readonly number[],
  ) {
    const places = (list: unknown): list is number[] =>
      Array.isArray(list) && list.every((n) => Number.isSafeInteger(n) && n >= 0);
    const sound = typeof storage?.key === "string" && places([offset]) && places(shape) &&
      places(strides) && shape.length === strides.length;
    if (!sound) throw new Error("a tensor is described in another way than torch.save does");
  }
}

/** Whether bytes begin as a ZIP file does. */
export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4;
}

/**
 * Reads every tensor of real numbers, in tables within tables too, by its dotted name.
 *
 * @param file the file's name, for messages
 * @throws DataError when the file is damaged, holds anything but tables of tensors and plain values, or
 * unpacks to more than its own size
 */
export function readTorchFile(bytes: Uint8Array, file: string): Map<string, Volume> {
  // PyTorch stores tensors as they are, so nothing in its files grows by unpacking.
  const problem = zipProblem(bytes, { entries: 100_000, bytes: bytes.length });
  if (problem !== undefined) throw new DataError(`This is no PyTorch file: ${problem}`, { file });
  const entries = unzipSync(bytes);
  const pickle = Object.keys(entries).find((name) => /(^|\/)data\.pkl$/.test(name));
  if (pickle === undefined) {
    throw new DataError("This ZIP holds no 'data.pkl', so torch.save has not written it", { file });
  }
  const folder = pickle.slice(0, -"data.pkl".length);
  const order = entries[`${folder}byteorder`];
  if (order !== undefined && new TextDecoder().decode(order).trim() !== "little") {
    throw new DataError("Its numbers have another byte order than 'little'", { file });
  }
  const tensors = tensorsOf(unpickle(entries[pickle]!, file));
  return new Map(
    [...tensors].map(([name, tensor]) => [
      name,
      materialise(tensor, entries[`${folder}data/${tensor.storage.key}`], { file, field: name }),
    ]),
  );
}

function unpickle(pickle: Uint8Array, file: string): unknown {
  const parser = new Parser({
    unpicklingTypeOfDictionary: "Map",
    nameResolver: { resolve: (module, name) => known(module, name, file) },
    persistentResolver: { resolve: (id) => storageOf(id) },
  });
  try {
    return parser.parse(pickle);
  } catch (error) {
    if (error instanceof DataError) throw error;
    throw new DataError(`Its table of tensors is damaged (${(error as Error).message})`, { file });
  }
}

/** What a pickle of tensors may name. */
function known(module: string, name: string, file: string): (...values: never[]) => unknown {
  const full = `${module}.${name}`;
  switch (full) {
    case "collections.OrderedDict":
      return (pairs: Iterable<[unknown, unknown]> = []) => new Map(pairs);
    case "torch._utils._rebuild_tensor_v2":
      return (storage: Storage, offset: number, shape: number[], strides: number[]) =>
        new Tensor(storage, offset, shape, strides);
    case "torch._utils._rebuild_parameter":
      return (tensor: Tensor) => tensor;
    case "torch.Size":
      return (sizes: readonly number[]) => sizes;
  }
  // A storage's kind is only looked at, never called.
  if (module === "torch" && name.endsWith("Storage")) return storageKind(name);
  throw new DataError(`It refers to ${full}, and only tables of tensors are read`, {
    file,
    fix: "In Python, save the network's state_dict() alone: torch.save(net.state_dict(), file)",
  });
}

function storageKind(name: string): () => never {
  const kind = () => {
    throw new Error(`${name} stands where a tensor is expected`);
  };
  return Object.defineProperty(kind, "name", { value: name });
}

function storageOf(id: unknown): Storage {
  const [what, kind, key, , numel] = id as [string, { name: string }, string, string, number];
  if (what !== "storage") throw new Error(`there is a '${what}' where a storage is expected`);
  return { type: floatStorages[kind.name], key, numel };
}

/** All tensors of real numbers by dotted name. */
function tensorsOf(value: unknown, name = ""): Map<string, Tensor> {
  if (value instanceof Tensor) return new Map(value.storage.type ? [[name, value]] : []);
  const entries = value instanceof Map ? [...value] : [];
  return new Map(entries.flatMap(([key, inner]) => [
    ...tensorsOf(inner, name === "" ? String(key) : `${name}.${key}`),
  ]));
}

function materialise(
  { storage, offset, shape, strides }: Tensor,
  bytes: Uint8Array | undefined,
  where: { readonly file: string; readonly field: string },
): Volume {
  const type = storage.type as FloatType;
  const held = Math.floor((bytes?.length ?? 0) / floatTypes[type]);
  const last = shape.reduce((at, n, axis) => at + (n - 1) * strides[axis]!, offset);
  const size = sizeOf(shape);
  if (bytes === undefined || size > held || (size > 0 && !(last < held))) {
    throw new DataError("The tensor reaches beyond the file's numbers", where);
  }
  const all = readFloats(bytes, type);
  const inOrder = shape.every((n, axis) =>
    n === 1 || strides[axis] === sizeOf(shape.slice(axis + 1))
  );
  if (inOrder) return { data: all.slice(offset, offset + size), shape: [...shape] };
  const data = new Float32Array(size);
  const at = shape.map(() => 0);
  for (let i = 0, from = offset; i < size; i++) {
    data[i] = all[from]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis]!;
      if (++at[axis]! < shape[axis]!) break;
      from -= at[axis]! * strides[axis]!;
      at[axis] = 0;
    }
  }
  return { data, shape: [...shape] };
}
