/**
 * Taking up a training where it was broken off, to the bit.
 *
 * A checkpoint holds the parameters, the optimiser's moments, the running statistics and where the
 * random streams stand: a line of JSON, then the arrays as in a `.safetensors` file. When one is saved
 * depends on the clock; what is computed does not.
 *
 * @module
 */
import { flatten, type Tree, unflatten } from "lib/blocks/tree.ts";
import { DataError } from "lib/core/errors.ts";
import { canonicalJson, sha256 } from "lib/core/json.ts";
import type { Rng, RngState } from "lib/core/rng.ts";
import type { Volume } from "lib/core/volume.ts";
import type { Trainer, TrainerState } from "./trainer.ts";
import { decodeArrays, encodeWeights } from "./weights.ts";

/** Where the state of one training is kept. */
export interface CheckpointPlace {
  /** What was last saved, if anything was. */
  load(): Promise<Uint8Array | undefined>;
  save(bytes: Uint8Array): Promise<void>;
  /** Least time between two checkpoints; default 30 seconds. */
  readonly everySeconds?: number;
}

/** A training in its middle. */
export interface Checkpoint {
  /** Steps done. */
  readonly step: number;
  /** The stream of orders, before it drew the one in which the next step begins. */
  readonly shuffle: RngState;
  readonly dropout: RngState;
  readonly trainer: TrainerState;
}

interface Header {
  readonly step: number;
  readonly shuffle: RngState;
  readonly dropout: RngState;
  readonly optimiserSteps: number;
}

/** The bytes of a checkpoint, sealed by a digest. */
export function encodeCheckpoint({ step, shuffle, dropout, trainer }: Checkpoint): Uint8Array {
  const { steps, values } = trainer.optimiser;
  const arrays = encodeWeights({ optimiser: numbered(values), state: trainer.state });
  const header: Header = { step, shuffle, dropout, optimiserSteps: steps };
  const line = { ...header, digest: digestOf(header, arrays) };
  const head = new TextEncoder().encode(JSON.stringify(line) + "\n");
  const bytes = new Uint8Array(head.length + arrays.length);
  bytes.set(head);
  bytes.set(arrays, head.length);
  return bytes;
}

/**
 * Reads what {@linkcode encodeCheckpoint} wrote.
 *
 * @param state the running statistics of the same network, for their names
 * @throws DataError when the bytes are damaged or of another network
 */
export function decodeCheckpoint(bytes: Uint8Array, state: Tree<Volume>): Checkpoint {
  const damaged = (): DataError => new DataError("The checkpoint is damaged");
  const end = bytes.indexOf(10);
  if (end < 0) throw damaged();
  let line: Header & { readonly digest: string };
  try {
    line = JSON.parse(new TextDecoder().decode(bytes.subarray(0, end)));
  } catch {
    throw damaged();
  }
  const { digest, ...header } = line;
  const content = bytes.subarray(end + 1);
  if (digest !== digestOf(header, content)) throw damaged();
  const arrays = decodeArrays(content, "checkpoint");
  const own = (prefix: string): Volume[] =>
    [...arrays].filter(([name]) => name.startsWith(prefix)).map(([, volume]) => volume);
  const names = flatten(state).map(([name]) => arrays.get(`state.${name}`));
  if (names.some((volume) => volume === undefined)) throw damaged();
  const { step, shuffle, dropout, optimiserSteps } = header;
  return {
    step,
    shuffle,
    dropout,
    trainer: {
      optimiser: { steps: optimiserSteps, values: own("optimiser.") },
      state: unflatten(state, names as Volume[]),
    },
  };
}

/** The checkpoint to go on from; a damaged one counts as none, as there is nothing else to do. */
export async function takeUp(
  place: CheckpointPlace | undefined,
  state: Tree<Volume>,
): Promise<Checkpoint | undefined> {
  const bytes = await place?.load();
  if (bytes === undefined) return undefined;
  try {
    return decodeCheckpoint(bytes, state);
  } catch (error) {
    if (error instanceof DataError) return undefined;
    throw error;
  }
}

/** Saves a checkpoint where enough time has passed since the one before. */
export function keeper(
  place: CheckpointPlace | undefined,
  { trainer, dropout }: { readonly trainer: Pick<Trainer, "save">; readonly dropout: Rng },
): (at: Pick<Checkpoint, "step" | "shuffle">) => Promise<void> {
  if (place === undefined) return () => Promise.resolve();
  const { everySeconds = 30 } = place;
  let last = performance.now();
  return async (at) => {
    if (performance.now() - last < 1000 * everySeconds) return;
    const state = { ...at, dropout: dropout.save(), trainer: trainer.save() };
    await place.save(encodeCheckpoint(state));
    last = performance.now();
  };
}

/** Names that sort as the numbers do. */
function numbered(values: readonly Volume[]): Tree<Volume> {
  return Object.fromEntries(values.map((value, i) => [`a${String(i).padStart(6, "0")}`, value]));
}

function digestOf(header: Header, arrays: Uint8Array): string {
  return sha256(canonicalJson({ ...header, arrays: sha256(arrays) }));
}
