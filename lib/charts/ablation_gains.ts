/**
 * What each step of the ablation adds, as marks.
 *
 * @module
 */
import type { Ablation, AblationBar } from "lib/results/ablation.ts";
import { paperGain, points } from "lib/results/ablation_text.ts";
import { fill } from "./chart.ts";

const kinds = {
  ours: "ours, gain",
  synthetic: "ours, gain (synthetic data)",
  paper: "paper, gain (real clips)",
  chosen: "paper, gain (real clips, chosen with held-out labels)",
} as const;

/** How a step is called beside its bar. */
export function labelOf({ title, optimistic }: AblationBar): string {
  return optimistic ? `${title} (optimistic)` : title;
}

/** The axis of steps, which panels side by side share. */
export function stepAxis(bars: readonly AblationBar[], labels: boolean): Record<string, unknown> {
  const axis = labels ? { labelLimit: 0 } : { labels: false, ticks: false };
  return { field: "step", type: "nominal", title: null, sort: bars.map(labelOf), axis };
}

/** A gain that is drawn, in percentage points. */
interface Mark {
  readonly step: string;
  readonly gain: number;
  readonly low?: number;
  readonly high?: number;
  readonly kind: string;
  readonly says: string;
}

function marksOf({ bars, synthetic }: Ablation): { ours: Mark[]; paper: Mark[] } {
  const ours = bars.flatMap((bar): Mark[] => {
    const { gain } = bar;
    if (gain === null) return [];
    const { interval } = gain;
    return [{
      step: labelOf(bar),
      gain: 100 * gain.estimate,
      ...(interval ? { low: 100 * interval.low, high: 100 * interval.high } : {}),
      kind: synthetic ? kinds.synthetic : kinds.ours,
      says: points(gain.estimate),
    }];
  });
  const paper = bars.flatMap((bar) =>
    bar.paper.map((gain): Mark => ({
      step: labelOf(bar),
      gain: gain.points,
      kind: gain.selectsOnTestFold ? kinds.chosen : kinds.paper,
      says: paperGain(gain),
    }))
  );
  return { ours, paper };
}

/** What the panels of gains share. */
export interface GainScales {
  /** The kinds of marks that occur, in the order of the legend. */
  readonly kinds: readonly string[];
  /** Percentage points from and to. */
  readonly x: readonly [number, number];
}

/** The scales of panels that are to be compared. */
export function gainScales(ablations: readonly Ablation[]): GainScales {
  const marks = ablations.flatMap((one) => Object.values(marksOf(one)).flat());
  const ends = marks.flatMap(({ gain, low = gain, high = gain }) => [gain, low, high]);
  const [low, high] = [Math.min(-2, ...ends), Math.max(6, ...ends)];
  const room = 0.04 * (high - low);
  return {
    kinds: Object.values(kinds).filter((kind) => marks.some((mark) => mark.kind === kind)),
    x: [low - room, high + room],
  };
}

/** A panel of gains: ours with their paired intervals as circles, the paper's as diamonds. */
export function gainPanel(one: Ablation, scales: GainScales): Record<string, unknown> {
  const y = stepAxis(one.bars, false);
  const { ours, paper } = marksOf(one);
  const x = {
    field: "gain",
    type: "quantitative",
    title: "gain, percentage points",
    scale: { domain: scales.x, nice: false },
  };
  return {
    // A row for each bar, also for those without a gain, so that both panels have the same rows.
    data: { values: one.bars.map((bar) => ({ step: labelOf(bar), zero: 0 })) },
    width: 280,
    height: { step: 28 },
    layer: [
      {
        mark: { type: "tick", thickness: 1, color: "#777", height: 28 },
        encoding: { y, x: { ...x, field: "zero" } },
      },
      {
        data: { values: ours.filter(({ low }) => low !== undefined) },
        mark: { type: "rule", color: fill.ink, strokeWidth: 2 },
        encoding: { y, x: { ...x, field: "low" }, x2: { field: "high" } },
      },
      {
        data: { values: [...ours, ...paper] },
        mark: { type: "point", size: 90, stroke: fill.ink, strokeWidth: 1.6, opacity: 1 },
        encoding: {
          y,
          x,
          ...markLooks(scales.kinds),
          tooltip: [{ field: "kind" }, { field: "says" }],
        },
      },
      {
        data: { values: ours },
        mark: { type: "text", dy: -10, fontSize: 9, color: fill.ink },
        encoding: { y, x, text: { field: "says" } },
      },
    ],
  };
}

/** Circles for ours, diamonds for the paper's. */
function markLooks(domain: readonly string[]): Record<string, unknown> {
  const isPaper = (kind: string) => kind === kinds.paper || kind === kinds.chosen;
  const look = (of: (kind: string) => string) => ({
    field: "kind",
    type: "nominal",
    title: null,
    legend: { orient: "bottom", direction: "vertical", labelLimit: 0 },
    scale: { domain, range: domain.map(of) },
  });
  return {
    shape: look((kind) => (isPaper(kind) ? "diamond" : "circle")),
    fill: look((kind) => kind === kinds.chosen ? "white" : isPaper(kind) ? fill.ink : fill.ours),
  };
}
