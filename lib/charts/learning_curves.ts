/**
 * The learning curves of the rows of a table, a panel each.
 *
 * @module
 */
import type { TopLevelSpec } from "vega-lite";
import type { LearningCurve } from "lib/results/curves.ts";
import { plural } from "lib/results/format.ts";
import { base, type Chart, fill, titled } from "./chart.ts";

const kinds = ["training clips", "held-out clips"] as const;

/**
 * Losses over epochs of one fold of each row: a line for the training clips, a dashed one for the held-out
 * clips. A panel has axes of its own, since networks are trained for different things.
 *
 * @throws RangeError when there is no curve
 */
export function learningCurves(curves: readonly LearningCurve[]): Chart {
  const [first] = curves;
  if (first === undefined) throw new RangeError("There are no curves to draw");
  const text = `Learning curves on ${first.data}${first.synthetic ? " (synthetic)" : ""}`;
  const notes = [
    ...(first.synthetic ? ["synthetic data: this says nothing about faces"] : []),
    "one fold, seed 1; the held-out loss is looked at, and nothing is chosen by it",
  ];
  const spec = {
    ...base,
    ...titled(text, notes),
    columns: 3,
    align: "all",
    concat: curves.map((curve) => ({
      title: {
        text: curve.title,
        subtitle: `${curve.fold} left out, ${plural(curve.heldOut, "clip")}`,
        ...{ fontSize: 12, offset: 6 },
      },
      ...{ width: 190, height: 110 },
      data: {
        values: kinds.flatMap((kind, k) =>
          (k === 0 ? curve.loss : curve.heldOutLoss).map((loss, i) => ({
            ...{ kind, epoch: i + 1, loss },
          }))
        ),
      },
      mark: { type: "line", color: fill.dark },
      encoding: {
        x: { field: "epoch", type: "quantitative", title: "epoch", axis: { tickCount: 4 } },
        y: { field: "loss", type: "quantitative", title: "loss (nats)", axis: { tickCount: 4 } },
        strokeDash: {
          field: "kind",
          type: "nominal",
          title: null,
          scale: { domain: kinds, range: [[1, 0], [4, 3]] },
        },
      },
    })),
  };
  const ends = (values: readonly number[]) =>
    `${values[0]!.toPrecision(3)} to ${values.at(-1)!.toPrecision(3)}, least ${
      Math.min(...values).toPrecision(3)
    }`;
  const said = curves.map(({ title, fold, loss, heldOutLoss, hits, heldOut }) =>
    `${title}, ${fold} left out, ${plural(loss.length, "epoch")}: training loss ${ends(loss)}; ` +
    `held-out loss ${ends(heldOutLoss)}; at the end ${hits.at(-1)} of ${heldOut} right`
  );
  return {
    spec: spec as unknown as TopLevelSpec,
    alt: [`${text}.`, ...notes, ...said].join("\n"),
  };
}
