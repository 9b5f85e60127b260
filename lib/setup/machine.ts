/**
 * What is found on this machine, for `deno task doctor`.
 *
 * @module
 */
import { root } from "lib/experiment/find.ts";
import { runChild, systemText } from "./child.ts";
import { diffSettings } from "./git.ts";
import { bindingPlace, cacheFolder } from "./paths.ts";
import { findCompilers, hasNvidiaDriver } from "./prerequisites.ts";
import { findDamage, readStamp } from "./stamp.ts";
import { minimumDeno } from "./versions.ts";

/** One line of the report: what, and how it is. */
export type Fact = readonly [name: string, value: string];

/** Everything that training depends on, each found or said to be missing. Never throws. */
export async function describeMachine(): Promise<Fact[]> {
  const python = Deno.env.get("PYTHON") || "python3";
  return [
    ["Deno", `${Deno.version.deno} (${minimumDeno} or newer is needed)`],
    ["System", await describeSystem()],
    ["Python", await firstLine([python, "--version"])],
    ["pip", (await firstLine([python, "-m", "pip", "--version"])).replace(/ from .*/, "")],
    ["C++ compiler", await describeCompiler()],
    ["NVIDIA driver", await hasNvidiaDriver() ? "loaded" : "none"],
    ["git diff", await describeDiff()],
    ["Shared files", describeCache()],
    ["Set-up", await describeSetup()],
  ];
}

async function describeSystem(): Promise<string> {
  const info = await systemText("/proc/cpuinfo");
  return [
    `${Deno.build.os} ${Deno.build.arch}`,
    ...describeProcessor(info),
    `${navigator.hardwareConcurrency} cores`,
  ].join(", ");
}

/** Model and vector instructions as Linux tells them; empty elsewhere. */
export function describeProcessor(cpuinfo: string): string[] {
  const model = /^model name\s*:\s*(.*)$/m.exec(cpuinfo)?.[1];
  const flags = /^flags\s*:(.*)$/m.exec(cpuinfo)?.[1]?.split(" ");
  const names = [["avx2", "AVX2"], ["avx512f", "AVX-512"]] as const;
  const known = names.filter(([flag]) => flags?.includes(flag)).map(([, name]) => name);
  return [
    ...(model === undefined ? [] : [model]),
    ...(flags === undefined ? [] : [known.join(" and ") || "no AVX2"]),
  ];
}

async function describeCompiler(): Promise<string> {
  const compilers = await findCompilers().catch(() => []);
  const [first] = compilers;
  return first === undefined
    ? "none (set-up gets one by pip where it needs one)"
    : await firstLine([first, "--version"]);
}

async function describeDiff(): Promise<string> {
  const key = "diff.arrow.textconv";
  const { ok, output } = await runChild(["git", "-C", root, "config", "--get", key]);
  if (!ok) return "result files are shown as binary (set-up has not run in a git clone)";
  return output.trim() === diffSettings(Deno.execPath())[key]
    ? "shows result files as text"
    : "shows result files as text by another Deno; the next set-up changes it to this one";
}

function describeCache(): string {
  try {
    return cacheFolder();
  } catch (error) {
    return (error as Error).message;
  }
}

async function describeSetup(): Promise<string> {
  try {
    const place = bindingPlace();
    const stamp = await readStamp(place);
    if (!stamp) return "not done; run `deno task setup`";
    const damage = await findDamage(place, stamp);
    if (damage) return `damaged (${damage}); run \`deno task setup\``;
    const kind = stamp.gpu ? "CUDA" : "CPU";
    return `TensorFlow ${stamp.tensorflow} for ${kind}, binding compiled by ${stamp.compiler}`;
  } catch (error) {
    return (error as Error).message;
  }
}

async function firstLine(command: readonly string[]): Promise<string> {
  const { ok, output } = await runChild(command);
  return ok ? output.split("\n")[0]?.trim() ?? "" : "missing";
}
