import assert from "node:assert/strict";
import { volume } from "lib/core/volume.ts";
import type { Volume } from "lib/core/volume.ts";
import { type Frame, toGrey } from "lib/preprocess/frame.ts";
import type { FlowField } from "lib/preprocess/flow_field.ts";
import { matchGain } from "lib/preprocess/gain.ts";
import { tvl1 } from "lib/preprocess/tvl1.ts";
import type { Recording, SetName } from "./recording.ts";
import { recordings } from "./recordings.ts";
import { setShapes } from "./sets.ts";

const names: readonly SetName[] = ["smic", "samm", "casme2"];

interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The face, from above the brows to the chin. */
function faceBox({ truth: { landmarks } }: Recording): Box {
  const xs = landmarks.filter((_, i) => i % 2 === 0);
  const ys = landmarks.filter((_, i) => i % 2 === 1);
  const [left, right] = [Math.floor(Math.min(...xs)), Math.ceil(Math.max(...xs))];
  const [top, bottom] = [Math.floor(Math.min(...ys)) - 10, Math.ceil(Math.max(...ys))];
  return { left, top, width: right - left, height: bottom - top };
}

function cut(plane: Float32Array, width: number, box: Box): Float32Array {
  return Float32Array.from({ length: box.width * box.height }, (_, i) => {
    const y = box.top + Math.floor(i / box.width);
    return plane[y * width + box.left + i % box.width]!;
  });
}

function grey(frame: Frame, box: Box): Volume {
  return volume(cut(toGrey(frame).data, frame.width, box), [box.height, box.width]);
}

const longest = ({ u, v }: FlowField): number =>
  u.reduce((most, x, i) => Math.max(most, Math.hypot(x, v[i]!)), 0);

const meanOf = (values: Iterable<number>): number => {
  let [sum, count] = [0, 0];
  for (const value of values) [sum, count] = [sum + value, count + 1];
  return sum / count;
};

Deno.test("truth: nothing moves at onset, no expression before it, the most at the apex", () => {
  for (const set of names) {
    for (const clip of recordings(set, "demo").slice(0, 12)) {
      const { firstNumber, onset, apex, truth, name } = clip;
      assert.equal(longest(truth.displacement(onset)), 0);
      if (firstNumber < onset) assert.equal(longest(truth.expression(firstNumber)), 0);
      const peak = longest(truth.expression(apex));
      assert.ok(peak >= 0.7 && peak <= 2.4, `${name}: ${peak} pixels`);
      assert.ok(longest(truth.expression(apex - 1)) <= peak, name);
      assert.ok(longest(truth.expression(apex + 1)) <= peak, name);
    }
  }
});

Deno.test("truth: TV-L1 between onset and apex recovers the displacement", () => {
  // Over all 108 clips the mean is .098 pixels where no motion at all would be wrong by .189.
  const errors: number[] = [];
  const still: number[] = [];
  for (const set of names) {
    const clips = recordings(set, "demo");
    for (const clip of [clips[3]!, clips[16]!, clips[30]!]) {
      const box = faceBox(clip);
      const from = grey(clip.frame(clip.onset), box);
      const to = matchGain(grey(clip.frame(clip.apex), box), from).image;
      const flow = tvl1(from, to);
      const truth = clip.truth.displacement(clip.apex);
      const u = cut(truth.u, clip.width, box);
      const v = cut(truth.v, clip.width, box);
      errors.push(meanOf(u.map((x, i) => Math.hypot(x - flow.u[i]!, v[i]! - flow.v[i]!))));
      still.push(meanOf(u.map((x, i) => Math.hypot(x, v[i]!))));
    }
  }
  assert.ok(Math.max(...errors) < 0.3, `${errors}`);
  assert.ok(meanOf(errors) < 0.7 * meanOf(still), `${meanOf(errors)} of ${meanOf(still)}`);
});

