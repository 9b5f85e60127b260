/**
 * Small notebooks for tests.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { dirname, fromFileUrl, join, toFileUrl } from "@std/path";
import { formatNotebook, type Notebook } from "./notebook_file.ts";

/** The repository's root folder. */
export const root: string = join(dirname(fromFileUrl(import.meta.url)), "..", "..");

/** A notebook of code cells; the first one is tagged `parameters` when it declares them. */
export function notebookOf(...sources: readonly string[]): Notebook {
  return {
    cells: sources.map((source, i) => ({
      cell_type: "code",
      id: `cell-${i + 1}`,
      metadata: source.startsWith("const params") ? { tags: ["parameters"] } : {},
      source,
      execution_count: null,
      outputs: [],
    })),
    metadata: {
      kernelspec: { display_name: "Deno", language: "typescript", name: "deno" },
      language_info: { name: "typescript" },
    },
    nbformat: 4,
    nbformat_minor: 5,
  };
}

type Notebooks = Readonly<Record<string, Notebook>>;

/**
 * Writes notebooks into a fresh folder inside the repository, so that its import map holds, and
 * removes it after `use`.
 */
export async function withNotebooks<T>(
  notebooks: Notebooks,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const cache = join(root, ".cache");
  await Deno.mkdir(cache, { recursive: true });
  const folder = await Deno.makeTempDir({ dir: cache, prefix: "notebook-test-" });
  return await withFiles(folder, notebooks, use);
}

/**
 * Like {@linkcode withNotebooks}, but in a small project of its own, because the repository's cache
 * is excluded from type checks and lint.
 */
export async function withProject<T>(
  notebooks: Notebooks,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await Deno.makeTempDir({ prefix: "notebook-test-" });
  const { compilerOptions, fmt } = JSON.parse(await Deno.readTextFile(join(root, "deno.json")));
  const imports = {
    "lib/": toFileUrl(join(root, "lib/")).href,
    "@std/path": toFileUrl(join(root, "vendor/std_path/mod.ts")).href,
  };
  const { lineWidth } = fmt;
  await Deno.writeTextFile(
    join(folder, "deno.json"),
    JSON.stringify({ imports, compilerOptions, fmt: { lineWidth } }),
  );
  return await withFiles(folder, notebooks, use);
}

async function withFiles<T>(
  folder: string,
  notebooks: Notebooks,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  try {
    for (const [name, notebook] of Object.entries(notebooks)) {
      await Deno.writeTextFile(join(folder, name), formatNotebook(notebook));
    }
    return await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/**
 * A Chromium of this machine, for tests that look at pages as a browser draws them.
 *
 * @returns the path of its program; undefined where there is none
 */
export function findBrowser(): string | undefined {
  const folders = (Deno.env.get("PATH") ?? "").split(":");
  return ["chromium", "chromium-browser", "google-chrome"]
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find(existsSync);
}
