/**
 * Points and outlines of the drawn face.
 *
 * @module
 */

/** x to the right and y down; on faces in units of the distance between the eyes' centres. */
export type Point = readonly [x: number, y: number];

/** A smooth curve through points (uniform Catmull-Rom spline), `steps` points a piece. */
export function curve(points: readonly Point[], closed = false, steps = 6): Point[] {
  const count = points.length;
  const at = (i: number): Point =>
    points[closed ? (i + count) % count : Math.min(count - 1, Math.max(0, i))]!;
  const smooth: Point[] = [];
  for (let i = 0; i < (closed ? count : count - 1); i++) {
    const [a, b, c, d] = [at(i - 1), at(i), at(i + 1), at(i + 2)];
    for (let step = 0; step < steps; step++) {
      const t = step / steps;
      smooth.push([spline(t, a[0], b[0], c[0], d[0]), spline(t, a[1], b[1], c[1], d[1])]);
    }
  }
  if (!closed) smooth.push(at(count - 1));
  return smooth;
}

function spline(t: number, a: number, b: number, c: number, d: number): number {
  return 0.5 *
    (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t +
      (3 * b - a - 3 * c + d) * t * t * t);
}

/** The outline of a stroke along points, whose width follows the share 0..1 of the way. */
export function ribbon(points: readonly Point[], width: (along: number) => number): Point[] {
  const last = points.length - 1;
  const left: Point[] = [];
  const right: Point[] = [];
  points.forEach(([x, y], i) => {
    const [ax, ay] = points[Math.max(0, i - 1)]!;
    const [bx, by] = points[Math.min(last, i + 1)]!;
    const length = Math.max(1e-9, Math.sqrt((bx - ax) * (bx - ax) + (by - ay) * (by - ay)));
    const half = width(i / last) / 2;
    const [nx, ny] = [-(by - ay) / length * half, (bx - ax) / length * half];
    left.push([x + nx, y + ny]);
    right.push([x - nx, y - ny]);
  });
  return [...left, ...right.reverse()];
}

/** The outline of an ellipse. */
export function ellipse([x, y]: Point, radiusX: number, radiusY: number, count = 40): Point[] {
  return Array.from({ length: count }, (_, i) => {
    const angle = 2 * Math.PI * i / count;
    return [x + radiusX * Math.cos(angle), y + radiusY * Math.sin(angle)] as const;
  });
}

/** The mean of points. */
export function centroid(points: readonly Point[]): Point {
  const sum = points.reduce(([x, y], [px, py]) => [x + px, y + py] as const, [0, 0] as const);
  return [sum[0] / points.length, sum[1] / points.length];
}

/** The same point on the other half of the face. */
export function mirrored([x, y]: Point): Point {
  return [-x, y];
}

/** The point at a share 0..1 of the way between two others. */
export function between([ax, ay]: Point, [bx, by]: Point, share = 0.5): Point {
  return [ax + (bx - ax) * share, ay + (by - ay) * share];
}
