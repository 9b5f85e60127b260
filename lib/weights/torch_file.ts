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
import { Budget, PickleReader } from "./pickle_reader.ts";

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
}

const storages = new WeakSet<object>();

/** Whether a value is what {@linkcode storageOf} made, and no look-alike out of the pickle. */
function isStorage(value: unknown): value is Storage {
  return typeof value === "object" && value !== null && storages.has(value);
}

/** Far above the axes of any array that a network learns. */
const mostAxes = 16;

/** A tensor as the pickle describes it; what the pickle does afterwards does not reach it. */
class Tensor {
  readonly storage: Storage;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];

  constructor(storage: unknown, offset: unknown, shape: unknown, strides: unknown) {
    const places = (list: unknown): list is number[] =>
      Array.isArray(list) && list.length <= mostAxes &&
      list.every((n) => Number.isSafeInteger(n) && n >= 0);
    const sound = isStorage(storage) && places([offset]) && places(shape) && places(strides) &&
      shape.length === strides.length;
    if (!sound) throw new Error("a tensor is described in another way than torch.save does");
    this.storage = storage;
    this.offset = offset as number;
    this.shape = [...shape];
    this.strides = [...strides];
    Object.freeze(this);
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
  const entries = new Map(Object.entries(unzipSync(bytes)));
  const pickle = [...entries.keys()].find((name) => /(^|\/)data\.pkl$/.test(name));
  if (pickle === undefined) {
    throw new DataError("This ZIP holds no 'data.pkl', so torch.save has not written it", { file });
  }
  const folder = pickle.slice(0, -"data.pkl".length);
  const order = entries.get(`${folder}byteorder`);
  if (order !== undefined && new TextDecoder().decode(order).trim() !== "little") {
    throw new DataError("Its numbers have another byte order than 'little'", { file });
  }
  const tensors = tablesOf(unpickle(entries.get(pickle)!, file), file);
  // Tied layers share numbers; that a file unpacks to far more than itself is meant to harm.
  let left = 4 * bytes.length;
  return new Map(
    [...tensors].map(([name, tensor]) => {
      left -= sizeOf(tensor.shape);
      if (!(left >= 0)) {
        throw new DataError("Its tensors are far larger than the file", { file, field: name });
      }
      const stored = entries.get(`${folder}data/${tensor.storage.key}`);
      return [name, materialise(tensor, stored, { file, field: name })];
    }),
  );
}

function unpickle(pickle: Uint8Array, file: string): unknown {
  const budget = new Budget();
  const parser = new Parser({
    unpicklingTypeOfDictionary: "Map",
    nameResolver: {
      resolve(module, name) {
        const call = known(String(module), String(name), file);
        if (kinds.has(call)) return call;
        return (...values: never[]) => {
          budget.spend(values.length);
          for (const value of values as unknown[]) {
            if (Array.isArray(value)) budget.spend(value.length);
            else if (value instanceof Map) budget.spend(value.size);
          }
          return call(...values);
        };
      },
    },
    persistentResolver: { resolve: (id) => storageOf(id) },
  });
  try {
    return parser.read(new PickleReader(pickle));
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
      return (pairs: [unknown, unknown][] = []) => new Map(pairs);
    case "torch._utils._rebuild_tensor_v2":
      return (storage: unknown, offset: unknown, shape: unknown, strides: unknown) =>
        new Tensor(storage, offset, shape, strides);
    case "torch._utils._rebuild_parameter":
      return (tensor: Tensor) => tensor;
    case "torch.Size":
      return (sizes: readonly number[]) => sizes;
  }
  // A storage's kind is only looked at, never called.
  if (module === "torch" && name.endsWith("Storage")) return storageKind(name);
  throw new DataError(`It refers to ${full.slice(0, 200)}, and only tables of tensors are read`, {
    file,
    fix: "In Python, save the network's state_dict() alone: torch.save(net.state_dict(), file)",
  });
}

/** The names of storages' kinds; none of these functions is ever called to an end. */
const kinds = new WeakMap<object, string>();

function storageKind(name: string): () => never {
  const kind = () => {
    throw new Error(`${name} stands where a tensor is expected`);
  };
  kinds.set(kind, name);
  return kind;
}

function storageOf(id: unknown): Storage {
  const [what, kind, key] = id as readonly unknown[];
  const name = typeof kind === "function" ? kinds.get(kind) : undefined;
  if (what !== "storage" || name === undefined || typeof key !== "string") {
    throw new Error("there is something else where a storage is expected");
  }
  const storage: Storage = Object.freeze({
    type: Object.hasOwn(floatStorages, name) ? floatStorages[name] : undefined,
    key,
  });
  storages.add(storage);
  return storage;
}

const mostTables = 200_000;
const mostLevels = 50;
const longestName = 1000;

/**
 * All tensors of real numbers by dotted name. Tables can hold each other, and one can stand in many places, so
 * both the depth and the number of places are bounded.
 */
function tablesOf(value: unknown, file: string): Map<string, Tensor> {
  const found = new Map<string, Tensor>();
  let places = 0;
  const visit = (value: unknown, name: string, level: number): void => {
    if (++places > mostTables || level > mostLevels || name.length > longestName) {
      throw new DataError("Its tables hold more than a network has", { file });
    }
    if (value instanceof Tensor) {
      if (value.storage.type) found.set(name, value);
      return;
    }
    if (!(value instanceof Map)) return;
    for (const [key, inner] of value) {
      if (typeof key !== "string" && typeof key !== "number") {
        throw new DataError("A table has a key that is no name", { file });
      }
      visit(inner, name === "" ? String(key) : `${name}.${key}`, level + 1);
    }
  };
  visit(value, "", 0);
  return found;
}

function materialise(
  { storage, offset, shape, strides }: Tensor,
  bytes: Uint8Array | undefined,
  where: { readonly file: string; readonly field: string },
): Volume {
  const type = storage.type as FloatType;
  const width = floatTypes[type];
  const held = Math.floor((bytes?.length ?? 0) / width);
  const last = shape.reduce((at, n, axis) => at + (n - 1) * strides[axis]!, offset);
  const size = sizeOf(shape);
  if (bytes === undefined || size > held || (size > 0 && !(last < held))) {
    throw new DataError("The tensor reaches beyond the file's numbers", where);
  }
  const inOrder = shape.every((n, axis) =>
    n === 1 || strides[axis] === sizeOf(shape.slice(axis + 1))
  );
  if (inOrder || size === 0) {
    // Many tensors can lie in one storage, each of which would otherwise be read anew as a whole.
    const own = bytes.subarray(width * offset, width * (offset + size));
    return { data: readFloats(own, type), shape: [...shape] };
  }
  const all = readFloats(bytes.subarray(width * offset, width * (last + 1)), type);
  const data = new Float32Array(size);
  const at = shape.map(() => 0);
  for (let i = 0, from = 0; i < size; i++) {
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
