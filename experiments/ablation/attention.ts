/**
 * Temporal and spatial attention after block 1: a bar of figure 11.
 */
import type { Experiment } from "lib/experiment/types.ts";
import { demo, paper, parametersWith, source } from "../ms_resnet3d.ts";

export const experiment = {
  id: "attention",
  table: "ablation",
  title: "+ attention",
  paper: { row: "+ attention" },
  source,
  method: "ms-resnet3d",
  input: "flow-clip",
  parameters: parametersWith({
    attention: true,
    spatialMultiScale: false,
    temporalMultiScale: false,
  }),
  profiles: { demo, paper },
} as const satisfies Experiment;
