import assert from "node:assert/strict";
import { addBumps, type Canvas, fill, mix, tint } from "./canvas.ts";
import { curve, ellipse, type Point, ribbon } from "./geometry.ts";

const blank = (): Canvas => ({
  rgb: new Float32Array(40 * 30 * 3),
  width: 40,
  height: 30,
  scale: 10,
  left: -2,
  top: -1.5,
});

const sum = (values: Iterable<number>): number => {
  let total = 0;
  for (const value of values) total += value;
  return total;
};

const near = (actual: number, expected: number, tolerance: number) =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual}, not ${expected}`);

Deno.test("fill() covers the outline's area, whatever its softness and direction", () => {
  const square: Point[] = [[-0.62, -0.4], [0.6, -0.4], [0.6, 0.4], [-0.62, 0.4]];
  for (const outline of [square, [...square].reverse()]) {
    for (const softness of [0, 0.1, 0.4]) {
      // 1.22 × .8 units of 100 pixels each.
      near(sum(fill(blank(), outline, softness).alpha), 97.6, 0.5);
    }
  }
});

Deno.test("fill() counts parts that a stroke covers twice once", () => {
  const there: Point[] = [[-1, 0], [1, 0], [-0.9, 0.02]];
  const mask = fill(blank(), ribbon(there, () => 0.4), 0);
  assert.ok(Math.max(...mask.alpha) < 1 + 1e-6);
});

Deno.test("fill() clips outlines at the canvas and is empty outside", () => {
  assert.equal(fill(blank(), ellipse([9, 9], 1, 1), 0.1).alpha.length, 0);
  const whole = fill(blank(), [[-9, -9], [9, -9], [9, 9], [-9, 9]], 0.1);
  assert.deepEqual([whole.x, whole.y, whole.width, whole.height], [0, 0, 40, 30]);
  near(sum(whole.alpha), 1200, 1e-3);
});

Deno.test("mix() and tint() reach their colours inside and leave the rest", () => {
  const canvas = blank();
  mix(canvas, fill(canvas, ellipse([0, 0], 1, 1), 0), [0.8, 0.4, 0.2]);
  const middle = 3 * (15 * 40 + 20);
  near(canvas.rgb[middle]!, 0.8, 1e-6);
  tint(canvas, fill(canvas, ellipse([0, 0], 1, 1), 0), [0.5, 0.5, 1], 0.5);
  near(canvas.rgb[middle]!, 0.6, 1e-6);
  near(canvas.rgb[middle + 2]!, 0.2, 1e-6);
  assert.equal(canvas.rgb[0], 0);
});

Deno.test("addBumps() adds Gaussians of the height and spread asked for", () => {
  const canvas = blank();
  const plane = new Float32Array(40 * 30);
  addBumps(canvas, plane, [[0.05, 0.05, 0.2, 0.3, 2]]);
  const at = (x: number, y: number) => plane[y * 40 + x]!;
  near(at(20, 15), 2, 1e-6);
  // One spread away: 2 / √e.
  near(at(22, 15), 2 * Math.exp(-0.5), 1e-6);
  near(at(20, 18), 2 * Math.exp(-0.5), 1e-6);
  near(sum(plane), 2 * 2 * Math.PI * 2 * 3, 0.2);
});

Deno.test("curve() passes through its points and keeps straight lines straight", () => {
  const smooth = curve([[0, 0], [1, 2], [2, 4], [3, 6]], false, 4);
  assert.equal(smooth.length, 13);
  assert.deepEqual([smooth[0], smooth[4], smooth[8], smooth[12]], [[0, 0], [1, 2], [2, 4], [3, 6]]);
  for (const [x, y] of smooth) near(y, 2 * x, 1e-12);
  assert.equal(curve([[0, 0], [1, 0], [0, 1]], true, 5).length, 15);
});
