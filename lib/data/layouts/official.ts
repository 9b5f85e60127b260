/**
 * What the official folders and sheets of the databases look like, to write them.
 *
 * @module
 */
import type { Recording, SetName } from "lib/data/synthetic/recording.ts";
import type { Cell } from "./workbook.ts";

/** How one database is written. */
export interface OfficialLayout {
  /** How frames are stored. */
  readonly image: "bmp" | "jpeg";
  /** The file of a frame, below the data set's folder. */
  framePath(recording: Recording, number: number): string;
  readonly sheet: {
    readonly path: string;
    readonly page: string;
    /** All rows: text, titles and clips. */
    rows(recordings: readonly Recording[]): (readonly Cell[])[];
  };
}

const lastOf = ({ firstNumber, frameCount }: Recording): number => firstNumber + frameCount - 1;

const smic: OfficialLayout = {
  image: "bmp",
  framePath({ subject, name, emotion }, number) {
    // Folders of subjects pad their numbers, folders of clips do not, and the sheet does.
    const clip = name.replace(/^s0+/, "s");
    const file = `image${String(number).padStart(6, "0")}.bmp`;
    return `HS/${subject}/micro/${emotion.toLowerCase()}/${clip}/${file}`;
  },
  sheet: {
    path: "SMIC-HS-E_annotation.xlsx",
    page: "HS",
    rows: (recordings) => [
      [
        ...["Subject", "Filename", "", "OnsetF", "OffsetF", "Onset2F", "Offset2F", ""],
        ...["FirstF", "LastF", "TotalMF1", "TotalMF2", "TotalVL", "Emotion"],
      ],
      ...recordings.map((r): Cell[] => [
        ...[Number(r.subject.slice(1)), r.name, "", r.onset, r.offset, "", "", ""],
        ...[r.firstNumber, lastOf(r), r.offset - r.onset + 1, "", r.frameCount, r.emotion],
      ]),
    ],
  },
};

// Thirteen lines stand above the titles of the official sheet.
const sammText: readonly (readonly Cell[])[] = [
  ["Micro-movements, generated clips in the layout of SAMM"],
  [],
  ["Subject", "The participant's number"],
  ["Filename", "Participant, stimulus and movement"],
  ["Inducement Code", "The stimulus"],
  ["Onset Frame", "The frame in which the movement begins"],
  ["Apex Frame", "The frame in which it is strongest"],
  ["Offset Frame", "The frame in which it ends"],
  ["Duration", "In frames"],
  ["Action Units", "As in the Facial Action Coding System"],
  ["Estimated Emotion", "The class"],
  [],
  [],
];

const samm: OfficialLayout = {
  image: "jpeg",
  framePath: ({ subject, name }, number) =>
    `SAMM/${subject}/${name}/${subject}_${String(number).padStart(5, "0")}.jpg`,
  sheet: {
    path: "SAMM_Micro_FACS_Codes_v2.xlsx",
    page: "MICRO ONLY",
    rows: (recordings) => [
      ...sammText,
      [
        ...["Subject", "Filename", "Inducement Code", "Onset Frame", "Apex Frame", "Offset Frame"],
        ...["Duration", "Micro", "Action Units", "Estimated Emotion", "Objective Classes", "Notes"],
      ],
      ...recordings.map((r): Cell[] => [
        ...[r.subject, r.name, Number(r.name.split("_")[1] ?? 0), r.onset, r.apex, r.offset],
        ...[r.offset - r.onset + 1, "1/2", r.actionUnits, r.emotion, "", ""],
      ]),
    ],
  },
};

/** The clip whose apex is `/`, as one is in the official sheet: the last of the most frequent emotion. */
function withoutApex(recordings: readonly Recording[]): Recording | undefined {
  return recordings.findLast(({ emotion }) => emotion === "others");
}

const casme2: OfficialLayout = {
  image: "jpeg",
  framePath: ({ subject, name }, number) =>
    `CASME2_RAW_selected/${subject}/${name}/img${number}.jpg`,
  sheet: {
    path: "CASME2-coding-20140508.xlsx",
    page: "Sheet1",
    rows(recordings) {
      const apexless = withoutApex(recordings);
      return [
        [
          ...["Subject", "Filename", "", "OnsetFrame", "ApexFrame", "OffsetFrame", ""],
          ...["Action Units", "Estimated Emotion"],
        ],
        ...recordings.map((r): Cell[] => [
          ...[Number(r.subject.slice(3)), r.name, "", r.onset, r === apexless ? "/" : r.apex],
          ...[r.offset, "", r.actionUnits, r.emotion],
        ]),
      ];
    },
  },
};

/** The layouts that {@linkcode writeLayout} writes. */
export const officialLayouts: Readonly<Record<SetName, OfficialLayout>> = { smic, samm, casme2 };
