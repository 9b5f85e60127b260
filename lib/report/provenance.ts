/**
 * The chapters of a report that say how results came about: departures, and the making of each.
 *
 * @module
 */
import { published } from "experiments/published.ts";
import { UserError } from "lib/core/errors.ts";
import { plural, shortDigest } from "lib/results/format.ts";
import { learnedNumbers } from "lib/run/size.ts";
import type { Deviation } from "./deviations.ts";
import type { Cell, Section } from "./part.ts";
import { paperSource } from "./rows.ts";
import type { Table } from "./tables.ts";

/** Every departure from a publication, by file and line. */
export function deviationSection(found: readonly Deviation[]): Section {
  return {
    id: "departures",
    title: "Departures from what is reproduced",
    parts: [
      {
        kind: "text",
        text:
          `${plural(found.length, "place")} in the code where it does something else than the ` +
          "publication that it follows, with the reason.",
      },
      {
        kind: "table",
        caption: "Departures by file and line",
        head: ["where", "what and why"],
        rows: found.map(({ file, line, text }) => [`${file}:${line}`, text]),
      },
    ],
  };
}

/** Where published numbers are from, under the names that tables use. */
export function sourceSection(): Section {
  return {
    id: "sources",
    title: "Sources of published numbers",
    parts: [{
      kind: "table",
      caption: "By the names that tables use",
      head: ["name", "publication", "place in it"],
      rows: published.sources.map(({ id, citation, place, note }) => [
        id === paperSource ? `${id} (the paper)` : id,
        note === undefined ? citation : [citation, note],
        place,
      ]),
      stacks: true,
    }],
  };
}

/** A result may be of a row that is gone. */
function noMore(error: unknown): undefined {
  if (!(error instanceof UserError)) throw error;
}

/** How each result was made. */
export async function provenanceSection(tables: readonly Table[]): Promise<Section> {
  const all = tables.flatMap(({ data, results }) => results.map((result) => ({ data, result })));
  const lines = await Promise.all(
    all.map(async ({ data, result: { metadata } }): Promise<Cell[]> => {
      const { experiment, parameters, protocol, code, environment } = metadata;
      return [
        `${experiment.id}${protocol === "strict" ? "" : `.${protocol}`}`,
        data,
        `${parameters.profile}, ${plural(Number(parameters.seeds), "seed")}`,
        shortDigest(metadata.data.digest),
        shortDigest(code.digest),
        (await learnedNumbers(metadata).catch(noMore))?.toLocaleString("en") ?? "–",
        Object.entries(environment).map(([name, value]) => `${name} ${value}`),
      ];
    }),
  );
  return {
    id: "provenance",
    title: "How each result was made",
    parts: [
      {
        kind: "text",
        text:
          "deno task reproduce --from results/<data set>/table1/<result>.arrow makes one again by " +
          "what the file says, and compares; deno task verify does so with folds drawn at random.",
      },
      {
        kind: "table",
        caption: "Digests of data and code, and what else numbers depend on",
        head: [
          "result",
          "data set",
          "profile",
          "data",
          "code",
          "learned numbers",
          "environment",
        ],
        rows: lines,
      },
    ],
  };
}
