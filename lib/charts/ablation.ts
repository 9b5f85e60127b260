/**
 * The ablation of the paper's figure 11 as bars, with what each step adds beside them.
 *
 * @module
 */
import type { TopLevelSpec } from "vega-lite";
import type { Ablation } from "lib/results/ablation.ts";
import { nameOf, paperGain, points, sizeOf } from "lib/results/ablation_text.ts";
import { range, score } from "lib/results/format.ts";
import { scoreTitles } from "lib/results/scores.ts";
import { gainPanel, gainScales, labelOf, stepAxis } from "./ablation_gains.ts";
import { base, type Chart, fill, titled } from "./chart.ts";

/**
 * A panel a data set and protocol: on the left the score of each step as a bar with its 95 % interval over
 * subjects; on the right what the step adds to the one before it in percentage points, with its paired
 * interval, and as diamonds what the paper says that it adds, hollow where its procedure looks at the
 * held-out labels. The paper's marks never stand among the bars: it does not print those numbers.
 *
 * @throws RangeError when there is nothing to draw, or the ablations are of several scores
 */
export function ablationBars(ablations: readonly Ablation[]): Chart {
  const [first] = ablations;
  if (first === undefined) throw new RangeError("There are no results to draw");
  if (ablations.some((one) => one.score !== first.score)) {
    throw new RangeError("Cannot draw several scores in one chart");
  }
  const title = scoreTitles[first.score];
  const text = `Ablation: ${title} of each step, and what it adds`;
  const notes = ablations.flatMap(({ cautions }) => cautions);
  const subtitle = [
    ...notes,
    "left: ours with 95 % interval over subjects; right: gain over the step before, paired interval",
  ];
  const scales = gainScales(ablations);
  const spec = {
    ...base,
    ...titled(text, subtitle),
    vconcat: ablations.map((one) => ({
      title: {
        ...{ text: nameOf(one), subtitle: sizeOf(one), fontSize: 12, offset: 6 },
        // Starts where the bars do, which is the same place in all panels.
        frame: "group",
      },
      hconcat: [barPanel(one), gainPanel(one, scales)],
      spacing: 22,
    })),
    spacing: 26,
  };
  return { spec: spec as unknown as TopLevelSpec, alt: describe(ablations, text) };
}

function barPanel({ bars, score: name }: Ablation): Record<string, unknown> {
  const y = stepAxis(bars, true);
  const values = bars.map((bar) => ({
    step: labelOf(bar),
    value: bar.value.estimate,
    low: bar.value.low,
    high: bar.value.high,
    label: score(bar.value.estimate),
  }));
  const x = {
    field: "value",
    type: "quantitative",
    title: scoreTitles[name],
    scale: { domain: [0, 1] },
  };
  return {
    data: { values },
    width: 260,
    height: { step: 28 },
    layer: [
      {
        mark: { type: "bar", height: { band: 0.62 }, color: fill.ours, stroke: fill.dark },
        encoding: { y, x },
      },
      {
        mark: { type: "rule", color: fill.ink, strokeWidth: 2 },
        encoding: { y, x: { field: "low", type: "quantitative" }, x2: { field: "high" } },
      },
      {
        mark: { type: "text", align: "left", dx: 6, fontSize: 11, color: fill.ink },
        encoding: { y, x: { datum: 1, type: "quantitative" }, text: { field: "label" } },
      },
    ],
  };
}

function describe(ablations: readonly Ablation[], title: string): string {
  const notes = new Set(ablations.flatMap(({ cautions }) => cautions));
  const lines = ablations.flatMap((one) => [
    `${nameOf(one)}, ${sizeOf(one)}:`,
    ...one.bars.map((bar) => {
      const { value, gain, paper } = bar;
      const between = gain?.interval
        ? ` (${points(gain.interval.low)} to ${points(gain.interval.high)})`
        : "";
      return `${labelOf(bar)}: ${score(value.estimate)}, ${range(value)}` +
        (gain ? `; gain ${points(gain.estimate)}${between} points` : "") +
        (paper.length > 0 ? `; paper, gain: ${paper.map(paperGain).join(", ")} points` : "");
    }),
  ]);
  return [`${title}.`, ...notes, ...lines].join("\n");
}
