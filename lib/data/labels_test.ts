import assert from "node:assert/strict";
import type { LabelScheme } from "./clip.ts";
import { fakeRecordings, surveyFake, withDataFolder } from "./clip_testing.ts";
import { expectedSets } from "./expected.ts";
import { emotionKey, emotions, labelSchemes } from "./labels.ts";
import { writeLayout } from "./layouts/write.ts";
import type { Recording, SetName } from "./synthetic/recording.ts";

const sets: readonly SetName[] = ["smic", "samm", "casme2"];

// As the sheets spell them.
const spelled = (set: SetName, emotion: string): string => {
  if (set === "samm") return emotion[0]!.toUpperCase() + emotion.slice(1);
  return emotion === "other" ? "others" : emotion;
};

/** Recordings with the published numbers of emotions, and the two clips that MEGC 2019 leaves out. */
function published(set: SetName): Recording[] {
  const { emotions, subjects } = expectedSets[set];
  const all = Object.entries(emotions).flatMap(([emotion, count]) =>
    Array.from({ length: count }, () => spelled(set, emotion))
  );
  const subjectNames = Array.from({ length: subjects }, (_, i) => ({
    smic: `s${String(i + 1).padStart(2, "0")}`,
    samm: String(i + 6).padStart(3, "0"),
    casme2: `sub${String(i + 1).padStart(2, "0")}`,
  }[set]));
  const recordings = fakeRecordings(set, all, { width: 4, height: 4, frameCount: 6 })
    .map((recording, i) => ({
      ...recording,
      subject: subjectNames[i % subjects]!,
      name: recording.name.replace(/^(s0\d|00\d)/, subjectNames[i % subjects]!),
    }));
  if (set !== "casme2") return recordings;
  const excluded = [["sub04", "EP12_01f"], ["sub05", "EP09_05f"]] as const;
  const left = recordings.filter(({ emotion }) => /repression|disgust/.test(emotion)).slice(0, 2);
  return recordings.map((recording) => {
    const [subject, name] = excluded[left.indexOf(recording)] ??
      [recording.subject, recording.name];
    return { ...recording, subject, name };
  });
}

// Classes in the order of the scheme. Sources: the paper, See et al. 2019, and common use.
const counts: Readonly<Record<SetName, Readonly<Record<LabelScheme, readonly number[]>>>> = {
  smic: { paper: [70, 51, 43], megc3: [70, 51, 43], original5: [70, 51, 43] },
  samm: { paper: [92, 26, 15, 26], megc3: [92, 26, 15], original5: [57, 12, 26, 26, 15] },
  casme2: { paper: [63, 32, 25, 126], megc3: [88, 32, 25], original5: [63, 32, 99, 27, 25] },
};

for (const set of sets) {
  Deno.test(`the label schemes give the published counts of ${set}`, async () => {
    await withDataFolder(async (folder) => {
      await writeLayout(set, published(set), folder);
      for (const [labels, expected] of Object.entries(counts[set])) {
        const { set: { clips, classes, notes, leftOut }, problems } = await surveyFake(
          set,
          folder,
          {
            labels: labels as LabelScheme,
            expected: expectedSets[set],
            exclusions: true,
          },
        );
        assert.deepEqual(problems, []);
        assert.deepEqual(notes.filter((note) => !note.endsWith("the sheet has no apex.")), []);
        const found = classes.map((_, label) =>
          clips.filter((clip) => clip.label === label).length
        );
        assert.deepEqual(found, expected, labels);
        assert.equal(clips.length + leftOut.length, expectedSets[set].clips);
      }
    });
  });
}

Deno.test("labelSchemes know every emotion and give classes in their own list only", () => {
  for (const set of sets) {
    for (const { classes, classOf, source } of Object.values(labelSchemes[set])) {
      assert.ok(source.length > 10);
      assert.equal(new Set(classes).size, classes.length);
      for (const [emotion, name] of Object.entries(classOf)) {
        assert.ok(emotions[set].includes(emotion), emotion);
        assert.ok(classes.includes(name), name);
      }
      for (const name of classes) assert.ok(Object.values(classOf).includes(name), name);
    }
    const { clips, emotions: published } = expectedSets[set];
    assert.equal(Object.values(published).reduce((a, b) => a + b), clips);
    assert.deepEqual(Object.keys(published).sort(), [...emotions[set]].sort());
  }
});

Deno.test("emotionKey() is one for spellings in use", () => {
  assert.equal(emotionKey("Others"), "other");
  assert.equal(emotionKey(" Other "), "other");
  assert.equal(emotionKey("Happiness"), "happiness");
});
