/**
 * Places for the boxes and arrows of a network.
 *
 * @module
 */
import { Graph, layout } from "@dagrejs/dagre";
import type { NetworkArrow, NetworkBox, NetworkFrame, NetworkGraph } from "./network_graph.ts";

/** A point, in pixels from the upper left. */
export type Point = readonly [x: number, y: number];

/** A box or a frame with its place; x and y are of its middle. */
export type Placed<Thing> = Thing & {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
};

/** Everything with a place. */
export interface NetworkLayout {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly Placed<NetworkBox>[];
  readonly frames: readonly Placed<NetworkFrame>[];
  /** From the end of one box to the beginning of another, with the places in between. */
  readonly arrows: readonly (NetworkArrow & { readonly points: readonly Point[] })[];
}

/** Where the output is, seen from the input. */
export type Direction = "down" | "right";

/** How a drawing is laid out. */
export interface LayoutOptions {
  readonly direction: Direction;
  /** The size of a box in pixels. */
  readonly sizeOf: (box: NetworkBox) => { readonly width: number; readonly height: number };
}

const margin = 10;

/**
 * Lays a network out in layers (Gansner et al. 1993, as the library dagre does), the longest way in a line
 * as far as there is room. Equal networks get equal places.
 */
export function layOut(network: NetworkGraph, options: LayoutOptions): NetworkLayout {
  const balanced = place(network, options);
  // Places aligned to one side give straighter ways, but they stretch frames.
  if (network.frames.length > 0) return balanced;
  const aligned = place(network, { ...options, align: "UR" });
  return bends(aligned, options) < bends(balanced, options) ? aligned : balanced;
}

/** How many arrows of the longest way do not go straight. */
function bends({ arrows }: NetworkLayout, { direction }: LayoutOptions): number {
  const across = direction === "down" ? 0 : 1;
  return arrows.filter(({ main, points }) =>
    main && Math.abs(points[0]![across]! - points.at(-1)![across]!) > 1
  ).length;
}

function place(
  network: NetworkGraph,
  { direction, sizeOf, align }: LayoutOptions & { readonly align?: "UR" },
): NetworkLayout {
  const graph = new Graph({ compound: true });
  graph.setGraph({
    rankdir: direction === "down" ? "TB" : "LR",
    nodesep: 26,
    edgesep: 12,
    ranksep: 34,
    ...(align ? { align } : {}),
  });
  for (const { id } of network.frames) graph.setNode(id, {});
  for (const box of network.boxes) graph.setNode(box.id, { ...sizeOf(box) });
  for (const { id, frame } of [...network.frames, ...network.boxes]) {
    if (frame !== null) graph.setParent(id, frame);
  }
  // Heavier arrows are kept shorter and straighter.
  for (const { from, to, main } of network.arrows) {
    graph.setEdge(from, to, { weight: main ? 8 : 1 });
  }
  layout(graph);
  const boxes = network.boxes.map((box) => ({ ...box, ...placeOf(graph.node(box.id)) }));
  const byId = new Map(boxes.map((box) => [box.id, box]));
  return fit({
    boxes,
    frames: network.frames.map((frame) => ({ ...frame, ...placeOf(graph.node(frame.id)) })),
    arrows: network.arrows.map((arrow) => {
      const { points } = graph.edge(arrow.from, arrow.to) as { points: readonly Place[] };
      const between = points.slice(1, -1).map(({ x, y }): Point => [x, y]);
      const start = sideOf(byId.get(arrow.from) as Place, direction, 1);
      const end = sideOf(byId.get(arrow.to) as Place, direction, -1);
      return { ...arrow, points: [start, ...between, end] };
    }),
  });
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function placeOf({ x, y, width, height }: Place): Place {
  return { x, y, width, height };
}

/** The middle of the side that looks to the output (1) or to the input (-1). */
function sideOf({ x, y, width, height }: Place, direction: Direction, towards: 1 | -1): Point {
  return direction === "down" ? [x, y + towards * height / 2] : [x + towards * width / 2, y];
}

/** Moves everything into the picture: arrows may go around all boxes. */
function fit(placed: Omit<NetworkLayout, "width" | "height">): NetworkLayout {
  const { boxes, frames, arrows } = placed;
  const corners = [...boxes, ...frames].flatMap(({ x, y, width, height }): Point[] => [
    [x - width / 2, y - height / 2],
    [x + width / 2, y + height / 2],
  ]);
  const points = [...corners, ...arrows.flatMap(({ points }) => points)];
  const low = [0, 1].map((axis) => Math.min(...points.map((point) => point[axis]!)) - margin);
  const high = [0, 1].map((axis) => Math.max(...points.map((point) => point[axis]!)) + margin);
  const [left, top] = low as [number, number];
  const move = <Thing extends Place>(thing: Thing): Thing => ({
    ...thing,
    x: thing.x - left,
    y: thing.y - top,
  });
  return {
    width: high[0]! - left,
    height: high[1]! - top,
    boxes: boxes.map(move),
    frames: frames.map(move),
    arrows: arrows.map((arrow) => ({
      ...arrow,
      points: arrow.points.map(([x, y]): Point => [x - left, y - top]),
    })),
  };
}
