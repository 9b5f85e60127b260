/**
 * What is recorded differently in two results, and so may be why their numbers differ.
 *
 * @module
 */
import { canonicalJson } from "lib/core/json.ts";
import { compareText } from "./check.ts";
import type { Result, ResultMetadata } from "./types.ts";

/** Something that is not the same and may be why. */
export interface Cause {
  readonly kind:
    | "code"
    | "parameter"
    | "data"
    | "seeds"
    | "clips"
    | "environment"
    | "experiment"
    | "protocol";
  /** The module, parameter or field. */
  readonly name: string;
  /** Null where it was not there. */
  readonly before: string | null;
  readonly after: string | null;
}

/**
 * All recorded differences of two results: modules of the code, parameters, data, environment, the
 * experiment's record, the protocol, seeds and clips.
 */
export function findCauses(before: Result, after: Result): Cause[] {
  return [...metadataCauses(before.metadata, after.metadata), ...rowCauses(before, after)];
}

function metadataCauses(before: ResultMetadata, after: ResultMetadata): Cause[] {
  const parts = (metadata: ResultMetadata): Record<Cause["kind"], Record<string, unknown>> => ({
    code: metadata.code.modules,
    parameter: metadata.parameters,
    data: { ...metadata.data },
    environment: metadata.environment,
    experiment: { ...metadata.experiment },
    protocol: {
      protocol: metadata.protocol,
      optimistic: metadata.optimistic,
      classes: metadata.classes.join(", "),
    },
    seeds: {},
    clips: {},
  });
  const [earlier, later] = [parts(before), parts(after)];
  return (Object.keys(earlier) as Cause["kind"][]).flatMap((kind) =>
    changedKeys(earlier[kind], later[kind]).map((name) => ({
      kind,
      name,
      before: asText(earlier[kind][name]),
      after: asText(later[kind][name]),
    }))
  );
}

function changedKeys(a: Record<string, unknown>, b: Record<string, unknown>): string[] {
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort(compareText);
  return keys.filter((key) => asText(a[key]) !== asText(b[key]));
}

function asText(value: unknown): string | null {
  if (value === undefined) return null;
  return typeof value === "string" ? value : canonicalJson(value);
}

function rowCauses(before: Result, after: Result): Cause[] {
  const sets = [before, after].map(({ predictions }) => ({
    seeds: [...new Set(predictions.map(({ seed }) => seed))].sort((a, b) => a - b).join(", "),
    clips: new Set(predictions.map(({ clip }) => clip)),
  }));
  const [earlier, later] = [sets[0]!, sets[1]!];
  const causes: Cause[] = [];
  if (earlier.seeds !== later.seeds) {
    causes.push({ kind: "seeds", name: "seeds", before: earlier.seeds, after: later.seeds });
  }
  for (const clip of later.clips.difference(earlier.clips)) {
    causes.push({ kind: "clips", name: clip, before: null, after: "there" });
  }
  for (const clip of earlier.clips.difference(later.clips)) {
    causes.push({ kind: "clips", name: clip, before: "there", after: null });
  }
  return causes;
}
