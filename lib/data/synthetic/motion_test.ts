import assert from "node:assert/strict";
import { rng } from "lib/core/rng.ts";
import { pullsOf } from "./action_units.ts";
import { drawUnits, parseUnits } from "./emotions.ts";
import { faceShape } from "./face_shape.ts";
import { fieldOf, readField } from "./field.ts";
import { eyesOf, underLid } from "./lids.ts";
import { type Course, motionOf } from "./motion.ts";
import { setShapes } from "./sets.ts";

const course: Course = { frameCount: 50, onset: 8, apex: 21, offset: 40 };
const unrest = { drift: 0.005, flicker: 0.006, blinks: 1 };
const draw = (seed: number, blinks = 1) =>
  motionOf(course, 200, { stream: rng(seed, "test"), unrest: { ...unrest, blinks } });
const frames = Array.from({ length: course.frameCount }, (_, i) => i);
const view = { scale: 20, width: 110, height: 90, left: -2.75, top: -2 };
const points = faceShape(rng(3, "face"));

Deno.test("motionOf() expression is 0 up to onset, 1 at the apex, rises before and falls after", () => {
  for (let seed = 1; seed <= 20; seed++) {
    const strength = frames.map((frame) => draw(seed)(frame).strength);
    assert.ok(strength.slice(0, 9).every((value) => value === 0));
    assert.equal(strength[21], 1);
    for (let i = 9; i <= 21; i++) assert.ok(strength[i]! > strength[i - 1]!, `frame ${i}`);
    for (let i = 22; i <= 40; i++) assert.ok(strength[i]! < strength[i - 1]!, `frame ${i}`);
    assert.ok(strength[40]! <= 0.15);
  }
});

Deno.test("motionOf() the head is where it was at onset, and the eyes are open there", () => {
  let blinks = 0;
  for (let seed = 1; seed <= 40; seed++) {
    const moment = draw(seed);
    const { shiftX, shiftY, turn, growth, closure } = moment(course.onset);
    assert.deepEqual([shiftX, shiftY, turn, growth, closure], [0, 0, 0, 0, 0]);
    if (frames.some((frame) => moment(frame).closure > 0.3)) blinks++;
    assert.ok(frames.every((frame) => draw(seed, 0)(frame).closure === 0));
  }
  assert.ok(blinks > 20, `${blinks} of 40`);
});

Deno.test("motionOf() light flickers by less than two per cent in a clip", () => {
  for (let seed = 1; seed <= 20; seed++) {
    const gains = frames.map((frame) => draw(seed)(frame).gain);
    const spread = Math.max(...gains) / Math.min(...gains) - 1;
    assert.ok(spread > 0.002 && spread < 0.02, `${spread}`);
  }
});

Deno.test("fieldOf() peaks at the length asked for; the wall takes no part in the head's motion", () => {
  const pulls = [-1, 1].flatMap((half) => pullsOf(12, half as -1 | 1, points));
  const field = fieldOf(pulls, 0.03, view);
  let peak = 0;
  for (let i = 0; i < field.nodes.length; i += 3) {
    peak = Math.max(peak, Math.hypot(field.nodes[i]!, field.nodes[i + 1]!));
  }
  assert.ok(Math.abs(peak - 0.03) < 1e-7);
  const read = new Float64Array(3);
  readField(field, 0, 0.5, read);
  assert.equal(read[2], 1);
  readField(field, -2.7, -1.9, read);
  assert.ok(read[2]! < 0.2);
});

Deno.test("pullsOf() AU12 lifts the corners of the mouth outwards, AU4 draws the brows together", () => {
  const read = new Float64Array(3);
  const moved = (unit: 4 | 12, [x, y]: readonly [number, number]) => {
    const pulls = [-1, 1].flatMap((half) => pullsOf(unit, half as -1 | 1, points));
    readField(fieldOf(pulls, 1, view), x, y, read);
    return [read[0]!, read[1]!] as const;
  };
  const [left, right] = [moved(12, points[48]!), moved(12, points[54]!)];
  assert.ok(left[0] < -0.4 && right[0] > 0.4 && left[1] < -0.4 && right[1] < -0.4);
  const [inner, other] = [moved(4, points[21]!), moved(4, points[22]!)];
  assert.ok(inner[0] > 0.2 && other[0] < -0.2 && inner[1] > 0.4 && other[1] > 0.4);
});

Deno.test("parseUnits() reads sides as the person's own: their left is the image's right", () => {
  assert.deepEqual(parseUnits("L12+6"), [{ unit: 12, half: 1 }, { unit: 6 }]);
  assert.deepEqual(parseUnits("R4"), [{ unit: 4, half: -1 }]);
});

Deno.test("drawUnits() gives every emotion several combinations, all of known units", () => {
  for (const set of ["smic", "samm", "casme2"] as const) {
    for (const emotion of Object.keys(setShapes[set].emotions)) {
      const stream = rng(1, set, emotion);
      const drawn = new Set(Array.from({ length: 60 }, () => drawUnits(set, emotion, stream)));
      assert.ok(drawn.size >= 3, `${set} ${emotion}`);
      for (const notation of drawn) {
        for (const { unit } of parseUnits(notation)) {
          assert.ok(pullsOf(unit, 1, points).length > 0, notation);
        }
      }
    }
  }
});

Deno.test("underLid() changes nothing when open; closing brings skin from above, in order", () => {
  for (const eye of eyesOf(points)) {
    const x = (eye.left + eye.right) / 2;
    const heights = Array.from({ length: 40 }, (_, i) => eye.crease - 0.02 + 0.01 * i);
    for (const y of heights) {
      assert.ok(Math.abs(underLid(eye, x, y, 0) - y) < 1e-9);
      assert.equal(underLid(eye, eye.left - 0.01, y, 1), y);
    }
    const lid = heights.filter((y) => y < eye.lower[16]! - 0.03);
    const sources = lid.map((y) => underLid(eye, x, y, 1));
    sources.forEach((source, i) => {
      assert.ok(source <= lid[i]! + 1e-12);
      if (i > 0) assert.ok(source > sources[i - 1]!);
    });
    assert.ok(sources.at(-1)! < eye.upper[16]! + 0.02, "the lashes reach the lower rim");
  }
});
