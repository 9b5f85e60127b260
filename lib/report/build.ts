/**
 * The report of a folder of results: every table and chart, what was published beside it, the arithmetic
 * of the paper's table, every departure, and how each result was made.
 *
 * @module
 */
import { UserError } from "lib/core/errors.ts";
import { auditSection, averagesSection, inflationSections } from "./audit.ts";
import { gatherDeviations } from "./deviations.ts";
import { figureSections } from "./figure_sections.ts";
import { glance } from "./glance.ts";
import type { Report } from "./part.ts";
import { deviationSection, provenanceSection, sourceSection } from "./provenance.ts";
import { caution } from "./rows.ts";
import { tableSections } from "./table_sections.ts";
import { readTables } from "./tables.ts";

/**
 * Builds the report.
 *
 * @param results the folder of result files, `<data set>/<table>/<row>.arrow`
 * @throws UserError when there is no readable result in it
 */
export async function buildReport(results: string): Promise<Report> {
  const { tables, unreadable } = await readTables(results);
  if (tables.length === 0) {
    throw new UserError("There are no results to report", {
      file: results,
      fix: "Run: deno task reproduce table1",
    });
  }
  const departures = await gatherDeviations();
  const sections = [
    ...await tableSections(tables),
    ...await figureSections(results),
    ...inflationSections(tables),
    auditSection(),
    averagesSection(tables),
    deviationSection(departures),
    sourceSection(),
    await provenanceSection(tables),
  ];
  return {
    title: "fleeting: what came out",
    lead: [
      {
        kind: "text",
        text:
          "Micro-expression recognition, run again: the comparison of H. Jin et al., Mathematical " +
          "Biosciences and Engineering 21(4) (2024), doi 10.3934/mbe.2024221.",
      },
      ...unreadable.map(caution),
      ...glance(tables, { departures: departures.length }),
      {
        kind: "details",
        title: "How to read the tables",
        parts: [{
          kind: "list",
          items: [
            "Ours: counts pooled over folds, a 95 % interval by resampling subjects, and p, how " +
            "probable so high a UF1 is if a subject's predictions were dealt to the subject's clips " +
            "at random. UF1 is the macro F1 of pooled counts, UAR the mean recall of the classes.",
            "Published numbers are never mixed with ours.",
            "† a step of the published procedure looks at the held-out labels.",
            "? not read in the source itself.",
            "‡ began with drawn weights, its originators with others.",
          ],
        }],
      },
    ],
    sections,
  };
}
