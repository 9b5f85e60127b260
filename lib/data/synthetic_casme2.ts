/**
 * `synthetic-casme2`: generated clips, shaped like CASME II.
 *
 * @module
 */
import { casme2Layout } from "./casme2_layout.ts";
import { generatedSet } from "./generated.ts";
import type { ClipSource } from "./source.ts";

/** The data set as an entry of the list. */
export const syntheticCasme2: ClipSource = generatedSet({
  name: "synthetic-casme2",
  title: "Generated clips, shaped like CASME II",
}, casme2Layout);
