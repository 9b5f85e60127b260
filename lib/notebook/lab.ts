/**
 * JupyterLab for the project's notebooks, in an environment of the project's own.
 *
 * @module
 */
import { join } from "@std/path";
import { writeAtomic } from "lib/core/files.ts";
import { ensureVenv, venvProgram } from "./venv.ts";

/** The version of JupyterLab that the project uses. */
export const jupyterLab = "jupyterlab==4.6.6";

/** Settings for {@linkcode setUpLab}. */
export interface LabOptions {
  /** The repository: JupyterLab's root folder. */
  readonly root: string;
  /** Hears what is being done, a line at a time. */
  readonly report?: (line: string) => void;
}

/**
 * Brings JupyterLab and the Deno kernel to `.venv`, once.
 *
 * @throws SetupError naming what is missing and its remedy
 */
export async function setUpLab({ root, report }: LabOptions): Promise<void> {
  const folder = join(root, ".venv");
  const lock = join(root, ".cache", "lab");
  await ensureVenv({ folder, lock, packages: [jupyterLab], ...(report ? { report } : {}) });
  await installKernel(folder);
  const settings = { "@jupyterlab/apputils-extension:notification": quiet };
  const file = join(folder, "share", "jupyter", "lab", "settings", "overrides.json");
  await writeAtomic(file, JSON.stringify(settings, null, 1) + "\n");
}

// No question about news and no look for updates: the version is pinned.
const quiet = { fetchNews: "false", checkForUpdates: false };

/** Registers this very Deno as the kernel `deno` of a Python environment. */
export async function installKernel(venv: string): Promise<void> {
  const kernel = {
    argv: [Deno.execPath(), "jupyter", "--kernel", "--conn", "{connection_file}"],
    display_name: "Deno",
    env: { NO_COLOR: "1" },
    // The default, a signal, would end the kernel.
    interrupt_mode: "message",
    language: "typescript",
  };
  const file = join(venv, "share", "jupyter", "kernels", "deno", "kernel.json");
  await writeAtomic(file, JSON.stringify(kernel, null, 1) + "\n");
}

/**
 * Starts JupyterLab for this machine only, in the notebooks folder, and waits for its end.
 *
 * @param root the repository, whose environment is used
 * @param args further arguments for `jupyter lab`
 * @param options `signal` ends it; `folder`: what JupyterLab shows, the repository by default
 * @returns its exit code
 */
export async function startLab(
  root: string,
  args: readonly string[],
  { signal, folder = root }: { readonly signal?: AbortSignal; readonly folder?: string } = {},
): Promise<number> {
  const child = new Deno.Command(venvProgram(join(root, ".venv"), "jupyter-lab"), {
    args: [
      "--ServerApp.ip=127.0.0.1",
      `--ServerApp.root_dir=${folder}`,
      "--LabApp.default_url=/lab/tree/notebooks",
      // Jupyter asks root for this.
      ...(Deno.uid() === 0 ? ["--allow-root"] : []),
      ...args,
    ],
    cwd: folder,
    // The project's kernel goes before one of the same name in the user's home.
    env: { JUPYTER_PREFER_ENV_PATH: "1" },
    stdin: "null",
    // Ctrl-C goes to the task alone, which then ends JupyterLab and its kernels in an orderly way.
    detached: true,
  }).spawn();
  signal?.addEventListener("abort", () => {
    try {
      child.kill("SIGTERM");
    } catch { /* it ended by itself */ }
  });
  return (await child.status).code;
}
