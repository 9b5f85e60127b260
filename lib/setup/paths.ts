/**
 * Where set-up keeps things.
 *
 * @module
 */
import { createRequire } from "node:module";
import { dirname, join } from "@std/path";
import { SetupError } from "lib/core/errors.ts";

/**
 * The folder for what all clones of one user share: `$FLEETING_CACHE`, else
 * `$XDG_CACHE_HOME/fleeting`, else `~/.cache/fleeting`.
 */
export function cacheFolder(): string {
  const own = Deno.env.get("FLEETING_CACHE");
  if (own) return own;
  const xdg = Deno.env.get("XDG_CACHE_HOME");
  if (xdg) return join(xdg, "fleeting");
  const home = Deno.env.get("HOME") ?? Deno.env.get("USERPROFILE");
  if (!home) {
    throw new SetupError("There is no home folder to keep TensorFlow in", {
      fix: "Set FLEETING_CACHE to a folder with 1 GB of space",
    });
  }
  return join(home, ".cache", "fleeting");
}

/** The parts of an npm package tfjs-node that set-up reads and writes. */
export interface BindingPlace {
  /** The package's own folder in `node_modules`. */
  readonly folder: string;
  /** The C++ sources. */
  readonly sources: string;
  /** The compiled binding, where the package looks for it. */
  readonly binding: string;
  /** A link to the folder with TensorFlow's libraries. */
  readonly libraries: string;
  /** What set-up did. */
  readonly stamp: string;
}

/** The parts of a package folder; the default is the package that this clone uses. */
export function bindingPlace(folder: string = packageFolder("@tensorflow/tfjs-node-gpu")) {
  return {
    folder,
    sources: join(folder, "binding"),
    binding: join(folder, "lib", "napi-v8", "tfjs_binding.node"),
    libraries: join(folder, "deps", "lib"),
    stamp: join(folder, "lib", "napi-v8", "fleeting_setup.json"),
  } satisfies BindingPlace;
}

/**
 * The folder of an installed npm package.
 *
 * @throws SetupError when it is not installed
 */
export function packageFolder(name: string): string {
  try {
    return dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
  } catch {
    throw new SetupError(`The npm package ${name} is not installed`, {
      fix: "Run `deno install` in the project's folder",
    });
  }
}
