/**
 * The programs that preprocessing and descriptors are compared with.
 *
 * @module
 */
import { join } from "@std/path";
import { root } from "lib/experiment/find.ts";
import { type BenchProcess, startProcess } from "./process.ts";
import { openSystemOpenCv } from "./system_opencv.ts";
import type { Packages } from "./python.ts";

/** The Python packages that preprocessing is compared with. */
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

/** The Python packages that descriptors are compared with. */
export const descriptorPackages: Packages = {
  name: "bench-descriptors",
  packages: [
    "numpy==2.4.6",
    "scipy==1.17.1",
    "scikit-image==0.26.0",
    "scikit-learn==1.9.1",
  ],
  size: "NumPy, SciPy, scikit-image and scikit-learn, 80 MB to download",
};

/** What a job needs. */
export type Library = "NumPy" | "SciPy" | "OpenCV" | "dlib" | "scikit-image" | "scikit-learn";

/** A Python program with libraries, each found or said to be missing. */
export interface Libraries {
  /** A library's name with its version, such as `OpenCV 5.0.0`. */
  title(library: Library): string;
  /** Why a library cannot be used; undefined when it can. */
  missing(...libraries: Library[]): string | undefined;
  /** Hands a job over. */
  ask(job: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, unknown>>>;
  /** All libraries that were found, with their versions. */
  readonly libraries: readonly string[];
  end(): Promise<void>;
}

/** Everything that preprocessing is compared with. */
export interface Peers extends Libraries {
  /** The OpenCV that the operating system packages, or why it is not measured. */
  readonly system: BenchProcess | { readonly missing: string };
}

/** One thread each. */
const oneThread = { OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1", MKL_NUM_THREADS: "1" };

/**
 * Starts a Python program. Libraries that are missing are no error: what is compared with them is left out
 * with the reason.
 *
 * @param python a Python 3.9 or newer
 * @param script in this folder, such as `preprocessing.py`
 */
export async function openLibraries(python: string, script: string): Promise<Libraries> {
  const path = join(root, "tasks", "bench", script);
  const process = await startProcess([python, path], oneThread);
  const versions = process.facts.versions as Partial<Record<Library, string>>;
  const reasons = process.facts.missing as Partial<Record<Library, string>>;
  const title = (library: Library) => `${library} ${versions[library] ?? ""}`.trimEnd();
  return {
    title,
    missing: (...libraries) => libraries.map((library) => reasons[library]).find(Boolean),
    ask: process.ask,
    libraries: (Object.keys(versions) as Library[]).map((library) => `${title(library)} from pip`),
    end: process.end,
  };
}

/**
 * Starts the programs that preprocessing is compared with.
 *
 * @param python a Python 3.9 or newer
 * @param folder for the compiled program
 */
export async function openPeers(python: string, folder: string): Promise<Peers> {
  const found = await openLibraries(python, "preprocessing.py");
  const system = await openSystemOpenCv(folder);
  const there = !("missing" in system);
  return {
    ...found,
    system,
    libraries: [...found.libraries, ...(there ? [String(system.facts.library)] : [])],
    end: async () => {
      await Promise.all([found.end(), there ? system.end() : undefined]);
    },
  };
}
