import assert from "node:assert/strict";
import { join } from "@std/path";
import { SetupError } from "lib/core/errors.ts";
import { sha256 } from "lib/core/json.ts";
import {
  type DownloadOptions,
  downloadSize,
  downloadWheel,
  fileDigest,
  pipFailure,
} from "./download.ts";
import type { Progress } from "./progress.ts";
import type { Wheel } from "./wheels.ts";

const silent: Progress = { step() {}, bytes() {}, say() {}, end() {} };
const content = "the bytes of the wheel";
const wheel: Wheel = {
  name: "some-wheel",
  version: "1.2.3",
  platforms: ["any"],
  sha256: sha256(content),
  parts: ["*"],
};

/** A stand-in for Python whose pip "downloads" a text, and counts how often it is asked. */
async function withPip(
  text: string,
  body: (options: DownloadOptions, calls: () => number) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const python = join(folder, "python3");
    await Deno.writeTextFile(
      python,
      `#!/bin/sh\necho call >> '${folder}/calls'\n` +
        `for last; do :; done\nprintf '%s' '${text}' > "$last/x.whl"\n` +
        `[ '${text}' != broken ] || { echo 'ERROR: No space left on device'; exit 1; }\n`,
    );
    await Deno.chmod(python, 0o755);
    const calls = (): number => {
      try {
        return Deno.readTextFileSync(join(folder, "calls")).split("\n").length - 1;
      } catch {
        return 0;
      }
    };
    const place = { folder: join(folder, "downloads"), scratch: join(folder, "scratch") };
    await body({ python, ...place, progress: silent }, calls);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("downloadWheel() keeps a verified wheel and does not download it again", async () => {
  await withPip(content, async (options, calls) => {
    const path = await downloadWheel(wheel, options);
    assert.equal(await Deno.readTextFile(path), content);
    assert.equal(await downloadWheel(wheel, options), path);
    assert.equal(calls(), 1);
  });
});

Deno.test("downloadWheel() downloads again what is cut short, and leaves no parts", async () => {
  await withPip(content, async (options, calls) => {
    await Deno.mkdir(options.folder);
    await Deno.writeTextFile(join(options.folder, `${wheel.sha256}.whl`), "the byt");
    const path = await downloadWheel(wheel, options);
    assert.equal(await Deno.readTextFile(path), content);
    assert.equal(calls(), 1);
    assert.deepEqual([...Deno.readDirSync(options.folder)].map((e) => e.name), [
      `${wheel.sha256}.whl`,
    ]);
    assert.deepEqual([...Deno.readDirSync(options.scratch)], []);
  });
});

Deno.test("downloadWheel() refuses other bytes than the pinned ones", async () => {
  await withPip("other bytes", async (options) => {
    await assert.rejects(downloadWheel(wheel, options), (error) => {
      assert.ok(error instanceof SetupError);
      assert.match(error.message, /is not the pinned file/);
      return true;
    });
    assert.deepEqual([...Deno.readDirSync(options.folder)], []);
  });
});

Deno.test("downloadWheel() says that the disk is full when pip says so", async () => {
  await withPip("broken", async (options) => {
    await assert.rejects(
      downloadWheel(wheel, options),
      /cannot download some-wheel 1\.2\.3: the disk is full/,
    );
  });
});

Deno.test("downloadSize() reads pip's line", () => {
  assert.equal(downloadSize("  Downloading tensorflow_cpu-2.21.0-cp312.whl (274.0 MB)"), 274e6);
  assert.equal(downloadSize("  Downloading x.whl (1.2 GB)"), 1.2e9);
  assert.equal(downloadSize("Collecting tensorflow-cpu==2.21.0"), undefined);
});

Deno.test("pipFailure() tells no network, a wrong digest and anything else apart", () => {
  const message = (output: string): string => pipFailure(wheel, output).message;
  assert.match(
    message("WARNING: Retrying … NewConnectionError('Temporary failure in name resolution')"),
    /no connection to its package index.*Check the network/,
  );
  assert.match(
    message(`ERROR: THESE PACKAGES DO NOT MATCH THE HASHES\n Got        ${"a".repeat(64)}`),
    /is not the pinned file \(SHA-256 a{64}/,
  );
  assert.match(
    message("ERROR: No matching distribution found for some-wheel==1.2.3"),
    /\(ERROR: No matching distribution found for some-wheel==1\.2\.3\)/,
  );
});

Deno.test("fileDigest() agrees with a digest in one go, and is nothing for a missing file", async () => {
  const path = await Deno.makeTempFile();
  await Deno.writeTextFile(path, content);
  assert.equal(await fileDigest(path), sha256(content));
  await Deno.remove(path);
  assert.equal(await fileDigest(path), undefined);
});
