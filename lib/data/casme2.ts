/**
 * `casme2`: CASME II, clips of 26 subjects at 200 frames a second.
 *
 * @module
 */
import { casme2Layout } from "./casme2_layout.ts";
import { filmedSet } from "./filmed.ts";
import type { ClipSource } from "./source.ts";

/** The data set as an entry of the list. */
export const casme2: ClipSource = filmedSet({
  name: "casme2",
  title: "CASME II, raw clips",
  licence: "research use, by agreement",
  obtain:
    "Apply to the Institute of Psychology, Chinese Academy of Sciences, for CASME II; unpack " +
    "CASME2_RAW_selected (or Cropped) beside CASME2-coding-20140508.xlsx",
}, casme2Layout);
