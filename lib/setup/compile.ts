/**
 * Compiling tfjs's binding to TensorFlow from the sources in its npm package.
 *
 * @module
 */
import { join } from "@std/path";
import { SetupError } from "lib/core/errors.ts";
import { sha256 } from "lib/core/json.ts";
import { lastLines, runChild } from "./child.ts";
import { packageFolder } from "./paths.ts";

/** A compiler as it is called: `["g++"]` or `["…/zig", "c++"]`. */
export type Compiler = readonly string[];

/** What a compilation needs. */
export interface CompileOptions {
  /** The folder `binding` of the npm package. */
  readonly sources: string;
  /** The unpacked wheel's folder `tensorflow`. */
  readonly tensorflow: string;
  /** File names of the libraries to link to. */
  readonly libraries: readonly string[];
  /** A folder for what is only needed meanwhile. */
  readonly scratch: string;
  readonly signal?: AbortSignal | undefined;
}

/** Part of the digest of a compiled binding, beside its sources. */
export const compileFlags: readonly string[] = [
  "-O2",
  "-std=c++17",
  "-fPIC",
  "-fvisibility=hidden",
  "-DNAPI_VERSION=8",
];

/** A digest of the binding's sources. */
export async function sourcesDigest(folder: string): Promise<string> {
  const names = [...Deno.readDirSync(folder)].map((entry) => entry.name).sort();
  const digests = await Promise.all(
    names.map(async (name) => `${name} ${sha256(await Deno.readFile(join(folder, name)))}`),
  );
  return sha256(digests.join("\n"));
}

/**
 * Compiles and links the binding.
 *
 * @returns the path of the result in `scratch`
 * @throws SetupError with the compiler's last lines
 */
export async function compileBinding(compiler: Compiler, options: CompileOptions): Promise<string> {
  const { sources, tensorflow, scratch, signal } = options;
  const includes = [
    sources,
    join(tensorflow, "include"),
    join(packageFolder("node-api-headers"), "include"),
  ].map((folder) => `-I${folder}`);
  const env = { ZIG_GLOBAL_CACHE_DIR: scratch, ZIG_LOCAL_CACHE_DIR: scratch, TMPDIR: scratch };
  const run = async (args: readonly string[]): Promise<void> => {
    const { ok, output } = await runChild([...compiler, ...args], { env, signal });
    if (!ok) throw compileFailure(compiler, output);
  };
  const objects = await Promise.all(
    ["tfjs_backend", "tfjs_binding"].map(async (name) => {
      const object = join(scratch, `${name}.o`);
      await run([...compileFlags, ...includes, "-c", join(sources, `${name}.cc`), "-o", object]);
      return object;
    }),
  );
  const result = join(scratch, "tfjs_binding.node");
  const link = Deno.build.os === "darwin"
    ? macLinkArguments(options)
    : await linuxLinkArguments(options, run);
  await run(["-shared", ...objects, ...link, "-o", result]);
  return result;
}

/**
 * On Linux the binding is linked to empty libraries of the right names: reading the symbols of the
 * real one (790 MB) takes ten seconds and changes nothing in the result, since a shared library's
 * symbols are looked up when it is loaded.
 */
async function linuxLinkArguments(
  { libraries, scratch }: CompileOptions,
  run: (args: readonly string[]) => Promise<void>,
): Promise<string[]> {
  const empty = join(scratch, "empty.cc");
  await Deno.writeTextFile(empty, "");
  const stubs = libraries.map((library) => join(scratch, library));
  for (const [i, stub] of stubs.entries()) {
    await run(["-shared", "-fPIC", `-Wl,-soname,${libraries[i]}`, empty, "-o", stub]);
  }
  return [
    "-Wl,--no-as-needed",
    ...stubs,
    "-Wl,-z,undefs",
    "-Wl,-rpath,$ORIGIN/../../deps/lib",
  ];
}

function macLinkArguments({ libraries, tensorflow }: CompileOptions): string[] {
  return [
    ...libraries.map((library) => join(tensorflow, library)),
    "-undefined",
    "dynamic_lookup",
    "-Wl,-rpath,@loader_path/../../deps/lib",
  ];
}

function compileFailure(compiler: Compiler, output: string): SetupError {
  const error = output.split("\n").find((line) => /error/i.test(line)) ?? lastLines(output);
  return new SetupError(
    `${compiler.join(" ")} cannot compile the TensorFlow binding (${error.trim()})`,
    {
      fix: "Repair the compiler, or set CXX to another one",
    },
  );
}
