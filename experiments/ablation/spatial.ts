/**
 * RC1 to RC3 after blocks 2 to 4: a bar of figure 11.
 */
import type { Experiment } from "lib/experiment/types.ts";
import { demo, paper, parametersWith, source } from "../ms_resnet3d.ts";

export const experiment = {
  id: "spatial",
  table: "ablation",
  title: "+ spatial multi-scale",
  paper: { row: "+ spatial multi-scale" },
  source,
  method: "ms-resnet3d",
  input: "flow-clip",
  parameters: parametersWith({
    attention: true,
    spatialMultiScale: true,
    temporalMultiScale: false,
  }),
  profiles: { demo, paper },
} as const satisfies Experiment;
