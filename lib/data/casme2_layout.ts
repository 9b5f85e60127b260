/**
 * How CASME II lies on disk: `CASME2_RAW_selected/sub01/EP02_01f/img46.jpg` (or `Cropped`, with
 * `reg_img46.jpg`) and `CASME2-coding-20140508.xlsx`.
 *
 * @module
 */
import { annotateRows } from "./annotations.ts";
import type { ClipLayout } from "./clip_layout.ts";

/** The layout. */
export const casme2Layout: ClipLayout = {
  set: "casme2",
  fps: 200,
  sheet: {
    // Beside it may lie CASME2-ObjectiveClasses.xlsx, with other labels.
    pattern: /^casme2[-_ ]*(coding|label)/i,
    example: "CASME2-coding-20140508.xlsx",
    needed: () => true,
    columns: {
      subject: { title: "Subject" },
      name: { title: "Filename", aliases: ["File name"] },
      onset: { title: "OnsetFrame", aliases: ["Onset"] },
      apex: { title: "ApexFrame", aliases: ["Apex"] },
      offset: { title: "OffsetFrame", aliases: ["Offset"] },
      actionUnits: { title: "Action Units", aliases: ["AU", "AUs"], optional: true },
      emotion: { title: "Estimated Emotion", aliases: ["Emotion"] },
    },
  },
  frames: [{
    pattern: /^(?<edition>(?:.*\/)?)(?<subject>sub\d+)\/(?<name>[^/]+)$/i,
    example: "CASME2_RAW_selected/sub01/EP02_01f/img46.jpg",
  }],
  annotate: (sources) =>
    annotateRows(sources, {
      subjectExample: "1 or sub01",
      subjectOf(cell) {
        const number = /^(?:sub)?(\d+)$/i.exec(cell)?.[1];
        return number === undefined ? undefined : `sub${String(Number(number)).padStart(2, "0")}`;
      },
    }),
};
