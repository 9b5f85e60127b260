/**
 * The whole network: the stages fused, with a discriminative head each. The same as the row of Table 1; the last bar of figure 11.
 */
import type { Experiment } from "lib/experiment/types.ts";
import { demo, paper, parametersWith, source } from "../ms_resnet3d.ts";

export const experiment = {
  id: "temporal",
  table: "ablation",
  title: "+ temporal multi-scale",
  paper: { row: "+ temporal multi-scale" },
  source,
  method: "ms-resnet3d",
  input: "flow-clip",
  parameters: parametersWith({
    attention: true,
    spatialMultiScale: true,
    temporalMultiScale: true,
  }),
  profiles: { demo, paper },
} as const satisfies Experiment;
