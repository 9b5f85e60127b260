/**
 * What set-up needs from the machine, each named with the way to get it when it is missing.
 *
 * @module
 */
import { statfsSync } from "node:fs";
import { SetupError } from "lib/core/errors.ts";
import { exists } from "lib/core/files.ts";
import { runChild } from "./child.ts";

/** The way round everything below. */
export const wasmInstead =
  "or use `--backend wasm` (FLEETING_BACKEND=wasm), which needs none of this";

/** How to install a package of the operating system. */
export function installHint(debian: string, mac: string): string {
  return Deno.build.os === "darwin"
    ? `Install it (\`${mac}\`)`
    : `Install it (Debian, Ubuntu: \`apt install ${debian}\`; elsewhere your package manager)`;
}

/**
 * The Python that downloads and unpacks: `$PYTHON`, else `python3`.
 *
 * @throws SetupError when it, or its pip, is missing
 */
export async function findPython(): Promise<string> {
  const python = Deno.env.get("PYTHON") || "python3";
  if (!(await runChild([python, "--version"])).ok) {
    throw new SetupError(
      `Python is missing ('${python}' does not run); TensorFlow comes by its pip`,
      {
        fix: `${installHint("python3 python3-pip", "brew install python")}, ${wasmInstead}`,
      },
    );
  }
  if (!(await runChild([python, "-m", "pip", "--version"])).ok) {
    throw new SetupError(`${python} has no pip; TensorFlow comes by it`, {
      fix: `${installHint("python3-pip", "brew install python")}, ${wasmInstead}`,
    });
  }
  return python;
}

/**
 * The C++ compilers to try, best first: `$CXX` alone when it is set, else g++ and clang++.
 *
 * @returns those that run; an empty list when there is none
 * @throws SetupError when `$CXX` is set and does not run
 */
export async function findCompilers(): Promise<string[]> {
  const chosen = Deno.env.get("CXX");
  const found: string[] = [];
  for (const compiler of chosen ? [chosen] : ["g++", "clang++"]) {
    if ((await runChild([compiler, "--version"])).ok) found.push(compiler);
  }
  if (chosen && found.length === 0) {
    throw new SetupError(`The C++ compiler in CXX ('${chosen}') does not run`, {
      field: "CXX",
      fix: "Set it to a C++ compiler, or unset it",
    });
  }
  return found;
}

/** Whether an NVIDIA driver is loaded. */
export async function hasNvidiaDriver(): Promise<boolean> {
  if (Deno.build.os !== "linux") return false;
  if (await exists("/proc/driver/nvidia/version")) return true;
  return (await runChild(["nvidia-smi", "--list-gpus"])).ok;
}

/**
 * Checks that a GPU can be used.
 *
 * @throws SetupError saying what is missing
 */
export async function requireNvidiaDriver(): Promise<void> {
  if (await hasNvidiaDriver()) return;
  throw new SetupError(
    "No NVIDIA driver is loaded (no /proc/driver/nvidia, and nvidia-smi does not run)",
    { field: "--gpu", fix: "Install NVIDIA's driver for this GPU, or leave out --gpu" },
  );
}

/**
 * Checks the free space of a folder's disk.
 *
 * @throws SetupError naming the folder and the space needed
 */
export function requireSpace(folder: string, megabytes: number): void {
  const { bavail, bsize } = statfsSync(folder);
  const free = Math.floor(Number(bavail) * Number(bsize) / 1e6);
  if (free >= megabytes) return;
  throw new SetupError(`${megabytes} MB of free disk space are needed, there are ${free} MB`, {
    file: folder,
    fix: `Free some space, or set FLEETING_CACHE to a folder on another disk, ${wasmInstead}`,
  });
}

/**
 * Checks that the processor can run TensorFlow's library, which ends the process where AVX is
 * missing.
 *
 * @param cpuinfo what Linux says of its processors
 * @throws SetupError when AVX is missing
 */
export function requireAvx(cpuinfo: string): void {
  const flags = /^flags\s*:(.*)$/m.exec(cpuinfo)?.[1];
  if (flags === undefined || / avx( |$)/.test(flags)) return;
  throw new SetupError("This processor has no AVX instructions, TensorFlow's library needs them", {
    fix: "Use `--backend wasm` (FLEETING_BACKEND=wasm)",
  });
}
