/**
 * The stages of a whole clip as measurements of the cost model.
 *
 * @module
 */
import { clipTerms } from "lib/plan/clip_terms.ts";
import type { Measurement } from "lib/plan/fit.ts";
import type { WholeClip } from "./preprocessing_table.ts";

/** Which terms a stage is about. */
const termsOfStages: Readonly<Record<string, readonly string[]>> = {
  "face": ["faces"],
  "decode and crop": ["million pixels decoded"],
  "gain": ["million pixels of frames"],
  "magnify": ["million pixels magnified"],
  "key frames": ["million pixels of frames"],
  "flow": ["million pixels of flow"],
};

/** A measurement a stage; those of the same terms are added up. */
export function stageTerms({ stages, settings, frames }: WholeClip): Measurement[] {
  const terms = clipTerms({
    what: "clip",
    data: "synthetic-casme2",
    size: "paper",
    settings: [settings],
    frames,
  });
  const sums = new Map<string, number>();
  for (const { stage, ms } of stages) {
    for (const name of termsOfStages[stage] ?? []) {
      sums.set(name, (sums.get(name) ?? 0) + ms / 1000);
    }
  }
  return [...sums].filter(([name]) => (terms[name] ?? 0) > 0).map(([name, seconds]) => ({
    group: "clips",
    terms: { [name]: terms[name]! },
    seconds,
  }));
}
