/**
 * Wheels by pip: pinned, checked, kept until they are unpacked.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { join } from "@std/path";
import { SetupError } from "lib/core/errors.ts";
import { exists } from "lib/core/files.ts";
import { lastLines, runChild } from "./child.ts";
import { wasmInstead } from "./prerequisites.ts";
import type { Progress } from "./progress.ts";
import type { Wheel } from "./wheels.ts";

/** What a download needs. */
export interface DownloadOptions {
  readonly python: string;
  /** Holds finished wheels by their digest. */
  readonly folder: string;
  /** A folder on the same disk for the unfinished one. */
  readonly scratch: string;
  readonly progress: Progress;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Brings one wheel into `folder` and returns its path. A wheel that is there and has the right
 * digest is not downloaded again; an unfinished one is never taken for a whole.
 *
 * @throws SetupError when pip cannot get it or the bytes are not the pinned ones
 */
export async function downloadWheel(wheel: Wheel, options: DownloadOptions): Promise<string> {
  const target = join(options.folder, `${wheel.sha256}.whl`);
  if (await fileDigest(target) === wheel.sha256) return target;
  const part = join(options.scratch, `part-${crypto.randomUUID()}`);
  await Deno.mkdir(join(part, "temporary"), { recursive: true });
  await Deno.mkdir(options.folder, { recursive: true });
  try {
    await pipDownload(wheel, part, options);
    const name = [...Deno.readDirSync(part)].map((entry) => entry.name).find((n) =>
      n.endsWith(".whl")
    );
    const path = join(part, name ?? "missing");
    const digest = await fileDigest(path);
    if (digest !== wheel.sha256) throw wrongBytes(wheel, digest);
    await Deno.rename(path, target);
  } finally {
    await Deno.remove(part, { recursive: true }).catch(() => {});
  }
  return target;
}

async function pipDownload(wheel: Wheel, part: string, options: DownloadOptions): Promise<void> {
  const { python, progress, signal } = options;
  const requirements = join(part, "requirements.txt");
  await Deno.writeTextFile(
    requirements,
    `${wheel.name}==${wheel.version} --hash=sha256:${wheel.sha256}\n`,
  );
  let total: number | undefined;
  // pip says the size once and then nothing: the growing file tells how far it is.
  const watch = setInterval(() => progress.bytes(folderBytes(part), total), 500);
  try {
    const { ok, output } = await runChild([python, ...pipArguments(wheel, requirements, part)], {
      env: { TMPDIR: join(part, "temporary"), PIP_REQUIRE_VIRTUALENV: "0" },
      onLine: (line) => total ??= downloadSize(line),
      signal,
    });
    if (!ok) throw pipFailure(wheel, output);
  } finally {
    clearInterval(watch);
  }
  if (total !== undefined) progress.bytes(total, total);
}

function pipArguments(wheel: Wheel, requirements: string, target: string): string[] {
  return [
    ...["-m", "pip", "download", "--require-hashes", "--requirement", requirements],
    ...["--no-deps", "--only-binary=:all:", "--python-version", "3.12", "--implementation", "cp"],
    ...wheel.platforms.flatMap((platform) => ["--platform", platform]),
    ...["--no-cache-dir", "--no-input", "--disable-pip-version-check", "--progress-bar", "off"],
    ...["--retries", "3", "--timeout", "30", "--dest", target],
  ];
}

/** The bytes that pip announces in a line such as `Downloading x.whl (274.0 MB)`. */
export function downloadSize(line: string): number | undefined {
  const match = /Downloading .*\((\d+(?:\.\d+)?) (k|M|G)B\)/.exec(line);
  if (!match) return undefined;
  return Number(match[1]) * { k: 1e3, M: 1e6, G: 1e9 }[match[2] as "k" | "M" | "G"];
}

/** SHA-256 of a file, read in pieces; nothing when there is no such file. */
export async function fileDigest(path: string): Promise<string | undefined> {
  if (!await exists(path)) return undefined;
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 22 })) hash.update(chunk);
  return hash.digest("hex");
}

/** Bytes of all files in a folder. */
export function folderBytes(folder: string): number {
  let bytes = 0;
  try {
    for (const entry of Deno.readDirSync(folder)) {
      const path = join(folder, entry.name);
      bytes += entry.isDirectory ? folderBytes(path) : Deno.statSync(path).size;
    }
  } catch {
    // pip has moved or removed something meanwhile; the next look finds it.
  }
  return bytes;
}

function wrongBytes(wheel: Wheel, digest: string | undefined): SetupError {
  return new SetupError(
    `The download of ${wheel.name} ${wheel.version} is not the pinned file ` +
      `(SHA-256 ${digest ?? "of nothing"} instead of ${wheel.sha256})`,
    { fix: "Run the command again; if it stays so, the index that pip uses serves another file" },
  );
}

/** Turns pip's output into one line that says what is wrong and what to do. */
export function pipFailure(wheel: Wheel, output: string): SetupError {
  const what = `pip cannot download ${wheel.name} ${wheel.version}`;
  if (/DO NOT MATCH THE HASHES|Expected sha256/.test(output)) {
    const got = /Got\s+([0-9a-f]{64})/.exec(output)?.[1];
    return wrongBytes(wheel, got);
  }
  if (/No space left|Errno 28/.test(output)) {
    return new SetupError(`${what}: the disk is full`, {
      fix: `Free some space, or set FLEETING_CACHE to a folder on another disk, ${wasmInstead}`,
    });
  }
  if (/connection|timed out|resolution|unreachable|ProxyError|SSLError/i.test(output)) {
    return new SetupError(`${what}: no connection to its package index`, {
      fix:
        `Check the network and pip's settings (\`pip config list\`), then run the command again, ` +
        wasmInstead,
    });
  }
  return new SetupError(`${what} (${lastLines(output)})`, {
    fix: `Check pip's settings (\`pip config list\`), ${wasmInstead}`,
  });
}
