/**
 * The chapter of a report with the paper's figures over several data sets.
 *
 * @module
 */
import { basename, join } from "@std/path";
import { UserError } from "lib/core/errors.ts";
import type { Part, Section } from "./part.ts";

/** Figures over several data sets, such as those of the ablation. */
export async function figureSections(results: string): Promise<Section[]> {
  const folder = join(results, "synthetic");
  const files = await Array.fromAsync(Deno.readDir(folder)).catch(() => []);
  const names = files.filter(({ isFile, name }) => isFile && name.endsWith(".svg"))
    .map(({ name }) => name).sort();
  if (names.length === 0) return [];
  const parts = await Promise.all(names.map(async (name): Promise<Part> => {
    const text = await Deno.readTextFile(join(folder, `${basename(name, ".svg")}.md`)).catch(() =>
      ""
    );
    const alt = text.split("\n").filter((line) => line.startsWith("- "))
      .map((line) => line.slice(2)).join("\n");
    const svg = stillPicture(await Deno.readTextFile(join(folder, name)), join(folder, name));
    return { kind: "figure", figure: { svg, alt: alt || name, file: `synthetic/${name}` } };
  }));
  return [{
    id: "figures",
    title: "The paper's figures 10 and 11 on the drawn clips (synthetic)",
    parts: [
      { kind: "caution", text: "synthetic data: this says nothing about faces" },
      ...parts,
    ],
  }];
}

/**
 * A drawing as it goes into the page, where it could do what the page can.
 *
 * @throws UserError naming the file when it holds anything that acts
 */
function stillPicture(svg: string, file: string): string {
  const acts =
    /<\s*(script|foreignObject|iframe|object|embed|animate|set)\b|\son\w+\s*=|javascript:/i;
  if (!acts.test(svg)) return svg;
  throw new UserError("This drawing does more than show a picture", {
    file,
    fix: "Delete it, and draw it again by deno task reproduce",
  });
}
