/**
 * Chapters of a report in a notebook.
 *
 * @module
 */
import { showHtml } from "lib/notebook/show.ts";
import { partHtml } from "./html.ts";
import { partMarkdown } from "./markdown.ts";
import type { Section } from "./part.ts";

/** Shows what a chapter says, without its title. */
export async function showSection({ parts }: Section): Promise<void> {
  for (const part of parts) await showHtml(partHtml(part), partMarkdown(part));
}
