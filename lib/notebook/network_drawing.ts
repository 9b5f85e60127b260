/**
 * A network drawn as boxes and arrows.
 *
 * @module
 */
import type { Block, Shape } from "lib/blocks/block.ts";
import type { Wired } from "lib/blocks/graph.ts";
import { type NetworkBox, type NetworkGraph, networkGraph } from "./network_graph.ts";
import {
  type Direction,
  layOut,
  type NetworkLayout,
  type Placed,
  type Point,
} from "./network_layout.ts";
import { escapeHtml, showSvg } from "./show.ts";

/** How a network is drawn. */
export interface DrawingOptions {
  /** Nodes that are drawn with their insides, by their paths, such as `rc1`; default none. */
  readonly open?: readonly string[];
  /** Where the output is, seen from the input; default `down`. */
  readonly direction?: Direction;
  /** What the drawing is called in words; default `Network`. */
  readonly title?: string;
}

/** A drawing and the same in words. */
export interface NetworkDrawing {
  readonly svg: string;
  readonly alt: string;
}

/**
 * Draws a network: a box a node with its name, the shape that it hands on and how many numbers it learns;
 * an arrow from each node that feeds it, the longest way from input to output bold and in a line; round,
 * dark boxes where several inputs merge.
 *
 * @throws RangeError as `networkGraph`
 */
export function networkDrawing(
  network: Block & Wired,
  inputShape: Shape,
  { open = [], direction = "down", title = "Network" }: DrawingOptions = {},
): NetworkDrawing {
  const graph = networkGraph(network, inputShape, open);
  const alt = inWords(graph, title);
  const svg = toSvg(layOut(graph, { direction, sizeOf }), { direction, alt });
  return { svg, alt };
}

/** Shows {@linkcode networkDrawing}. */
export async function showNetworkDrawing(
  network: Block & Wired,
  inputShape: Shape,
  options: DrawingOptions = {},
): Promise<void> {
  const { svg, alt } = networkDrawing(network, inputShape, options);
  await showSvg(svg, alt);
}

const font = "DejaVu Sans, Verdana, sans-serif";
const ink = "#1a1a1a";
const looks = {
  input: { fill: "white", stroke: "#666", text: ink, radius: 18 },
  block: { fill: "#dbe9f6", stroke: "#08519c", text: ink, radius: 4 },
  fixed: { fill: "white", stroke: "#08519c", text: ink, radius: 4 },
  merge: { fill: "#08519c", stroke: "#08306b", text: "white", radius: 18 },
} as const;

function lookOf({ kind, parameters }: NetworkBox): typeof looks[keyof typeof looks] {
  return kind === "block" && parameters === 0 ? looks.fixed : looks[kind];
}

/** What a box says: its name, what it hands on, what it learns. */
function linesOf({ name, outputShape, parameters }: NetworkBox): string[] {
  return [name, outputShape.join("×"), ...(parameters > 0 ? [shortCount(parameters)] : [])];
}

/** A count of parameters with three digits. */
export function shortCount(count: number): string {
  const [value, unit] = count >= 999_500
    ? [count / 1e6, " M"]
    : count >= 1000
    ? [count / 1e3, " k"]
    : [count, ""];
  const digits = unit === "" || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return `${value.toFixed(digits)}${unit} learned`;
}

function sizeOf(box: NetworkBox): { width: number; height: number } {
  const lines = linesOf(box);
  const text = Math.max(...lines.map(({ length }, i) => (i === 0 ? 8.2 : 6.7) * length));
  return { width: Math.max(96, Math.ceil(text) + 22), height: 14 + 14 * lines.length };
}

function toSvg(
  { width, height, boxes, frames, arrows }: NetworkLayout,
  { direction, alt }: { readonly direction: Direction; readonly alt: string },
): string {
  const said = escapeHtml(alt.split("\n")[0] as string);
  const [w, h] = [Math.ceil(width), Math.ceil(height)];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}" ` +
    `viewBox="0 0 ${w} ${h}" role="img" aria-label="${said}" font-family="${font}" ` +
    `style="max-width:100%;height:auto"><title>${said}</title>` +
    `<rect width="${w}" height="${h}" fill="white"/>` +
    frames.map(frameSvg).join("") +
    // The main way lies above the others.
    [...arrows].sort((a, b) => Number(a.main) - Number(b.main))
      .map((arrow) => arrowSvg(arrow, direction)).join("") +
    boxes.map(boxSvg).join("") + "</svg>";
}

