/**
 * How SMIC-HS lies on disk, in two editions.
 *
 * - `HS/s03/micro/negative/s3_ne_01/*.bmp`: one folder an expression, sorted by emotion. The folders say
 *   all there is to say; a sheet, where there is one, narrows onset and offset down.
 * - `SMIC-HS-E/s03/s3_ne_01/image17581039.jpg`: long clips, with onsets and offsets in
 *   `SMIC-HS-E_annotation.xlsx`, up to three expressions a clip (`OnsetF`, `Onset2F`, `Onset3F`).
 *
 * Neither has an apex. Subjects are `s1` in some names and `s01` in others.
 *
 * @module
 */
import { DataError } from "lib/core/errors.ts";
import { clipKey, folderIndex, frameCell, nameCell } from "./annotations.ts";
import type { Annotated, Annotation, ClipLayout, Sources } from "./clip_layout.ts";
import type { FrameFolder } from "./frame_folders.ts";
import type { SheetRow } from "./sheet.ts";

/** The layout. */
export const smicLayout: ClipLayout = {
  set: "smic",
  fps: 100,
  sheet: {
    // The near-infrared and the normal camera have sheets of their own.
    pattern: /^smic(?!.*(vis|nir))/i,
    example: "SMIC-HS-E_annotation.xlsx",
    needed: (folders) => folders.some(({ emotion }) => emotion === undefined),
    columns: {
      subject: { title: "Subject" },
      name: { title: "Filename", aliases: ["File name"] },
      onset: { title: "OnsetF", aliases: ["Onset"] },
      offset: { title: "OffsetF", aliases: ["Offset"] },
      onset2: { title: "Onset2F", optional: true },
      offset2: { title: "Offset2F", optional: true },
      onset3: { title: "Onset3F", optional: true },
      offset3: { title: "Offset3F", optional: true },
      emotion: { title: "Emotion" },
    },
  },
  frames: [
    {
      pattern:
        /^(?<edition>(?!(?:.*\/)?(?:VIS|NIR)\/)(?:.*\/)?)(?<subject>s\d+)\/micro\/(?<emotion>[^/]+)\/(?<name>[^/]+)$/i,
      example: "HS/s03/micro/negative/s3_ne_01/image10019.bmp",
    },
    {
      pattern:
        /^(?<edition>(?!(?:.*\/)?[^/]*(?:VIS|NIR)[^/]*\/)(?:.*\/)?)(?<subject>s\d+)\/(?<name>s\d+_(?:ne|po|sur)_\d+)$/i,
      example: "SMIC-HS-E/s03/s3_ne_01/image17581039.jpg",
    },
  ],
  annotate: (sources) =>
    sources.folders.some(({ emotion }) => emotion !== undefined)
      ? annotateFolders(sources)
      : annotateLongClips(sources),
};

/** One spelling for `s3` and `s03`. */
function subjectOf(text: string): string | undefined {
  const number = /^s?(\d+)$/i.exec(text)?.[1];
  return number === undefined ? undefined : `s${String(Number(number)).padStart(2, "0")}`;
}

/** One spelling for `s3_ne_1` and `s03_ne_01`; other names stay. */
function nameOf(text: string): string {
  const parts = /^s(\d+)_([a-z]+)_(\d+)$/i.exec(text);
  if (parts === null) return text;
  const [subject, number] = [parts[1], parts[3]].map((n) => String(Number(n)).padStart(2, "0"));
  return `s${subject}_${parts[2]!.toLowerCase()}_${number}`;
}

/** A row with the expressions that it describes. */
interface Row {
  readonly row: number;
  readonly subject: string;
  readonly name: string;
  readonly emotion: string;
  readonly spans: readonly { readonly onset: number; readonly offset: number }[];
}

function readRow(row: SheetRow, sheet: string): Row {
  const cell = nameCell(row, "subject", sheet);
  const subject = subjectOf(cell);
  if (subject === undefined) {
    throw new DataError(`'${cell}' is not a subject such as 3 or s03`, {
      file: sheet,
      field: `row ${row.row}, subject`,
      fix: "Use the sheet that came with the data set",
    });
  }
  const spans = ["", "2", "3"].flatMap((which) => {
    const onset = frameCell(row, `onset${which}`, sheet);
    const offset = frameCell(row, `offset${which}`, sheet);
    return onset === undefined || offset === undefined ? [] : [{ onset, offset }];
  });
  const name = nameOf(nameCell(row, "name", sheet));
  return { row: row.row, subject, name, emotion: row.cells.emotion ?? "", spans };
}

