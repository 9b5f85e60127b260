/**
 * Displacement fields on a grid over the plane of the face.
 *
 * @module
 */
import type { Pull } from "./action_units.ts";
import type { View } from "./portrait.ts";

/** Displacements on a grid in face units, and how much of the head's own motion each node takes. */
export interface FieldGrid {
  /** Displacement to the right, down, and the head's share 0..1; three values a node. */
  readonly nodes: Float32Array;
  readonly columns: number;
  readonly rows: number;
  readonly left: number;
  readonly top: number;
  /** Nodes a unit. */
  readonly density: number;
}

/** Nodes a unit: narrow pulls (.06 units) are still smooth. */
const density = 30;

/**
 * The field of pulls, scaled so that its longest displacement is `peak` units.
 *
 * @param view the plane that the grid covers
 */
export function fieldOf(pulls: readonly Pull[], peak: number, view: View): FieldGrid {
  const columns = Math.ceil(view.width / view.scale * density) + 2;
  const rows = Math.ceil(view.height / view.scale * density) + 2;
  const field: FieldGrid = {
    nodes: new Float32Array(3 * columns * rows),
    columns,
    rows,
    left: view.left,
    top: view.top,
    density,
  };
  for (const pull of pulls) addPull(field, pull);
  scaleTo(field, peak);
  addHead(field);
  return field;
}

function addPull(field: FieldGrid, { at, spread, by }: Pull): void {
  const { nodes, columns, rows, left, top } = field;
  const [fromX, toX] = reach(at[0] - left, spread[0], columns);
  const [fromY, toY] = reach(at[1] - top, spread[1], rows);
  for (let row = fromY; row < toY; row++) {
    const dy = (top + row / density - at[1]) / spread[1];
    for (let column = fromX; column < toX; column++) {
      const dx = (left + column / density - at[0]) / spread[0];
      const weight = Math.exp(-0.5 * (dx * dx + dy * dy));
      const i = 3 * (row * columns + column);
      nodes[i]! += weight * by[0];
      nodes[i + 1]! += weight * by[1];
    }
  }
}

/** The nodes within four standard deviations of a position along one axis. */
function reach(position: number, spread: number, count: number): [number, number] {
  const from = Math.floor((position - 4 * spread) * density);
  const to = Math.ceil((position + 4 * spread) * density);
  return [Math.max(0, from), Math.min(count, to)];
}

function scaleTo({ nodes }: FieldGrid, peak: number): void {
  let longest = 0;
  for (let i = 0; i < nodes.length; i += 3) {
    longest = Math.max(longest, nodes[i]! * nodes[i]! + nodes[i + 1]! * nodes[i + 1]!);
  }
  if (longest === 0) return;
  const factor = peak / Math.sqrt(longest);
  for (let i = 0; i < nodes.length; i += 3) {
    nodes[i]! *= factor;
    nodes[i + 1]! *= factor;
  }
}

/** The head moves as one, the wall does not; between them the motion fades. */
function addHead({ nodes, columns, rows, left, top }: FieldGrid): void {
  for (let row = 0; row < rows; row++) {
    const y = (top + row / density - 0.25) / 2.1;
    for (let column = 0; column < columns; column++) {
      const x = (left + column / density) / 1.55;
      const fade = Math.min(1, Math.max(0, (1.5 - Math.sqrt(x * x + y * y)) / 0.5));
      nodes[3 * (row * columns + column) + 2] = fade * fade * (3 - 2 * fade);
    }
  }
}

/**
 * Reads a field between its nodes (bilinear): displacement to the right, down, and the head's share.
 * Outside the grid its border goes on.
 *
 * @param into receives the three values
 */
export function readField(field: FieldGrid, x: number, y: number, into: Float64Array): void {
  const { nodes, columns, rows, left, top } = field;
  const gx = Math.min(columns - 1.001, Math.max(0, (x - left) * density));
  const gy = Math.min(rows - 1.001, Math.max(0, (y - top) * density));
  const column = gx | 0;
  const row = gy | 0;
  const fx = gx - column;
  const fy = gy - row;
  const i = 3 * (row * columns + column);
  const j = i + 3 * columns;
  const a = (1 - fx) * (1 - fy);
  const b = fx * (1 - fy);
  const c = (1 - fx) * fy;
  const d = fx * fy;
  // Written out: frames are drawn by millions of these.
  into[0] = a * nodes[i]! + b * nodes[i + 3]! + c * nodes[j]! + d * nodes[j + 3]!;
  into[1] = a * nodes[i + 1]! + b * nodes[i + 4]! + c * nodes[j + 1]! + d * nodes[j + 4]!;
  into[2] = a * nodes[i + 2]! + b * nodes[i + 5]! + c * nodes[j + 2]! + d * nodes[j + 5]!;
}
