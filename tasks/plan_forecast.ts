/**
 * The dry run of `deno task reproduce`: looks at each row, and says at the end what all of them will take.
 *
 * @module
 */
import type { Experiment } from "lib/experiment/types.ts";
import { openCostModel } from "lib/plan/model.ts";
import { type Outline, outlineRun } from "lib/plan/outline.ts";
import { predict } from "lib/plan/predict.ts";
import type { Plan, PlanCall } from "lib/run/plan.ts";
import { readTimings } from "lib/run/timings.ts";
import { placesOf, planJson, planReport } from "./plan_report.ts";
import type { Order } from "./reproduce_flags.ts";

/** A dry run under way. */
export interface Forecast {
  /**
   * Looks at a row.
   *
   * @returns its plan, if there is one to tell of
   */
  look(
    experiment: Experiment,
    given: Readonly<Record<string, unknown>>,
    call: PlanCall,
  ): Promise<Plan | undefined>;
  /** Prints what all rows will take, if there is anything left to do. */
  print(): Promise<void>;
}

/** Begins a dry run. */
export function openForecast({ planning, options }: Order): Forecast {
  const outlines: Outline[] = [];
  return {
    async look(experiment, given, call) {
      const outline = await outlineRun(experiment, given, call);
      outlines.push(outline);
      if (planning.json) return undefined;
      if (outline.plan === undefined) console.log(assumedLine(outline));
      return outline.plan;
    },
    async print() {
      const open = outlines.some(({ open, clips }) => open > 0 || clips);
      if (!open && !planning.json) return;
      const model = await openCostModel(await readTimings(options.cache));
      const { workers } = options;
      const call = { model, planning, workers };
      const places = placesOf(call);
      const prediction = await predict(outlines, { model, gpu: planning.gpu, workers, places });
      console.log(
        planning.json
          ? planJson(prediction, call)
          : ["", ...planReport(prediction, call)].join("\n"),
      );
    },
  };
}

function assumedLine({ row, data, clips, open }: Outline): string {
  const work = [
    ...(clips ? [`${clips.count} clips to prepare`] : []),
    `${open} folds to compute`,
  ].join(", ");
  return `${row}: ${work}, if ${data} is as it is known to be`;
}