Deno.test("truth: the frame at the onset plus the displacement is the frame at the apex", () => {
  // Moving the apex back by the truth leaves noise and interpolation, not moving it leaves more, and
  // moving it the wrong way still more. Lids do not move with the skin, so eyes are left out.
  const clip = recordings("samm", "demo")[5]!;
  const box = faceBox(clip);
  const from = grey(clip.frame(clip.onset), box);
  const to = matchGain(grey(clip.frame(clip.apex), box), from).image;
  const whole = clip.truth.displacement(clip.apex);
  const [u, v] = [cut(whole.u, clip.width, box), cut(whole.v, clip.width, box)];
  const eyes = [...clip.truth.landmarks.subarray(2 * 36, 2 * 48)].filter((_, i) => i % 2 === 1);
  const [high, low] = [Math.min(...eyes) - box.top - 8, Math.max(...eyes) - box.top + 4];
  const rows = Array.from({ length: box.height - 8 }, (_, i) => i + 4).filter((y) =>
    y < high || y > low
  );
  const left = (sign: number) => residue(from, to, { u, v, sign, rows });
  assert.ok(left(1) < 0.9 * left(0), `${left(1)} against ${left(0)}`);
  assert.ok(left(0) < 0.9 * left(-1), `${left(0)} against ${left(-1)}`);
});

interface Shift {
  readonly u: Float32Array;
  readonly v: Float32Array;
  readonly sign: number;
  readonly rows: readonly number[];
}

/** The mean squared difference after moving `to` back along the flow. */
function residue(from: Volume, to: Volume, { u, v, sign, rows }: Shift): number {
  const width = from.shape[1]!;
  const squares = rows.flatMap((y) =>
    Array.from({ length: width - 8 }, (_, k) => {
      const i = y * width + k + 4;
      const [px, py] = [k + 4 + sign * u[i]!, y + sign * v[i]!];
      const [column, row] = [Math.floor(px), Math.floor(py)];
      const [fx, fy] = [px - column, py - row];
      const at = (dx: number, dy: number) => to.data[(row + dy) * width + column + dx]!;
      const upper = at(0, 0) * (1 - fx) + at(1, 0) * fx;
      const lower = at(0, 1) * (1 - fx) + at(1, 1) * fx;
      return (upper * (1 - fy) + lower * fy - from.data[i]!) ** 2;
    })
  );
  return meanOf(squares);
}

Deno.test("frames carry the sensor's noise and a flicker below one per cent a frame", () => {
  for (const set of names) {
    const clip = recordings(set, "demo")[2]!;
    // A still corner of the wall: two frames differ by noise (twice) and the change of gain.
    const wall: Box = { left: 2, top: 2, width: 40, height: 40 };
    const corner = (number: number) => {
      const { data, width, channels } = clip.frame(number);
      const plane = Float32Array.from(
        { length: width * clip.height },
        (_, i) => data[i * channels]!,
      );
      return cut(plane, width, wall);
    };
    const levels: number[] = [];
    for (let number = clip.onset; number < clip.onset + 6; number++) {
      const [a, b] = [corner(number), corner(number + 1)];
      const step = meanOf(b) - meanOf(a);
      const variance = meanOf(a.map((x, i) => (b[i]! - x - step) ** 2)) / 2;
      // Rounding to levels adds a variance of 1/12.
      const noise = Math.sqrt(variance - 1 / 12);
      assert.ok(Math.abs(noise - setShapes[set].noise) < 0.12, `${set}: ${noise}`);
      levels.push(meanOf(a));
      assert.ok(Math.abs(step) < 0.01 * meanOf(a), `${set}: ${step} levels`);
    }
    assert.ok(Math.max(...levels) - Math.min(...levels) > 0.0005 * meanOf(levels), `${levels}`);
  }
});

Deno.test("truth: the 68 points of every face lie inside the frame, in the order of dlib's", () => {
  for (const set of names) {
    for (const { truth: { landmarks }, width, height } of recordings(set, "demo")) {
      assert.equal(landmarks.length, 136);
      const at = (i: number) => [landmarks[2 * i]!, landmarks[2 * i + 1]!] as const;
      for (let i = 0; i < 68; i++) {
        const [x, y] = at(i);
        assert.ok(x > 0 && x < width - 1 && y > 0 && y < height - 1);
      }
      assert.ok(at(0)[0] < at(36)[0] && at(36)[0] < at(39)[0] && at(39)[0] < at(42)[0]);
      assert.ok(at(45)[0] < at(16)[0] && at(48)[0] < at(54)[0]);
      assert.ok(at(19)[1] < at(37)[1] && at(30)[1] < at(51)[1] && at(57)[1] < at(8)[1]);
      const jaw = at(16)[0] - at(0)[0];
      assert.ok(jaw > 115 && jaw < 160, `a face of ${jaw} pixels`);
    }
  }
});
