/**
 * `synthetic-smic`: generated clips, shaped like SMIC-HS.
 *
 * @module
 */
import { generatedSet } from "./generated.ts";
import { smicLayout } from "./smic_layout.ts";
import type { ClipSource } from "./source.ts";

/** The data set as an entry of the list. */
export const syntheticSmic: ClipSource = generatedSet({
  name: "synthetic-smic",
  title: "Generated clips, shaped like SMIC-HS",
}, smicLayout);
