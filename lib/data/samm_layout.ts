/**
 * How SAMM lies on disk: `SAMM/006/006_1_2/006_05562.jpg` and `SAMM_Micro_FACS_Codes_v2.xlsx`, in which
 * thirteen lines of text stand above the titles.
 *
 * @module
 */
import { annotateRows } from "./annotations.ts";
import type { ClipLayout } from "./clip_layout.ts";

/** The layout. */
export const sammLayout: ClipLayout = {
  set: "samm",
  fps: 200,
  sheet: {
    // The long videos of SAMM have a sheet of their own.
    pattern: /^samm(?!.*long).*(facs|micro)/i,
    example: "SAMM_Micro_FACS_Codes_v2.xlsx",
    needed: () => true,
    columns: {
      subject: { title: "Subject" },
      name: { title: "Filename", aliases: ["File name"] },
      onset: { title: "Onset Frame", aliases: ["Onset"] },
      apex: { title: "Apex Frame", aliases: ["Apex"] },
      offset: { title: "Offset Frame", aliases: ["Offset"] },
      actionUnits: { title: "Action Units", aliases: ["AU", "AUs"], optional: true },
      emotion: { title: "Estimated Emotion", aliases: ["Emotion"] },
    },
  },
  frames: [{
    pattern: /^(?<edition>(?:.*\/)?)(?<subject>\d{3})\/(?<name>\d{3}_[^/]+)$/,
    example: "SAMM/006/006_1_2/006_05562.jpg",
  }],
  annotate: (sources) =>
    annotateRows(sources, {
      subjectExample: "006",
      // A spreadsheet program may have made the number 6 of it.
      subjectOf: (cell) => (/^\d{1,3}$/.test(cell) ? cell.padStart(3, "0") : undefined),
    }),
};