function frameSvg(frame: NetworkLayout["frames"][number]): string {
  const { x, y, width, height, name } = frame;
  const [left, top] = [x - width / 2, y - height / 2];
  return `<rect x="${round(left)}" y="${round(top)}" width="${round(width)}" ` +
    `height="${round(height)}" rx="8" fill="#f6f6f6" stroke="#999" stroke-dasharray="5 4"/>` +
    `<g paint-order="stroke" stroke="#f6f6f6" stroke-width="6">` +
    textSvg([left + 12, top + 4], name, { fill: "#444", anchor: "start", bold: true }) + "</g>";
}

function boxSvg(box: Placed<NetworkBox>): string {
  const { x, y, width, height, id } = box;
  const { fill, stroke, text, radius } = lookOf(box);
  const lines = linesOf(box);
  const first = y - 7 * (lines.length - 1) + 4;
  const texts = lines.map((line, i) =>
    textSvg([x, first + 14 * i], line, { fill: text, anchor: "middle", bold: i === 0 })
  );
  const said = `${id}: ${lines.slice(1).join(", ")}`;
  return `<g><title>${escapeHtml(said)}</title>` +
    `<rect x="${round(x - width / 2)}" y="${round(y - height / 2)}" width="${round(width)}" ` +
    `height="${round(height)}" rx="${radius}" fill="${fill}" stroke="${stroke}" ` +
    `stroke-width="1.2"/>${texts.join("")}</g>`;
}

interface TextLook {
  readonly fill: string;
  readonly anchor: "start" | "middle";
  readonly bold: boolean;
}

function textSvg([x, y]: Point, text: string, { fill, anchor, bold }: TextLook): string {
  const weight = bold ? ` font-weight="bold"` : "";
  return `<text x="${round(x)}" y="${round(y)}" font-size="${bold ? 12 : 10.5}" fill="${fill}" ` +
    `text-anchor="${anchor}"${weight}>${escapeHtml(text)}</text>`;
}

/** A curve through the points that leaves and arrives along the direction, with a head at its end. */
function arrowSvg(
  { points, main }: NetworkLayout["arrows"][number],
  direction: Direction,
): string {
  const [colour, strokeWidth] = main ? [ink, 2] : ["#777", 1.2];
  const [x, y] = points.at(-1) as Point;
  const [long, half] = [8, 4];
  const [neck, corners]: [Point, Point[]] = direction === "down"
    ? [[x, y - long], [[x - half, y - long], [x + half, y - long]]]
    : [[x - long, y], [[x - long, y - half], [x - long, y + half]]];
  const line = [...points.slice(0, -1), neck];
  const curves = line.slice(1).map((point, i) => {
    const before = line[i] as Point;
    const bend = direction === "down"
      ? [[before[0], (before[1] + point[1]) / 2], [point[0], (before[1] + point[1]) / 2]] as const
      : [[(before[0] + point[0]) / 2, before[1]], [(before[0] + point[0]) / 2, point[1]]] as const;
    return `C${at(bend[0])} ${at(bend[1])} ${at(point)}`;
  });
  return `<path d="M${at(line[0] as Point)}${curves.join("")}" fill="none" stroke="${colour}" ` +
    `stroke-width="${strokeWidth}"/>` +
    `<path d="M${at([x, y])}L${corners.map(at).join("L")}Z" fill="${colour}"/>`;
}

function at([x, y]: Point): string {
  return `${round(x)} ${round(y)}`;
}

function round(value: number): number {
  return Math.round(10 * value) / 10;
}

function inWords({ boxes, arrows }: NetworkGraph, title: string): string {
  const total = boxes.reduce((sum, { parameters }) => sum + parameters, 0);
  const lines = boxes.map((box) => {
    const from = arrows.filter(({ to }) => to === box.id).map((arrow) => arrow.from);
    const fed = from.length > 0 ? `, from ${from.join(" and ")}` : "";
    return `${box.id}: ${linesOf(box).slice(1).join(", ")}${fed}`;
  });
  return [`${title}: ${total.toLocaleString("en")} learned numbers.`, ...lines].join("\n");
}
