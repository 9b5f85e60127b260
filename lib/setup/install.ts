/**
 * The steps of a set-up that has something to do.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import { SetupError } from "lib/core/errors.ts";
import { writeAtomic } from "lib/core/files.ts";
import type { TensorFlowBuild } from "./builds.ts";
import { lastLines, runChild } from "./child.ts";
import { type CachedBinding, cachedBinding, makeBinding } from "./binding.ts";
import { downloadWheel } from "./download.ts";
import type { BindingPlace } from "./paths.ts";
import { findPython, requireSpace } from "./prerequisites.ts";
import { openProgress, type Progress } from "./progress.ts";
import { findLibraryDamage, type Stamp, writeStamp } from "./stamp.ts";
import { unpackWheel } from "./unpack.ts";

/** What an install needs to know. */
export interface InstallOptions {
  readonly build: TensorFlowBuild;
  /** Digest of everything that decides about the result. */
  readonly recipe: string;
  readonly place: BindingPlace;
  readonly cache: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Installs a build into a clone, using what the cache has. Call it with the cache's lock held.
 *
 * @throws SetupError naming what is missing and how to get it
 */
export async function install(options: InstallOptions): Promise<Stamp> {
  const { build, recipe, place, cache, signal } = options;
  const began = performance.now();
  // A folder of its own each time: what a killed set-up started may still be writing into the old.
  await removeFolder(join(cache, "scratch"));
  const scratch = join(cache, "scratch", crypto.randomUUID());
  await Deno.mkdir(scratch, { recursive: true });
  const sizes = await librarySizes(options);
  const binding = await cachedBinding(cache, recipe);
  const progress = openProgress(1 + (sizes ? 0 : build.wheels.length + 1) + (binding ? 0 : 1));
  try {
    const libraries = sizes ?? await fetchLibraries(options, scratch, progress);
    const tensorflow = join(cache, build.id, "tensorflow");
    const made = binding ?? await makeBinding({
      ...{ cache, recipe, scratch, tensorflow, progress, signal },
      sources: place.sources,
      libraries: build.libraries,
    });
    await link(place, tensorflow, made);
    progress.step("Check that it loads");
    const version = await loadedVersion(options, tensorflow);
    const stamp: Stamp = {
      ...{ recipe, build: build.id, tensorflow: version, gpu: build.gpu },
      ...{ compiler: made.compiler, binding: made.sha256, libraries },
    };
    await writeStamp(place, stamp);
    await removeFolder(join(cache, "downloads"));
    const seconds = Math.round((performance.now() - began) / 1000);
    progress.say(`TensorFlow ${version} is ready in ${dirname(tensorflow)} (${seconds} s).`);
    return stamp;
  } finally {
    progress.end();
    await removeFolder(join(cache, "scratch"));
  }
}

async function removeFolder(folder: string): Promise<void> {
  await Deno.remove(folder, { recursive: true }).catch(() => {});
}

/** The record of an unpacked build: sizes of its libraries, if they are all there and whole. */
async function librarySizes(
  { build, cache }: InstallOptions,
): Promise<Stamp["libraries"] | undefined> {
  const folder = join(cache, build.id);
  try {
    const sizes = JSON.parse(await Deno.readTextFile(join(folder, "libraries.json")));
    return await findLibraryDamage(join(folder, "tensorflow"), sizes) ? undefined : sizes;
  } catch {
    return undefined;
  }
}

async function fetchLibraries(
  { build, cache, signal }: InstallOptions,
  scratch: string,
  progress: Progress,
): Promise<Stamp["libraries"]> {
  requireSpace(cache, build.diskMb);
  const python = await findPython();
  const unpacked = join(scratch, build.id);
  const folder = join(cache, "downloads");
  const wheels: string[] = [];
  for (const wheel of build.wheels) {
    progress.step(`Download ${wheel.name} ${wheel.version}`);
    wheels.push(await downloadWheel(wheel, { python, folder, scratch, progress, signal }));
  }
  progress.step("Unpack the libraries");
  for (const [i, wheel] of wheels.entries()) {
    const parts = build.wheels[i]!.parts;
    await unpackWheel(wheel, unpacked, { python, parts, progress, signal });
  }
  const entries = build.libraries.map((name) =>
    [name, Deno.statSync(join(unpacked, "tensorflow", name)).size] as const
  );
  const sizes = Object.fromEntries(entries);
  await writeAtomic(join(unpacked, "libraries.json"), JSON.stringify(sizes));
  const target = join(cache, build.id);
  await removeFolder(target);
  await Deno.rename(unpacked, target);
  return sizes;
}

/** Gives the clone its binding and a link to the libraries. */
async function link(
  place: BindingPlace,
  tensorflow: string,
  binding: CachedBinding,
): Promise<void> {
  await Deno.remove(place.stamp).catch(() => {});
  await Deno.mkdir(dirname(place.libraries), { recursive: true });
  const temporary = `${place.libraries}.new`;
  await Deno.remove(temporary).catch(() => {});
  await Deno.symlink(await Deno.realPath(tensorflow), temporary);
  await Deno.rename(temporary, place.libraries);
  await writeAtomic(place.binding, await Deno.readFile(binding.path));
}

async function loadedVersion(
  { place, cache, build }: InstallOptions,
  tensorflow: string,
): Promise<string> {
  const script = new URL("./load_check.ts", import.meta.url).href;
  const { ok, output } = await runChild(
    [
      Deno.execPath(),
      "run",
      "--quiet",
      "--allow-read",
      "--allow-env",
      "--allow-sys",
      "--allow-ffi",
      script,
      place.binding,
    ],
    { env: { TF_CPP_MIN_LOG_LEVEL: "3", NO_COLOR: "1" } },
  );
  const version = /^version=(\S+)/m.exec(output)?.[1];
  if (ok && version) return version;
  await removeFolder(join(cache, "bindings"));
  throw new SetupError(`TensorFlow's library does not load (${lastLines(output)})`, {
    fix: `Delete ${dirname(tensorflow)} and run the command again, or use ` +
      `${build.gpu ? "`--no-gpu` or " : ""}\`--backend wasm\``,
  });
}
