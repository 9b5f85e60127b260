/**
 * Which data sets an input can be made from, by name.
 *
 * @module
 */
import type { InputKind } from "./types.ts";

/** Sets of clips: frames that go through the whole preprocessing. The first is the default. */
export const clipSets: readonly string[] = [
  "synthetic-smic",
  "synthetic-samm",
  "synthetic-casme2",
  "smic-hs",
  "samm",
  "casme2",
];

/** Sets of ready flow maps between onset and apex. */
export const mapSets: readonly string[] = ["synthetic-flow", "megc2019-flow"];

/** Names for several data sets at once. The first is what commands run on unless told otherwise. */
export const dataGroups: Readonly<Record<string, readonly string[]>> = {
  synthetic: ["synthetic-smic", "synthetic-samm", "synthetic-casme2"],
  raw: ["smic-hs", "samm", "casme2"],
};

/** The data sets that an input can be made from, the default first. */
export function dataFor(input: InputKind): readonly string[] {
  return input === "grey-clip" ? clipSets : [...clipSets, ...mapSets];
}
