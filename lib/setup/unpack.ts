/**
 * Unpacking parts of a wheel, which is a zip file, by Python's own library.
 *
 * @module
 */
import { SetupError } from "lib/core/errors.ts";
import { lastLines, runChild } from "./child.ts";
import type { Progress } from "./progress.ts";

// Prints "bytes done, bytes in all" as it goes. Works with Python 3.6 and newer.
const script = `
import fnmatch, os, sys, zipfile
wheel, target, patterns = sys.argv[1], sys.argv[2], sys.argv[3:]
with zipfile.ZipFile(wheel) as archive:
    members = [m for m in archive.infolist() if not m.filename.endswith("/")
               and any(fnmatch.fnmatchcase(m.filename, p) for p in patterns)]
    total, done = sum(m.file_size for m in members), 0
    for member in members:
        path = os.path.join(target, *member.filename.split("/"))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with archive.open(member) as source, open(path, "wb") as sink:
            while True:
                block = source.read(1 << 22)
                if not block:
                    break
                sink.write(block)
                done += len(block)
                print(done, total, flush=True)
        mode = member.external_attr >> 16 & 0o777
        if mode:
            os.chmod(path, mode | 0o600)
`;

/** What unpacking needs. */
export interface UnpackOptions {
  readonly python: string;
  /** Shell patterns of the members to unpack; \`*\` also matches a slash. */
  readonly parts: readonly string[];
  readonly progress: Progress;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Unpacks the members of `wheel` that match into `folder`.
 *
 * @throws SetupError when the disk is full or the file is no zip file
 */
export async function unpackWheel(
  wheel: string,
  folder: string,
  { python, parts, progress, signal }: UnpackOptions,
): Promise<void> {
  const { ok, output } = await runChild([python, "-c", script, wheel, folder, ...parts], {
    onLine: (line) => {
      const match = /^(\d+) (\d+)$/.exec(line);
      if (match) progress.bytes(Number(match[1]), Number(match[2]));
    },
    signal,
  });
  if (ok) return;
  const full = /No space left|Errno 28/.test(output);
  throw new SetupError(
    `Cannot unpack the wheel (${full ? "the disk is full" : lastLines(output, 1)})`,
    {
      file: wheel,
      fix: full
        ? "Free some space, or set FLEETING_CACHE to a folder on another disk"
        : "Delete this file and run the command again",
    },
  );
}
