import assert from "node:assert/strict";
import { drawPair, endPointError } from "./pairs.ts";

Deno.test("drawPair() moves the first image's texture by the truth", () => {
  const side = 48;
  const { from, to, truth } = drawPair(1, side);
  let [moved, still] = [0, 0];
  for (let y = 4; y < side - 4; y++) {
    for (let x = 4; x < side - 4; x++) {
      const i = y * side + x;
      const [px, py] = [x + truth.u[i]!, y + truth.v[i]!];
      const [x0, y0] = [Math.floor(px), Math.floor(py)];
      const at = (ax: number, ay: number) => to.data[ay * side + ax]!;
      const mix = (a: number, b: number, t: number) => a + (b - a) * t;
      const there = mix(
        mix(at(x0, y0), at(x0 + 1, y0), px - x0),
        mix(at(x0, y0 + 1), at(x0 + 1, y0 + 1), px - x0),
        py - y0,
      );
      moved += Math.abs(from.data[i]! - there);
      still += Math.abs(from.data[i]! - to.data[i]!);
    }
  }
  assert.ok(moved < still / 5, `${moved} is not far below ${still}`);
  assert.ok(truth.u.every((u) => Math.abs(u) < 6) && truth.u.some((u) => Math.abs(u) > 0.3));
  assert.ok(from.data.every((grey) => Math.abs(grey * 255 - Math.round(grey * 255)) < 1e-4));
});

Deno.test("endPointError() is the mean distance", () => {
  const flow = (u: number[], v: number[]) => ({
    u: Float32Array.from(u),
    v: Float32Array.from(v),
    width: 2,
    height: 1,
  });
  assert.equal(endPointError(flow([3, 1], [4, 1]), flow([0, 1], [0, 0])), 3);
});
