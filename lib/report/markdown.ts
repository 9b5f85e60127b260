/**
 * A report as Markdown, for a repository's page; pictures are links to files.
 *
 * @module
 */
import { markdownTable } from "lib/results/format.ts";
import { type Cell, linesOf, type Part, type Report } from "./part.ts";

/** The report as the text of a Markdown file. */
export function reportMarkdownPage({ title, lead, sections }: Report): string {
  const parts = [
    `# ${title}`,
    ...lead.map(partMarkdown),
    ...sections.flatMap(({ title, parts }) => [`## ${title}`, ...parts.map(partMarkdown)]),
  ];
  return `${parts.join("\n\n")}\n`;
}

/** One piece as Markdown. */
export function partMarkdown(one: Part): string {
  switch (one.kind) {
    case "text":
      return one.text;
    case "caution":
      return `> **${one.text}**`;
    case "list":
      return one.items.map((item) => `- ${item}`).join("\n");
    case "table":
      return `${one.caption}:\n\n${
        markdownTable(one.head, one.rows.map((row) => row.map(lineOf)), { right: false })
      }`;
    case "figure":
      return `![${
        (one.figure.alt.split("\n")[0] ?? "").replaceAll(/[[\]]/g, "")
      }](${one.figure.file})`;
    case "details":
      return `<details><summary>${one.title}</summary>\n\n${
        one.parts.map(partMarkdown).join("\n\n")
      }\n\n</details>`;
  }
}

function lineOf(cell: Cell): string {
  return linesOf(cell).join("<br>");
}
