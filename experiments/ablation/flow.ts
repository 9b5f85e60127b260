/**
 * The 3D residual network on optical flow: a bar of figure 11.
 */
import type { Experiment } from "lib/experiment/types.ts";
import { demo, paper, parametersWith, source } from "../ms_resnet3d.ts";

export const experiment = {
  id: "flow",
  table: "ablation",
  title: "+ optical flow",
  paper: { row: "+ optical flow" },
  source,
  method: "ms-resnet3d",
  input: "flow-clip",
  parameters: parametersWith({
    attention: false,
    spatialMultiScale: false,
    temporalMultiScale: false,
  }),
  profiles: { demo, paper },
} as const satisfies Experiment;
