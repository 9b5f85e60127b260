/**
 * The 3D residual network alone, on the frames themselves: a bar of figure 11.
 */
import type { Experiment } from "lib/experiment/types.ts";
import { demo, paper, parametersWith, source } from "../ms_resnet3d.ts";

export const experiment = {
  id: "frames",
  table: "ablation",
  title: "3D-ResNet",
  paper: { row: "3D-ResNet" },
  source,
  method: "ms-resnet3d",
  input: "grey-clip",
  parameters: parametersWith({
    attention: false,
    spatialMultiScale: false,
    temporalMultiScale: false,
  }),
  profiles: { demo, paper },
} as const satisfies Experiment;
