/**
 * Bringing TensorFlow to a clone: nothing when it is there, else download, unpack, compile, check.
 *
 * What is large lies in a folder that all clones share ({@linkcode cacheFolder}); a clone gets the
 * small binding and a link. Every step ends with a rename, so that a set-up that is stopped leaves
 * either a finished step or nothing, and the next one goes on from there.
 *
 * @module
 */
import { SetupError } from "lib/core/errors.ts";
import { root } from "lib/experiment/find.ts";
import { canonicalJson, sha256 } from "lib/core/json.ts";
import { type TensorFlowBuild, tensorflowBuild } from "./builds.ts";
import { systemText } from "./child.ts";
import { compileFlags, sourcesDigest } from "./compile.ts";
import { configureDiff } from "./git.ts";
import { install } from "./install.ts";
import { withLock } from "./lock.ts";
import { type BindingPlace, bindingPlace, cacheFolder } from "./paths.ts";
import { hasNvidiaDriver, requireAvx, requireNvidiaDriver } from "./prerequisites.ts";
import { findDamage, readStamp, type Stamp } from "./stamp.ts";
import { requireDeno } from "./versions.ts";

/** What to set up. */
export interface SetupOptions {
  /** `wasm` needs nothing; default: `FLEETING_BACKEND`, else `tensorflow`. */
  readonly backend?: string | undefined;
  /**
   * Whether TensorFlow shall use an NVIDIA GPU. Default: `FLEETING_GPU` (0 or 1), else as last time,
   * else whether there is a driver.
   */
  readonly gpu?: boolean | undefined;
  /** Stops the set-up. */
  readonly signal?: AbortSignal | undefined;
  /** The npm package to install into; default: this clone's. */
  readonly place?: BindingPlace;
}

/** What a set-up did. */
export interface SetupOutcome {
  readonly backend: "tensorflow" | "wasm";
  /** Whether something had to be done. */
  readonly changed: boolean;
  /** What is installed; absent for wasm. */
  readonly stamp?: Stamp;
}

/**
 * Makes sure that the backend can be opened. Prints only while it works.
 *
 * @throws SetupError naming what is missing and how to get it
 */
export async function setUp(options: SetupOptions = {}): Promise<SetupOutcome> {
  requireDeno();
  await configureDiff(root);
  if (chosenBackend(options.backend) === "wasm") return { backend: "wasm", changed: false };
  const place = options.place ?? bindingPlace();
  const before = await readStamp(place);
  const build = await chooseBuild(options, before);
  const recipe = await recipeOf(build, place);
  const check = async (): Promise<Stamp | string> => {
    const stamp = await readStamp(place);
    if (!stamp) return "";
    if (stamp.recipe !== recipe) return "other versions are wanted than are installed";
    return await findDamage(place, stamp) ?? stamp;
  };
  const found = await check();
  if (typeof found !== "string") return { backend: "tensorflow", changed: false, stamp: found };
  requireAvx(await systemText("/proc/cpuinfo"));
  if (options.gpu) await requireNvidiaDriver();
  const cache = cacheFolder();
  return await withLock(cache, sayWaiting, async () => {
    const now = await check();
    if (typeof now !== "string") return { backend: "tensorflow", changed: false, stamp: now };
    if (now) console.error(`Setting up TensorFlow again: ${now}.`);
    const stamp = await install({ build, recipe, place, cache, signal: options.signal });
    return { backend: "tensorflow", changed: true, stamp };
  });
}

/** Whether {@linkcode setUp} would find everything there; nothing is run or written to find out. */
export async function isSetUp(options: SetupOptions = {}): Promise<boolean> {
  if (chosenBackend(options.backend) === "wasm") return true;
  const place = options.place ?? bindingPlace();
  const stamp = await readStamp(place);
  if (stamp === undefined) return false;
  const build = await chooseBuild(options, stamp);
  return stamp.recipe === await recipeOf(build, place) &&
    await findDamage(place, stamp) === undefined;
}

function sayWaiting(): void {
  console.error("Another set-up is at work; waiting for it to end.");
}

/**
 * The backend that is asked for.
 *
 * @throws SetupError when there is none of that name
 */
export function chosenBackend(
  asked: string | undefined = Deno.env.get("FLEETING_BACKEND"),
): "tensorflow" | "wasm" {
  const name = asked || "tensorflow";
  if (name === "tensorflow" || name === "wasm") return name;
  throw new SetupError(`There is no backend '${name}'`, {
    field: "--backend",
    fix: "Use 'tensorflow' or 'wasm'",
  });
}

async function chooseBuild(
  options: SetupOptions,
  before: Stamp | undefined,
): Promise<TensorFlowBuild> {
  const { os, arch } = Deno.build;
  const variable = { "0": false, "1": true }[Deno.env.get("FLEETING_GPU") ?? ""];
  const gpu = options.gpu ?? variable ?? before?.gpu ??
    (os === "linux" && arch === "x86_64" && await hasNvidiaDriver());
  return tensorflowBuild({ os, arch, gpu });
}

async function recipeOf(build: TensorFlowBuild, place: BindingPlace): Promise<string> {
  return sha256(canonicalJson({
    build: build.id,
    wheels: build.wheels.map(({ name, version, sha256 }) => `${name} ${version} ${sha256}`),
    sources: await sourcesDigest(place.sources),
    flags: compileFlags,
  }));
}
