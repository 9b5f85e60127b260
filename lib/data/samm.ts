/**
 * `samm`: SAMM, clips of 29 subjects at 200 frames a second.
 *
 * @module
 */
import { filmedSet } from "./filmed.ts";
import type { ClipSource } from "./source.ts";
import { sammLayout } from "./samm_layout.ts";

/** The data set as an entry of the list. */
export const samm: ClipSource = filmedSet({
  name: "samm",
  title: "SAMM, raw clips",
  licence: "research use, by agreement",
  obtain:
    "Apply to Manchester Metropolitan University for SAMM; unpack its folder of subjects (006, " +
    "007, …) beside SAMM_Micro_FACS_Codes_v2.xlsx",
}, sammLayout);
