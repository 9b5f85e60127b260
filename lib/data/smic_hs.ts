/**
 * `smic-hs`: the high-speed part of SMIC, clips of 16 subjects at 100 frames a second.
 *
 * @module
 */
import { filmedSet } from "./filmed.ts";
import type { ClipSource } from "./source.ts";
import { smicLayout } from "./smic_layout.ts";

/** The data set as an entry of the list. */
export const smicHs: ClipSource = filmedSet({
  name: "smic-hs",
  title: "SMIC-HS, raw clips",
  licence: "research use, by agreement",
  obtain:
    "Apply to the University of Oulu for SMIC; unpack the folder HS of its raw or cropped clips, " +
    "or SMIC-HS-E beside SMIC-HS-E_annotation.xlsx",
}, smicLayout);
