/**
 * What a fold's code does, as a digest: the modules it reaches, each without comments, types and
 * formatting. Editing a comment changes nothing; editing a block changes the rows that use it.
 *
 * @module
 */
import { join, relative, toFileUrl } from "@std/path";
import * as esbuild from "esbuild";
import { writeAtomic } from "lib/core/files.ts";
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

/** What one module reaches. */
interface Reach {
  /** Path in the repository → digests of the text and of what it does. */
  readonly files: Readonly<Record<string, { readonly text: string; readonly meaning: string }>>;
  /** As `npm:name@version`. */
  readonly packages: readonly string[];
}

/**
 * The code reached by static imports from some modules. What was read before is kept, and read again when
 * a file of it has changed.
 *
 * @param entries paths in the repository, such as `lib/methods/stst_net.ts`
 */
export async function codeOf(entries: readonly string[]): Promise<Code> {
  const setting = await settingDigest();
  const reaches = await Promise.all(entries.map((entry) => reachOf(entry, setting)));
  const modules: [string, string][] = reaches.flatMap(({ files, packages }) => [
    ...Object.entries(files).map(([name, { meaning }]): [string, string] => [name, meaning]),
    ...packages.map((name): [string, string] => [name, sha256(name)]),
  ]);
  const sorted = Object.fromEntries(modules.sort(([a], [b]) => (a < b ? -1 : 1)));
  return { digest: digest(sorted), modules: sorted };
}

/** What says how modules are found and read, beside their texts. */
async function settingDigest(): Promise<string> {
  const texts = await Promise.all(
    ["deno.json", "deno.lock"].map((name) => Deno.readTextFile(join(root, name))),
  );
  return digest([texts, Deno.version, esbuild.version, neutral]);
}

async function reachOf(entry: string, setting: string): Promise<Reach> {
  const kept = join(root, ".cache", "code", `${digest([entry, setting]).slice(0, 20)}.json`);
  const found = await readReach(kept);
  if (found) return found;
  const { local, packages } = await moduleGraph(entry);
  const files = await withEsbuild(() =>
    Promise.all([...local].map(async ([name, path]) => {
      const text = sha256(await Deno.readFile(path));
      return [name, { text, meaning: sha256(await meaningOf(path)) }] as const;
    }))
  );
  const reach: Reach = { files: Object.fromEntries(files), packages };
  // A folder that cannot be written to only costs time.
  await writeAtomic(kept, JSON.stringify({ ...reach, digest: digest(reach) })).catch(() => {});
  return reach;
}

/** What was kept, unless a file of it is not as it was; so its imports are the same, too. */
async function readReach(kept: string): Promise<Reach | undefined> {
  try {
    const { digest: written, ...reach }: Reach & { readonly digest: string } = JSON.parse(
      await Deno.readTextFile(kept),
    );
    if (written !== digest(reach)) return undefined;
    const same = await Promise.all(
      Object.entries(reach.files).map(async ([name, { text }]) =>
        text === sha256(await Deno.readFile(join(root, name)))
      ),
    );
    return same.every(Boolean) ? reach : undefined;
  } catch {
    return undefined;
  }
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
