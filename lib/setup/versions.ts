/**
 * The versions that set-up installs, and the Deno it needs.
 *
 * @module
 */
import { SetupError } from "lib/core/errors.ts";

/** The TensorFlow that every network is trained on; it is part of a result's environment. */
export const tensorflowVersion = "2.21.0";

/** The oldest Deno whose Jupyter kernel reports a throwing cell as an error. */
export const minimumDeno = "2.9.4";

/** A Deno known to work, named where somebody has to get one. */
export const testedDeno = "2.9.6";

/**
 * Orders two versions such as `2.9.4` and `2.10.0-rc.1` by their numbers; a pre-release comes before
 * its release.
 *
 * @returns negative when `a` is older, zero when they are equal, positive when `a` is newer
 * @throws RangeError when one of them is not a version
 */
export function compareVersions(a: string, b: string): number {
  const [first, second] = [parse(a), parse(b)];
  for (let i = 0; i < 3; i++) {
    const difference = first.numbers[i]! - second.numbers[i]!;
    if (difference !== 0) return difference;
  }
  return Number(second.preRelease) - Number(first.preRelease);
}

function parse(version: string): { numbers: number[]; preRelease: boolean } {
  const match = /^v?(\d+)\.(\d+)\.(\d+)([-+].*)?$/.exec(version);
  if (!match) throw new RangeError(`Cannot read '${version}' as a version`);
  return {
    numbers: match.slice(1, 4).map(Number),
    preRelease: match[4]?.startsWith("-") ?? false,
  };
}

/**
 * Refuses a Deno older than {@linkcode minimumDeno}.
 *
 * @throws SetupError naming the version needed and two ways to get it
 */
export function requireDeno(version: string = Deno.version.deno): void {
  if (compareVersions(version, minimumDeno) >= 0) return;
  throw new SetupError(`Deno ${version} is too old, ${minimumDeno} or newer is needed`, {
    fix: `Run \`deno upgrade\`, or start every command with ` +
      `\`npx -y deno@${testedDeno} task\` instead of \`deno task\``,
  });
}
