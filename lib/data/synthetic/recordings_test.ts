import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { toGrey } from "lib/preprocess/frame.ts";
import type { SizeProfile } from "../clip.ts";
import type { Recording, SetName } from "./recording.ts";
import { recordings } from "./recordings.ts";
import { setShapes } from "./sets.ts";

const names: readonly SetName[] = ["smic", "samm", "casme2"];
const sizes: readonly SizeProfile[] = ["demo", "paper"];

const counts = (values: readonly string[]): Record<string, number> => {
  const counted: Record<string, number> = {};
  for (const value of [...values].sort()) counted[value] = (counted[value] ?? 0) + 1;
  return counted;
};

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

Deno.test("recordings() counts of the paper size are those of the databases' sheets", () => {
  const expected = { smic: [164, 16], samm: [159, 29], casme2: [255, 26] } as const;
  for (const set of names) {
    const clips = recordings(set, "paper");
    assert.equal(clips.length, expected[set][0]);
    assert.equal(new Set(clips.map(({ subject }) => subject)).size, expected[set][1]);
    assert.deepEqual(counts(clips.map(({ emotion }) => emotion)), setShapes[set].emotions);
    const shares = Object.entries(counts(clips.map(({ subject }) => subject)));
    const [busiest, most] = shares.sort((a, b) => b[1] - a[1])[0]!;
    // As in the sheets, where s03 has 39 clips and sub17 has 36.
    if (set === "smic") assert.ok(busiest === "s03" && Math.abs(most - 39) < 8, `${most}`);
    if (set === "casme2") assert.ok(busiest === "sub17" && Math.abs(most - 36) < 8, `${most}`);
  }
});

Deno.test("recordings() demo has 36 clips of 6 subjects, every emotion at least once", () => {
  const casme2 = counts(recordings("casme2", "demo").map(({ emotion }) => emotion));
  // 36 · √count / Σ√count by largest remainders.
  assert.deepEqual(casme2, {
    disgust: 8,
    fear: 1,
    happiness: 5,
    others: 9,
    repression: 5,
    sadness: 3,
    surprise: 5,
  });
  for (const set of names) {
    const clips = recordings(set, "demo");
    assert.equal(clips.length, 36);
    assert.equal(new Set(clips.map(({ subject }) => subject)).size, 6);
    const emotions = new Set(clips.map(({ emotion }) => emotion));
    assert.deepEqual([...emotions].sort(), Object.keys(setShapes[set].emotions).sort());
  }
});

Deno.test("recordings() names are unique, sorted, and as in each sheet", () => {
  const patterns: Record<SetName, RegExp> = {
    smic: /^(s\d\d)_(ne|po|sur)_\d\d$/,
    samm: /^(\d{3})_[1-7]_\d+$/,
    casme2: /^EP\d\d_\d\df?$/,
  };
  for (const set of names) {
    for (const size of sizes) {
      const clips = recordings(set, size);
      const keys = clips.map(({ subject, name }) => `${subject}/${name}`);
      assert.equal(new Set(keys).size, keys.length);
      assert.deepEqual(keys, [...keys].sort());
      for (const { subject, name } of clips) {
        const match = patterns[set].exec(name);
        assert.ok(match, name);
        if (match[1]) assert.equal(match[1], subject);
      }
    }
  }
});

Deno.test("recordings() has onset < apex < offset inside the clip and lengths as in each set", () => {
  for (const set of names) {
    for (const size of sizes) {
      const { length: [least, mean, most], rest } = setShapes[set].sizes[size];
      const clips = recordings(set, size);
      for (const clip of clips) {
        const { firstNumber, onset, apex, offset, frameCount, name } = clip;
        const last = firstNumber + frameCount - 1;
        assert.ok(firstNumber <= onset && onset < apex && apex < offset && offset <= last, name);
        const length = offset - onset + 1;
        assert.ok(length >= least && length <= most, `${name}: ${length}`);
        if (rest === 0) assert.deepEqual([onset, offset], [firstNumber, last]);
        else assert.ok(onset > firstNumber && offset < last, name);
      }
      const average = clips.reduce((sum, { onset, offset }) => sum + offset - onset + 1, 0) /
        clips.length;
      assert.ok(Math.abs(average - mean) < 0.2 * mean, `${set} ${size}: ${average}, not ${mean}`);
    }
  }
});

Deno.test("recordings() draws the same bytes on every machine", () => {
  // What version 1 of these sets is; a new digest is a new data set.
  const expected: Record<SetName, string> = {
    smic: "c29bf76dff563174e8d92463ff26d847c31ec8720c39a532c7f0e187908e6170",
    samm: "56d4febfa5a20e3f8f521f339b6fb368f0922cb8a1abb46ba5561b9744b512d5",
    casme2: "bde8f10ea047dfac7cf0777ece16e78f57e069199868af360da21d76c2f090e5",
  };
  for (const set of names) {
    const clip = recordings(set, "demo")[7]!;
    const frames = [clip.onset, clip.apex, clip.offset].map((number) => clip.frame(number).data);
    const bytes = new Uint8Array(frames.reduce((sum, { length }) => sum + length, 0));
    frames.forEach((frame, i) => bytes.set(frame, i * frame.length));
    assert.equal(sha256(bytes), expected[set], set);
  }
});

Deno.test("recordings() frames do not depend on the order they are asked for", () => {
  const [first, second] = [recordings("samm", "demo"), recordings("samm", "demo")];
  const pick = (clips: Recording[]) => [clips[0]!, clips[20]!];
  const [a, b] = pick(first);
  const [c, d] = pick(second);
  const forwards = [a!.frame(a!.apex), b!.frame(b!.onset), a!.frame(a!.onset)];
  const backwards = [c!.frame(c!.onset), d!.frame(d!.onset), c!.frame(c!.apex)].reverse();
  forwards.forEach((frame, i) => assert.deepEqual(frame, backwards[i]));
});

Deno.test("recordings() frames have the camera's size and channels", () => {
  for (const set of names) {
    const clip = recordings(set, "demo")[0]!;
    const { data, width, height, channels } = clip.frame(clip.firstNumber);
    assert.deepEqual([width, height, channels], [clip.width, clip.height, set === "samm" ? 1 : 3]);
    assert.equal(data.length, width * height * channels);
    assert.ok(data instanceof Uint8Array);
  }
});

Deno.test("recordings() refuses frames that a clip does not have", () => {
  const clip = recordings("casme2", "demo")[0]!;
  const after = clip.firstNumber + clip.frameCount;
  for (const number of [clip.firstNumber - 1, after, clip.onset + 0.5, NaN]) {
    assert.throws(() => clip.frame(number), RangeError);
  }
});

Deno.test("recordings() subjects look different", () => {
  const clips = recordings("smic", "demo");
  const subjects = [...new Set(clips.map(({ subject }) => subject))];
  const faces = subjects.slice(0, 4).map((subject) => {
    const clip = clips.find((other) => other.subject === subject)!;
    return toGrey(clip.frame(clip.onset)).data;
  });
  for (let i = 0; i < faces.length; i++) {
    for (let j = 0; j < i; j++) {
      const difference = faces[i]!.reduce((sum, x, k) => sum + Math.abs(x - faces[j]![k]!), 0);
      assert.ok(255 * difference / faces[i]!.length > 5, `${subjects[i]} and ${subjects[j]}`);
    }
  }
});
