/**
 * A report as one HTML file that needs nothing else: no script, no network, readable on a phone, on paper
 * and in the dark.
 *
 * @module
 */
import type { Cell, Part, Report } from "./part.ts";

const style = `
:root { color-scheme: light dark; --ink: #1a1a1a; --soft: #555; --line: #ccc; --page: #fff; --band: #f4f6f8;
  --mark: #8a4b00; --link: #08519c }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8e8e8; --soft: #b0b0b0; --line: #444; --page: #16181b; --band: #202429; --mark: #f0b060;
    --link: #9ecae1 }
}
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 72rem; padding: 1rem; color: var(--ink); background: var(--page);
  font: 1rem/1.5 "DejaVu Sans", Verdana, sans-serif; overflow-wrap: anywhere }
h1, h2, h3 { line-height: 1.2 }
h2 { margin-top: 3rem; border-bottom: 1px solid var(--line) }
a { color: var(--link) }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; padding: 0; list-style: none }
.caution { border-left: .3rem solid var(--mark); padding: .25rem .75rem; font-weight: bold }
.scroll { overflow-x: auto; margin: 1rem 0 }
table { border-collapse: collapse; font-size: .875rem }
caption { text-align: left; color: var(--soft); padding: .25rem 0 }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; border-bottom: 1px solid var(--line);
  overflow-wrap: normal }
thead th { background: var(--band) }
td span { display: block; min-width: 9rem; color: var(--soft) }
td strong { display: block }
figure { margin: 1rem 0; overflow-x: auto; background: #fff; border: 1px solid var(--line) }
figure svg { display: block; max-width: 100%; min-width: 36rem; height: auto }
summary { cursor: pointer; padding: .3rem 0 }
@media (max-width: 45rem) {
  .stacks thead { display: none }
  .stacks tr, .stacks th, .stacks td { display: block; border: 0; padding: .1rem 0 }
  .stacks tr { border-bottom: 1px solid var(--line); padding: .6rem 0 }
}
@media print { details > * { display: block } h2 { break-after: avoid } figure, tr { break-inside: avoid } }
`;

/** The report as the text of an HTML file; equal reports give equal bytes. */
export function reportHtml({ title, lead, sections }: Report): string {
  const links = sections.map(({ id, title }) => `<li><a href="#${id}">${escaped(title)}</a></li>`);
  const chapters = sections.map(({ id, title, parts }) =>
    `<section id="${id}">\n<h2>${escaped(title)}</h2>\n${
      parts.map(partHtml).join("\n")
    }\n</section>`
  );
  return [
    "<!doctype html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escaped(title)}</title>`,
    `<style>${style}</style>`,
    "</head>",
    "<body>",
    `<header><h1>${escaped(title)}</h1>\n${lead.map(partHtml).join("\n")}</header>`,
    `<nav aria-label="Chapters"><ul>${links.join("")}</ul></nav>`,
    `<main>\n${chapters.join("\n")}\n</main>`,
    "</body>",
    "</html>",
    "",
  ].join("\n");
}

/** One piece as HTML. */
export function partHtml(one: Part): string {
  switch (one.kind) {
    case "text":
      return `<p>${escaped(one.text)}</p>`;
    case "caution":
      return `<p class="caution">${escaped(one.text)}</p>`;
    case "list":
      return `<ul>${one.items.map((item) => `<li>${escaped(item)}</li>`).join("\n")}</ul>`;
    case "table": {
      const head = one.head.map((text) => `<th scope="col">${escaped(text)}</th>`).join("");
      const rows = one.rows.map(([first, ...rest]) =>
        `<tr><th scope="row">${cell(first ?? "")}</th>${
          rest.map((value) => `<td>${cell(value)}</td>`).join("")
        }</tr>`
      );
      return `<div class="scroll${
        one.stacks ? " stacks" : ""
      }" tabindex="0" role="region" aria-label="${escaped(one.caption)}"><table><caption>${
        escaped(one.caption)
      }</caption><thead><tr>${head}</tr></thead>\n<tbody>${rows.join("\n")}</tbody></table></div>`;
    }
    case "figure":
      return `<figure role="img" aria-label="${
        escaped(one.figure.alt)
      }">${one.figure.svg}</figure>`;
    case "details":
      return `<details><summary>${escaped(one.title)}</summary>\n${
        one.parts.map(partHtml).join("\n")
      }\n</details>`;
  }
}

function cell(value: Cell): string {
  if (typeof value === "string") return escaped(value);
  const strong = "strong" in value ? `<strong>${escaped(value.strong)}</strong>` : "";
  const lines = "strong" in value ? value.lines : value;
  return strong + lines.map((line) => `<span>${escaped(line)}</span>`).join("");
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

function escaped(text: string): string {
  return text.replaceAll(/[&<>"]/g, (letter) => entities[letter] as string);
}
