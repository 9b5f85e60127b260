/**
 * A network as boxes and arrows, before they have a place.
 *
 * @module
 */
import type { Block, Shape } from "lib/blocks/block.ts";
import { cost, type PartCost } from "lib/blocks/cost.ts";
import { isWired, type Wired } from "lib/blocks/graph.ts";

/** A part of a network. */
export interface NetworkBox {
  /** The path of its node, such as `rc1.cube3`; `input` for the input. */
  readonly id: string;
  /** The node's own name. */
  readonly name: string;
  readonly outputShape: Shape;
  readonly parameters: number;
  readonly kind: "input" | "block" | "merge";
  /** The id of the frame that it stands in; null for the drawing itself. */
  readonly frame: string | null;
}

/** A node that is drawn with the nodes inside it. */
export interface NetworkFrame {
  readonly id: string;
  readonly name: string;
  readonly frame: string | null;
}

/** What one box hands to another. */
export interface NetworkArrow {
  readonly from: string;
  readonly to: string;
  /** Whether it is on the longest way from the input to the output. */
  readonly main: boolean;
}

/** All that is drawn; boxes come after those that feed them. */
export interface NetworkGraph {
  readonly boxes: readonly NetworkBox[];
  readonly frames: readonly NetworkFrame[];
  readonly arrows: readonly NetworkArrow[];
}

/**
 * The boxes of a network.
 *
 * @param open paths of nodes that are drawn with their insides, such as `rc1`; what is in another one
 * needs that one open too
 * @throws RangeError when a node to open does not exist or has no inside, or the network cannot take the
 * shape
 */
export function networkGraph(
  network: Block & Wired,
  inputShape: Shape,
  open: readonly string[] = [],
): NetworkGraph {
  const input: NetworkBox = {
    id: "input",
    name: "input",
    outputShape: inputShape,
    parameters: 0,
    kind: "input",
    frame: null,
  };
  const drawing: Drawing = { boxes: [input], frames: [], arrows: [], open };
  addNodes(drawing, network, {
    path: null,
    sources: new Map([[network.inputs[0] as string, "input"]]),
    rows: cost(network, inputShape),
  });
  const unknown = open.find((id) => !drawing.frames.some((frame) => frame.id === id));
  if (unknown !== undefined) throw new RangeError(`There is no node '${unknown}' to open`);
  const { boxes, frames, arrows } = drawing;
  return { boxes, frames, arrows: markMain(boxes, arrows) };
}

interface Drawing {
  readonly boxes: NetworkBox[];
  readonly frames: NetworkFrame[];
  readonly arrows: Omit<NetworkArrow, "main">[];
  readonly open: readonly string[];
}

interface Inside {
  readonly path: string | null;
  /** Box by the name of an input or a node here. */
  readonly sources: Map<string, string>;
  readonly rows: readonly PartCost[];
}

/** Adds the nodes of a graph; returns the box of its output. */
function addNodes(drawing: Drawing, { nodes }: Wired, inside: Inside): string {
  const { path, sources, rows } = inside;
  for (const { name, from, part, kind } of nodes) {
    const id = path === null ? name : `${path}.${name}`;
    const fed = from.map((source) => sources.get(source) as string);
    if (isWired(part) && drawing.open.includes(id)) {
      drawing.frames.push({ id, name, frame: path });
      const inner = new Map(part.inputs.map((input, i) => [input, fed[i] as string]));
      sources.set(name, addNodes(drawing, part, { path: id, sources: inner, rows }));
      continue;
    }
    const own = rows.filter((row) => row.name === id || row.name.startsWith(`${id}.`));
    drawing.boxes.push({
      id,
      name,
      outputShape: (own.at(-1) as PartCost).outputShape,
      parameters: own.reduce((sum, { parameters }) => sum + parameters, 0),
      kind,
      frame: path,
    });
    for (const source of new Set(fed)) drawing.arrows.push({ from: source, to: id });
    sources.set(name, id);
  }
  return sources.get((nodes.at(-1) as Wired["nodes"][number]).name) as string;
}

/** Marks the longest way to the last box; of several, the one through what was named first. */
function markMain(boxes: readonly NetworkBox[], arrows: Drawing["arrows"]): NetworkArrow[] {
  const length = new Map<string, number>();
  const before = new Map<string, string>();
  for (const { id } of boxes) {
    for (const { from } of arrows.filter(({ to }) => to === id)) {
      const far = (length.get(from) as number) + 1;
      if (far <= (length.get(id) ?? 0)) continue;
      length.set(id, far);
      before.set(id, from);
    }
    if (!length.has(id)) length.set(id, 0);
  }
  const way = new Set<string>();
  for (let id = boxes.at(-1)?.id; id !== undefined; id = before.get(id)) way.add(id);
  return arrows.map(({ from, to }) => ({
    from,
    to,
    main: way.has(to) && before.get(to) === from,
  }));
}
