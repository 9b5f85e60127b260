/**
 * The compiled binding, made once for all clones.
 *
 * @module
 */
import { join } from "@std/path";
import { SetupError } from "lib/core/errors.ts";
import { writeAtomic } from "lib/core/files.ts";
import { sha256 } from "lib/core/json.ts";
import { compileBinding, type CompileOptions, type Compiler } from "./compile.ts";
import { downloadWheel } from "./download.ts";
import {
  findCompilers,
  findPython,
  installHint,
  requireSpace,
  wasmInstead,
} from "./prerequisites.ts";
import type { Progress } from "./progress.ts";
import { unpackWheel } from "./unpack.ts";
import { zigWheel } from "./wheels.ts";

/** A compiled binding in the cache. */
export interface CachedBinding {
  readonly path: string;
  readonly sha256: string;
  /** What compiled it, for people. */
  readonly compiler: string;
}

/** What making a binding needs. */
export interface MakeOptions extends CompileOptions {
  readonly cache: string;
  readonly recipe: string;
  readonly progress: Progress;
}

/** The cached binding of a recipe, if it is there and whole. */
export async function cachedBinding(
  cache: string,
  recipe: string,
): Promise<CachedBinding | undefined> {
  const folder = bindingFolder(cache, recipe);
  const path = join(folder, "tfjs_binding.node");
  try {
    const { digest, compiler } = JSON.parse(await Deno.readTextFile(join(folder, "binding.json")));
    if (sha256(await Deno.readFile(path)) !== digest) return undefined;
    return { path, sha256: digest, compiler };
  } catch {
    return undefined;
  }
}

function bindingFolder(cache: string, recipe: string): string {
  return join(cache, "bindings", recipe.slice(0, 16));
}

/**
 * Compiles the binding with the first compiler that can, at last with one that pip brings, and puts
 * it into the cache.
 *
 * @throws SetupError when no compiler can
 */
export async function makeBinding(options: MakeOptions): Promise<CachedBinding> {
  const { cache, recipe } = options;
  const { path: made, compiler } = await compileSomehow(options);
  const bytes = await Deno.readFile(made);
  const folder = bindingFolder(cache, recipe);
  const path = join(folder, "tfjs_binding.node");
  const digest = sha256(bytes);
  await writeAtomic(path, bytes);
  await writeAtomic(join(folder, "binding.json"), JSON.stringify({ digest, compiler }));
  return { path, sha256: digest, compiler };
}

async function compileSomehow(options: MakeOptions): Promise<{ path: string; compiler: string }> {
  let failure: unknown;
  for (const compiler of await findCompilers()) {
    try {
      options.progress.step(`Compile the binding with ${compiler}`);
      return { path: await compileBinding([compiler], options), compiler };
    } catch (error) {
      if (!(error instanceof SetupError) || Deno.env.get("CXX")) throw error;
      failure = error;
    }
  }
  const zig = await fetchZig(options).catch((error) => {
    throw failure ?? error;
  });
  options.progress.step("Compile the binding with Zig's clang (about a minute)");
  return { path: await compileBinding(zig, options), compiler: "zig c++" };
}

async function fetchZig({ cache, scratch, progress, signal }: MakeOptions): Promise<Compiler> {
  const wheel = zigWheel(Deno.build.os, Deno.build.arch);
  const compilerHint = installHint("g++", "xcode-select --install");
  if (!wheel) {
    throw new SetupError("A C++ compiler is missing (neither g++ nor clang++ runs)", {
      fix: `${compilerHint}, ${wasmInstead}`,
    });
  }
  const python = await findPython().catch((error: SetupError) => {
    throw new SetupError(
      `A C++ compiler is missing (neither g++ nor clang++ runs), and to get one: ${error.message}`,
      { fix: compilerHint },
    );
  });
  requireSpace(cache, 600);
  progress.step(`Download a C++ compiler (${wheel.name} ${wheel.version})`);
  const folder = join(cache, "downloads");
  const path = await downloadWheel(wheel, { python, folder, scratch, progress, signal });
  progress.step("Unpack the C++ compiler");
  await unpackWheel(path, scratch, { python, parts: wheel.parts, progress, signal });
  const zig = join(scratch, "ziglang", "zig");
  await Deno.chmod(zig, 0o755);
  return [zig, "c++"];
}
