/**
 * `synthetic-samm`: generated clips, shaped like SAMM.
 *
 * @module
 */
import { generatedSet } from "./generated.ts";
import { sammLayout } from "./samm_layout.ts";
import type { ClipSource } from "./source.ts";

/** The data set as an entry of the list. */
export const syntheticSamm: ClipSource = generatedSet({
  name: "synthetic-samm",
  title: "Generated clips, shaped like SAMM",
}, sammLayout);
