/**
 * `deno task kernels`: compiles the AssemblyScript kernels, `<name>.as.ts` in the folders of `lib` that
 * are called `kernels`, to the `<name>.wasm` beside them. These are committed: running a kernel needs no
 * compiler.
 *
 * @module
 */
import { basename, join } from "@std/path";
import asc from "assemblyscript/asc";
import { exitCode, UserError } from "lib/core/errors.ts";
import { writeAtomic } from "lib/core/files.ts";
import { root } from "lib/experiment/find.ts";
import { newCommand, runTask } from "./cli.ts";

const suffix = ".as.ts";

// Relaxed SIMD stays off: its results depend on the processor. With a page of memory from the start
// V8 leaves out every second bounds check.
const flags = [
  "-O3",
  "--noAssert",
  "--runtime",
  "stub",
  "--enable",
  "simd",
  "--initialMemory",
  "1",
];

/** All kernels, sorted, as paths in the repository without a suffix: `lib/preprocess/kernels/tvl1`. */
export async function kernelNames(): Promise<string[]> {
  const names: string[] = [];
  const walk = async (folder: string): Promise<void> => {
    const isHome = basename(folder) === "kernels";
    for await (const { name, isFile, isDirectory } of Deno.readDir(join(root, folder))) {
      const path = `${folder}/${name}`;
      // What lies deeper in a folder of kernels are their parts.
      if (isDirectory && !isHome) await walk(path);
      if (isFile && isHome && name.endsWith(suffix)) names.push(path.slice(0, -suffix.length));
    }
  };
  await walk("lib");
  return names.sort();
}

/**
 * Compiles a kernel; equal sources give equal bytes.
 *
 * @param name one of {@linkcode kernelNames}
 * @throws UserError with the compiler's message when the source is wrong
 */
export async function compileKernel(name: string): Promise<Uint8Array> {
  const source = `${name}${suffix}`;
  let binary: Uint8Array | undefined;
  const { error, stderr } = await asc.main(
    [source, "--baseDir", root, "--outFile", "kernel.wasm", ...flags],
    {
      writeFile: (_, contents) => {
        if (typeof contents !== "string") binary = contents;
      },
    },
  );
  if (error !== null || binary === undefined) {
    const report = `${stderr}`.trim().replaceAll(/\s*\n\s*/g, " ");
    throw new UserError(`Cannot compile this kernel (${report || error?.message})`, {
      file: source,
      fix: "Correct the source; the compiler is the npm package assemblyscript",
    });
  }
  return binary;
}

/** The kernels whose `.wasm` is missing or not what their source gives. */
export async function staleKernels(): Promise<string[]> {
  const stale: string[] = [];
  for (const name of await kernelNames()) {
    const compiled = await compileKernel(name);
    const committed = await Deno.readFile(wasmPath(name)).catch(() => new Uint8Array());
    if (
      compiled.length !== committed.length || compiled.some((byte, i) => byte !== committed[i])
    ) stale.push(name);
  }
  return stale;
}

function wasmPath(name: string): string {
  return join(root, `${name}.wasm`);
}

async function main(): Promise<number> {
  const command = newCommand("deno task kernels")
    .description("Compile the WebAssembly kernels")
    .option("--check", "change nothing; exit with 1 if a kernel is not what its source gives")
    .parse(Deno.args, { from: "user" });
  if (command.opts<{ check?: boolean }>().check) {
    const stale = await staleKernels();
    for (const name of stale) console.log(`${name}.wasm is out of date`);
    if (stale.length > 0) console.log("Run deno task kernels");
    return stale.length > 0 ? exitCode.failed : exitCode.ok;
  }
  for (const name of await kernelNames()) {
    const bytes = await compileKernel(name);
    await writeAtomic(wasmPath(name), bytes);
    console.log(`${name}.wasm: ${bytes.length} bytes`);
  }
  return exitCode.ok;
}

if (import.meta.main) await runTask(main);
