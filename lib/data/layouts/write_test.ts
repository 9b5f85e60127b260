import assert from "node:assert/strict";
import { join } from "@std/path";
import { expectedOfFake, fakeRecordings, loadFake, withDataFolder } from "lib/data/clip_testing.ts";
import { decodeFrame } from "lib/data/frames.ts";
import { listFiles } from "lib/data/files.ts";
import type { SetName } from "lib/data/synthetic/recording.ts";
import { officialLayouts } from "./official.ts";
import { encodeFrame, writeLayout } from "./write.ts";

const emotions: Readonly<Record<SetName, readonly string[]>> = {
  smic: ["negative", "positive", "surprise", "positive"],
  samm: ["Anger", "Happiness", "Surprise", "Other", "Sadness"],
  casme2: ["disgust", "happiness", "surprise", "repression", "others"],
};

const labels: Readonly<Record<SetName, readonly string[]>> = {
  smic: ["negative", "positive", "surprise", "positive"],
  samm: ["negative", "positive", "surprise", "other", "negative"],
  casme2: ["negative", "positive", "surprise", "other", "other"],
};

for (const set of ["smic", "samm", "casme2"] as const) {
  Deno.test(`writeLayout() writes ${set} so that its loader finds the same clips`, async () => {
    await withDataFolder(async (folder) => {
      const made = fakeRecordings(set, emotions[set]);
      await writeLayout(set, made, folder);
      const loaded = await loadFake(set, folder, { expected: expectedOfFake(made) });
      const apexless = "casme2/sub01/EP02_05f: the sheet has no apex.";
      assert.deepEqual(loaded.notes, set === "casme2" ? [apexless] : []);
      assert.deepEqual(loaded.leftOut, []);
      assert.equal(loaded.clips.length, made.length);
      for (const [i, recording] of made.entries()) {
        const id = `${set}/${recording.subject}/${recording.name}`;
        const clip = loaded.clips.find(({ clip }) => clip === id);
        assert.ok(clip, id);
        assert.equal(clip.subject, `${set}/${recording.subject}`);
        assert.equal(clip.emotion, recording.emotion);
        assert.equal(loaded.classes[clip.label], labels[set][i]);
        assert.equal(clip.fps, recording.fps);
        const first = recording.firstNumber;
        assert.deepEqual([clip.onset, clip.offset], [
          recording.onset - first,
          recording.offset - first,
        ]);
        // SMIC has no apex; CASME II lacks that of one clip.
        const none = set === "smic" || (set === "casme2" && i === made.length - 1);
        assert.equal(clip.apex, none ? undefined : recording.apex - first);
        assert.equal(clip.frameNames.length, recording.frameCount);
        for (const position of [0, 1, 2, 11]) {
          const drawn = recording.frame(first + position);
          const { image } = officialLayouts[set];
          const stored = await decodeFrame(await encodeFrame(drawn, image), "stored");
          const frame = await clip.frame(position);
          assert.deepEqual(frame, stored);
          if (image === "bmp") assert.deepEqual(frame, drawn);
        }
      }
    });
  });

  Deno.test(`writeLayout() gives equal bytes for equal recordings of ${set}`, async () => {
    await withDataFolder(async (folder) => {
      const made = fakeRecordings(set, emotions[set]);
      const [a, b] = [join(folder, "a"), join(folder, "b")];
      await writeLayout(set, made, a);
      await writeLayout(set, made, b);
      const paths = await listFiles(a);
      assert.deepEqual(await listFiles(b), paths);
      assert.ok(paths.includes(officialLayouts[set].framePath(made[0]!, 8)));
      for (const path of paths) {
        assert.deepEqual(
          await Deno.readFile(join(a, path)),
          await Deno.readFile(join(b, path)),
          path,
        );
      }
    });
  });
}
