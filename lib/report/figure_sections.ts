/**
 * The chapter of a report with the paper's figures over several data sets.
 *
 * @module
 */
import { basename, join } from "@std/path";
import type { Part, Section } from "./part.ts";

/** Figures over several data sets, such as those of the ablation. */
export async function figureSections(results: string): Promise<Section[]> {
  const folder = join(results, "synthetic");
  const files = await Array.fromAsync(Deno.readDir(folder)).catch(() => []);
  const names = files.map(({ name }) => name).filter((name) => name.endsWith(".svg")).sort();
  if (names.length === 0) return [];
  const parts = await Promise.all(names.map(async (name): Promise<Part> => {
    const text = await Deno.readTextFile(join(folder, `${basename(name, ".svg")}.md`)).catch(() =>
      ""
    );
    const alt = text.split("\n").filter((line) => line.startsWith("- "))
      .map((line) => line.slice(2)).join("\n");
    const svg = await Deno.readTextFile(join(folder, name));
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
