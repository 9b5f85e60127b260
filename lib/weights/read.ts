/**
 * Weights that were trained elsewhere, as a user has them on disk.
 *
 * @module
 */
import { DataError } from "lib/core/errors.ts";
import { fileProblem } from "lib/core/files.ts";
import { sizeOf, type Volume } from "lib/core/volume.ts";
import { type FloatType, floatTypes, readFloats } from "./floats.ts";
import { isZip, readTorchFile } from "./torch_file.ts";

/** Twice the weights of C3D, the largest network here that begins with any. */
const mostBytes = 2 ** 30;

/** The format's own limit for its table of arrays. */
const mostHeader = 100_000_000;

const longestName = 1000;

/** Names under which programs put a network's table into another one. */
const wrappers = ["state_dict", "model_state_dict", "model", "module"];

/**
 * Reads all arrays of real numbers from a `.safetensors` file or from one of `torch.save`, by name, in
 * single precision. Where every name begins with `state_dict`, `model` or `module`, that is left out.
 *
 * @param path of the file; its content tells which kind it is
 * @throws DataError naming the file when it cannot be read, is damaged or of another kind
 */
export async function readWeights(path: string): Promise<Map<string, Volume>> {
  const problem = await fileProblem(path, mostBytes);
  if (problem !== undefined) throw new DataError(problem, { file: path });
  let bytes: Uint8Array;
  try {
    bytes = await Deno.readFile(path);
  } catch (error) {
    throw new DataError(`Cannot read weights (${(error as Error).message})`, { file: path });
  }
  const named = isZip(bytes) ? readTorchFile(bytes, path) : readSafetensors(bytes, path);
  const unwrapped = unwrap(named);
  if (unwrapped.size > 0) return unwrapped;
  throw new DataError("There are no arrays of real numbers in it", { file: path });
}

function unwrap(named: Map<string, Volume>): Map<string, Volume> {
  const names = [...named.keys()];
  const prefix = wrappers.find((name) => names.every((full) => full.startsWith(`${name}.`)));
  if (names.length === 0 || prefix === undefined) return named;
  return unwrap(new Map([...named].map(([name, array]) => [name.slice(prefix.length + 1), array])));
}

interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [start: number, end: number];
}

function readSafetensors(bytes: Uint8Array, file: string): Map<string, Volume> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = bytes.length < 8 ? Infinity : Number(view.getBigUint64(0, true));
  if (length > mostHeader || 8 + length > bytes.length) {
    throw new DataError("This is neither a .safetensors file nor one of torch.save", {
      file,
      fix: "Files of PyTorch before 1.6 are another kind: load such a one there and save it again",
    });
  }
  const { __metadata__: _text, ...entries } = headerOf(bytes.subarray(8, 8 + length), file);
  const body = bytes.subarray(8 + length);
  const floats = Object.entries(entries).filter(([, { dtype }]) =>
    Object.hasOwn(floatTypes, dtype)
  );
  // The format has no two arrays share bytes; a small file could ask for all memory by that.
  let left = body.length;
  return new Map(
    floats.sort(([a], [b]) => a < b ? -1 : 1).map(([name, { dtype, shape, data_offsets }]) => {
      const [start, end] = data_offsets;
      const type = dtype as FloatType;
      if (
        start < 0 || end < start || end > body.length ||
        end - start !== sizeOf(shape) * floatTypes[type]
      ) {
        throw new DataError("The file is cut short or damaged", { file, field: name });
      }
      left -= end - start;
      if (left < 0) throw new DataError("Its arrays overlap", { file, field: name });
      return [name, { data: readFloats(body.subarray(start, end), type), shape }];
    }),
  );
}

function headerOf(bytes: Uint8Array, file: string): Record<string, Entry> {
  try {
    const header: Record<string, Entry> = JSON.parse(new TextDecoder().decode(bytes));
    const numbers = (list: unknown) => Array.isArray(list) && list.every(Number.isSafeInteger);
    const sound = Object.entries(header).every(([name, entry]) =>
      name === "__metadata__" ||
      (name.length <= longestName && typeof entry.dtype === "string" && numbers(entry.shape) &&
        entry.shape.every((n) => n >= 0) &&
        numbers(entry.data_offsets) && entry.data_offsets.length === 2)
    );
    if (sound) return header;
  } catch {
    // As any other damage.
  }
  throw new DataError("Its table of arrays is damaged", { file });
}