/** Reads the rows; those without an emotion are long clips in which nothing happens. */
function readRows({ rows, sheet }: Sources): { rows: Row[]; problems: DataError[] } {
  const [read, problems]: [Row[], DataError[]] = [[], []];
  for (const row of rows) {
    if (!row.cells.emotion) continue;
    try {
      read.push(readRow(row, sheet));
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      problems.push(error);
    }
  }
  return { rows: read, problems };
}

/** `s03_ne_01`, `s03_ne_01_2`, … for the expressions of one clip. */
function numberedName(name: string, i: number): string {
  return i === 0 ? name : `${name}_${i + 1}`;
}

function annotateLongClips(sources: Sources): Annotated {
  const { rows, problems } = readRows(sources);
  const index = folderIndex(sources.folders);
  const annotations = rows.flatMap(({ spans, ...row }) => {
    const folder = index.get(clipKey(row.subject, row.name));
    const known = spans.length > 0 ? spans : [{ onset: undefined, offset: undefined }];
    return known.map((span, i): Annotation => ({
      ...row,
      ...span,
      name: numberedName(row.name, i),
      apex: undefined,
      ...(folder === undefined ? {} : { folder }),
    }));
  });
  const several = rows.filter(({ spans }) => spans.length > 1).map(({ name }) => name);
  const notes = several.length === 0 ? [] : [
    `Clips with more than one expression, each of which counts (${several.length}): ${
      several.join(", ")
    }.`,
  ];
  return { annotations, notes, problems };
}

function annotateFolders(sources: Sources): Annotated {
  const { rows, problems } = readRows(sources);
  const byName = new Map(rows.map((row) => [clipKey(row.subject, row.name), row]));
  const used = new Set<Row>();
  const whole: string[] = [];
  const annotations = sources.folders.flatMap((folder) => {
    const row = byName.get(clipKey(folder.subject, folder.name));
    if (row !== undefined) used.add(row);
    const spans = row === undefined ? [] : row.spans.filter((span) => lies(span, folder));
    if (spans.length === 0) whole.push(nameOf(folder.name));
    if (row !== undefined && row.emotion.toLowerCase() !== folder.emotion?.toLowerCase()) {
      problems.push(disagreement(row, folder, sources.sheet));
    }
    return ofFolder(folder, row, spans);
  });
  for (const { spans, ...row } of rows.filter((row) => !used.has(row))) {
    annotations.push({ ...row, apex: undefined, ...(spans[0] ?? { onset: 0, offset: 0 }) });
  }
  const notes = sources.sheet === "" || whole.length === 0 ? [] : [
    "Folders that count as a whole, since the sheet has no onset and offset in them " +
    `(${whole.length}): ${whole.slice(0, 10).join(", ")}${whole.length > 10 ? ", …" : ""}.`,
  ];
  return { annotations, notes, problems };
}

function lies({ onset, offset }: { onset: number; offset: number }, folder: FrameFolder): boolean {
  const numbers = folder.frames.map(({ number }) => number);
  return numbers.includes(onset) && numbers.includes(offset);
}

function ofFolder(folder: FrameFolder, row: Row | undefined, spans: Row["spans"]): Annotation[] {
  const [first, last] = [folder.frames[0]!, folder.frames.at(-1)!];
  const known = spans.length > 0 ? spans : [{ onset: first.number, offset: last.number }];
  return known.map((span, i): Annotation => ({
    subject: subjectOf(folder.subject) ?? folder.subject,
    name: numberedName(nameOf(folder.name), i),
    emotion: folder.emotion ?? "",
    ...span,
    apex: undefined,
    ...(row === undefined ? {} : { row: row.row }),
    folder,
  }));
}

function disagreement({ row, name, emotion }: Row, folder: FrameFolder, sheet: string): DataError {
  return new DataError(`${name} is '${emotion}' here, but lies in the folder '${folder.path}'`, {
    file: sheet,
    field: `row ${row}, emotion`,
    fix: "Use sheet and folders as they came with the data set",
  });
}
