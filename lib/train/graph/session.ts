/**
 * Graphs at work: TensorFlow plans one as a whole, once, and then computes it without a call for each
 * of its operations.
 *
 * @module
 */
import { join } from "@std/path";
import { sha256 } from "lib/core/json.ts";
import { tf } from "../backend.ts";
import { encodeGraph, type GraphNode, tag } from "./graph_def.ts";

/** A graph with its variables. */
export interface Session {
  /** Computes nodes from what is fed to placeholders; for the caller to dispose of. */
  run(feeds: Readonly<Record<string, tf.Tensor>>, nodes: readonly string[]): tf.Tensor[];
  /** Gives the graph up, for the next that needs the same; the values of its variables are lost. */
  close(): void;
}

interface NativeBackend {
  loadSavedModelMetaGraph(folder: string, tags: string): number;
  deleteSavedModel(id: number): void;
  runSavedModel(
    id: number,
    inputs: readonly tf.Tensor[],
    placeholders: readonly { readonly name: string }[],
    nodes: readonly string[],
  ): tf.Tensor[];
}

/** Graphs that are loaded and not in use. Loading and planning take seconds; folds share their graph. */
const idle: { readonly digest: string; readonly id: number }[] = [];
const mostIdle = 4;

/** Opens a graph. Its variables have no values yet, or those of its last use. */
export function openSession(nodes: readonly GraphNode[]): Session {
  const native = tf.backend() as unknown as NativeBackend;
  const bytes = encodeGraph(nodes);
  const digest = sha256(bytes);
  const known = idle.findIndex((entry) => entry.digest === digest);
  const [found] = known < 0 ? [] : idle.splice(known, 1);
  const id = found?.id ?? load(bytes, native);
  return {
    run(feeds, names) {
      const placeholders = Object.keys(feeds).map((name) => ({ name: `${name}:0` }));
      const outputs = names.map((name) => `${name}:0`);
      return native.runSavedModel(id, Object.values(feeds), placeholders, outputs);
    },
    close() {
      idle.push({ digest, id });
      if (idle.length > mostIdle) native.deleteSavedModel(idle.shift()!.id);
    },
  };
}

function load(bytes: Uint8Array, native: NativeBackend): number {
  const folder = Deno.makeTempDirSync({ prefix: "fleeting-graph-" });
  try {
    Deno.writeFileSync(join(folder, "saved_model.pb"), bytes);
    return native.loadSavedModelMetaGraph(folder, tag);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}
