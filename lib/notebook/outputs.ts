/**
 * Turns a kernel's output messages into the outputs that a notebook file keeps.
 *
 * @module
 */
import type { Message } from "./messages.ts";
import type { CodeCell, JsonObject, MimeBundle, Output } from "./notebook_file.ts";
import { type ProgressState, progressType } from "./progress.ts";

/** Something that a cell put out while it runs. */
export type OutputEvent =
  | { readonly type: "stream"; readonly name: string; readonly text: string }
  | { readonly type: "display"; readonly data: MimeBundle }
  | { readonly type: "progress"; readonly state: ProgressState };

/** Collects the outputs of a notebook's cells. */
export interface OutputCollector {
  /** Adds a message's output to a cell, or updates an earlier one; returns what happened. */
  add(cell: CodeCell, message: Message): OutputEvent | undefined;
  /** Removes progress lines that were never finished: they differ from run to run. */
  dropUnfinished(cells: readonly CodeCell[]): void;
}

type Display = Extract<Output, { data: MimeBundle }>;

/**
 * Starts a collector. Neighbouring pieces of a stream are merged, so that outputs do not depend on
 * how the kernel cut them.
 */
export function collectOutputs(): OutputCollector {
  const displays = new Map<string, Display[]>();
  const clearOnNext = new WeakSet<CodeCell>();
  const clear = (cell: CodeCell) => {
    cell.outputs = [];
    clearOnNext.delete(cell);
  };
  const display = (cell: CodeCell, content: DisplayContent, update: boolean): OutputEvent => {
    const { data, metadata = {}, transient } = content;
    const id = transient?.display_id;
    if (update) {
      for (const shown of displays.get(id ?? "") ?? []) Object.assign(shown, { data, metadata });
    } else {
      const output: Display = { output_type: "display_data", data, metadata };
      cell.outputs.push(output);
      if (id !== undefined) displays.set(id, [...(displays.get(id) ?? []), output]);
    }
    const state = data[progressType] as ProgressState | undefined;
    return state === undefined ? { type: "display", data } : { type: "progress", state };
  };
  return {
    add(cell, { type, content }) {
      if (type === "clear_output") {
        if (content.wait) clearOnNext.add(cell);
        else clear(cell);
        return;
      }
      if (type === "update_display_data") {
        return display(cell, content as unknown as DisplayContent, true);
      }
      if (clearOnNext.has(cell)) clear(cell);
      if (type === "display_data") {
        return display(cell, content as unknown as DisplayContent, false);
      }
      return addPlain(cell, type, content);
    },
    dropUnfinished(cells) {
      for (const cell of cells) {
        cell.outputs = cell.outputs.filter((o) => !("data" in o && progressType in o.data));
      }
    },
  };
}

interface DisplayContent {
  readonly data: MimeBundle;
  readonly metadata?: JsonObject;
  readonly transient?: { readonly display_id?: string };
}

function addPlain(
  cell: CodeCell,
  type: string,
  content: Message["content"],
): OutputEvent | undefined {
  if (type === "stream") {
    const { name, text } = content as { name: string; text: string };
    const last = cell.outputs.at(-1);
    if (last?.output_type === "stream" && last.name === name) last.text += text;
    else cell.outputs.push({ output_type: "stream", name, text });
    return { type: "stream", name, text };
  }
  if (type === "execute_result") {
    const { data, metadata = {} } = content as unknown as DisplayContent;
    const { execution_count } = cell;
    cell.outputs.push({ output_type: "execute_result", data, metadata, execution_count });
    return { type: "display", data };
  }
  if (type === "error") {
    const { ename, evalue, traceback } = content as Record<string, unknown>;
    cell.outputs.push({
      output_type: "error",
      ename: String(ename),
      evalue: String(evalue),
      traceback: (traceback as string[] | undefined) ?? [],
    });
  }
}
