/**
 * JupyterLab for the project's notebooks, in an environment of the project's own.
 *
 * @module
 */
import { join } from "@std/path";
import { ParameterError } from "lib/core/errors.ts";
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
 * Refuses arguments that would open JupyterLab to others: whoever reaches it runs any code, and its kernels
 * have all permissions of their user.
 *
 * @throws ParameterError naming the argument
 */
export function refuseOpening(args: readonly string[]): void {
  for (const [i, arg] of args.entries()) {
    const [, name = "", value = args[i + 1] ?? ""] = /^--([^=]+)(?:=(.*))?$/s.exec(arg) ?? [];
    const address = /(^|\.)ip$/.test(name) && !/^(127\.\d+\.\d+\.\d+|localhost|::1)$/.test(value);
    const noToken = /(^|\.)token$/.test(name) && value.replaceAll(/['"\s]/g, "") === "";
    const anybody =
      /allow_(unauthenticated_access|origin|origin_pat|remote_access)$|disable_check_xsrf$/
        .test(name);
    if (!address && !noToken && !anybody) continue;
    throw new ParameterError("This would open JupyterLab, which runs any code, to others", {
      field: arg,
      fix: "Leave it out; from elsewhere, reach it through ssh -L",
    });
  }
}

/**
 * Starts JupyterLab for this machine only, in the notebooks folder, and waits for its end.
 *
 * @param root the repository, whose environment is used
 * @param args further arguments for `jupyter lab`
 * @param options `signal` ends it; `folder`: what JupyterLab shows, the repository by default
 * @returns its exit code
 * @throws ParameterError for arguments that would open it to others
 */
export async function startLab(
  root: string,
  args: readonly string[],
  { signal, folder = root }: { readonly signal?: AbortSignal; readonly folder?: string } = {},
): Promise<number> {
  refuseOpening(args);
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
