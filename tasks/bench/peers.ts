/**
 * The programs that preprocessing is compared with.
 *
 * @module
 */
import { join } from "@std/path";
import { root } from "lib/experiment/find.ts";
import { type BenchProcess, startProcess } from "./process.ts";
import { openSystemOpenCv } from "./system_opencv.ts";
import type { Packages } from "./python.ts";

/** The Python packages that are compared with. */
export const peerPackages: Packages = {
  name: "bench-preprocessing",
  packages: [
    "opencv-contrib-python-headless==5.0.0.93",
    "numpy==2.4.6",
    "scipy==1.17.1",
    "dlib-bin==20.0.1",
  ],
  size: "OpenCV, SciPy and dlib, 130 MB to download",
};

/** What a job needs. */
export type Library = "NumPy" | "SciPy" | "OpenCV" | "dlib";

/** The programs, each running or said to be missing. */
export interface Peers {
  /** A library's name with its version, such as `OpenCV 5.0.0`. */
  title(library: Library): string;
  /** Why a library cannot be used; undefined when it can. */
  missing(...libraries: Library[]): string | undefined;
  /** Hands a job of `preprocessing.py` over. */
  ask(job: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, unknown>>>;
  /** The OpenCV that the operating system packages, or why it is not measured. */
  readonly system: BenchProcess | { readonly missing: string };
  /** All libraries that were found, with their versions. */
  readonly libraries: readonly string[];
  end(): Promise<void>;
}

/** One thread each. */
const oneThread = { OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1", MKL_NUM_THREADS: "1" };

/**
 * Starts the programs. Libraries that are missing are no error: what is compared with them is left out
 * with the reason.
 *
 * @param python a Python 3.9 or newer
 * @param folder for the compiled program
 */
export async function openPeers(python: string, folder: string): Promise<Peers> {
  const script = join(root, "tasks", "bench", "preprocessing.py");
  const process = await startProcess([python, script], oneThread);
  const system = await openSystemOpenCv(folder);
  const versions = process.facts.versions as Partial<Record<Library, string>>;
  const reasons = process.facts.missing as Partial<Record<Library, string>>;
  const title = (library: Library) => `${library} ${versions[library] ?? ""}`.trimEnd();
  return {
    title,
    missing: (...libraries) => libraries.map((library) => reasons[library]).find(Boolean),
    ask: process.ask,
    system,
    libraries: [
      ...(Object.keys(versions) as Library[]).map((library) => `${title(library)} from pip`),
      ...("missing" in system ? [] : [String(system.facts.library)]),
    ],
    end: async () => {
      await Promise.all([process.end(), "missing" in system ? undefined : system.end()]);
    },
  };
}
