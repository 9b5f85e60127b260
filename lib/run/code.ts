/**
 * What a fold's code does, as a digest: the modules it reaches, each without comments, types and
 * formatting. Editing a comment changes nothing; editing a block changes the rows that use it.
 *
 * @module
 */
import { relative, toFileUrl } from "@std/path";
import * as esbuild from "esbuild";
import { digest, sha256 } from "lib/core/json.ts";
import { root } from "lib/experiment/find.ts";

/** The code behind a result. */
export interface Code {
  readonly digest: string;
  /** Module path in the repository, or `npm:name@version`, → digest of what it does. */
  readonly modules: Readonly<Record<string, string>>;
}

interface Dependency {
  readonly code?: { readonly specifier?: string };
  readonly isDynamic?: boolean;
}
interface Module {
  readonly specifier: string;
  readonly local?: string;
  readonly dependencies?: readonly Dependency[];
}

// These change messages, files and where they lie, never a number.
const neutral = [
  "lib/core/errors.ts",
  "lib/core/files.ts",
  "lib/setup/paths.ts",
  "vendor/std_path/mod.ts",
];

/**
 * The code reached by static imports from some modules.
 *
 * @param entries paths in the repository, such as `lib/methods/stst_net.ts`
 */
export async function codeOf(entries: readonly string[]): Promise<Code> {
  const graphs = await Promise.all(entries.map(moduleGraph));
  const local = new Map(graphs.flatMap((graph) => [...graph.local]));
  const modules: [string, string][] = await withEsbuild(() =>
    Promise.all([...local].map(async ([name, path]) => [name, sha256(await meaningOf(path))]))
  );
  for (const name of graphs.flatMap((graph) => graph.packages)) modules.push([name, sha256(name)]);
  const sorted = Object.fromEntries(modules.sort(([a], [b]) => (a < b ? -1 : 1)));
  return { digest: digest(sorted), modules: sorted };
}

/** {@linkcode codeOf}, or one that remembers. */
export type CodeReader = typeof codeOf;

/** Reads the code of each list of entries once: for many runs that are planned at one moment. */
export function rememberCode(): CodeReader {
  const read = new Map<string, Promise<Code>>();
  return (entries) => {
    const key = JSON.stringify(entries);
    const found = read.get(key) ?? codeOf(entries);
    read.set(key, found);
    return found;
  };
}

/**
 * Packages that are imported while running, so that no module names them, as in {@linkcode Code.modules}.
 *
 * @param names as in the imports of deno.json
 */
export async function packagesOf(names: readonly string[]): Promise<Record<string, string>> {
  const { imports } = JSON.parse(await Deno.readTextFile(`${root}/deno.json`));
  return Object.fromEntries(names.map((name) => [imports[name], sha256(imports[name])]));
}

/** The modules that one module reaches by static imports, as repository name → path on disk. */
async function moduleGraph(
  entry: string,
): Promise<{ local: Map<string, string>; packages: string[] }> {
  const info = await denoInfo(entry);
  const bySpecifier = new Map(info.map((module) => [module.specifier, module]));
  const local = new Map<string, string>();
  const packages = new Set<string>();
  const visit = (specifier: string): void => {
    // Either `npm:name@version` or `npm:/name@version/file`.
    const npm = /^npm:\/?((?:@[^/]+\/)?[^/]+)/.exec(specifier);
    if (npm) packages.add(`npm:${npm[1]}`);
    const module = bySpecifier.get(specifier);
    if (module?.local === undefined) return;
    const name = relative(root, module.local);
    if (local.has(name) || neutral.includes(name)) return;
    local.set(name, module.local);
    for (const { code, isDynamic } of module.dependencies ?? []) {
      if (code?.specifier !== undefined && !isDynamic) visit(code.specifier);
    }
  };
  visit(toFileUrl(`${root}/${entry}`).href);
  return { local, packages: [...packages] };
}

async function denoInfo(entry: string): Promise<readonly Module[]> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", entry],
    cwd: root,
    env: { NO_COLOR: "1" },
  }).output();
  const text = new TextDecoder();
  if (!success) throw new Error(`Cannot read the imports of ${entry}: ${text.decode(stderr)}`);
  return JSON.parse(text.decode(stdout)).modules;
}

let users = 0;

/** Stops esbuild's process after its last user; a stop under another's feet lets that one hang. */
async function withEsbuild<T>(use: () => Promise<T>): Promise<T> {
  users++;
  try {
    return await use();
  } finally {
    if (--users === 0) await esbuild.stop();
  }
}

/** A module's text as the machine sees it; files that are not TypeScript count as they are. */
async function meaningOf(path: string): Promise<string | Uint8Array> {
  if (!path.endsWith(".ts")) return await Deno.readFile(path);
  const source = await Deno.readTextFile(path);
  const { code } = await esbuild.transform(source, {
    loader: "ts",
    minifyWhitespace: true,
    legalComments: "none",
  });
  return code;
}
