/**
 * MS-ResNet3D, the paper's own network: a multi-scale 3D residual network on optical flow over time.
 */
import type { Experiment } from "lib/experiment/types.ts";
import { demo, paper, parametersWith, source } from "../ms_resnet3d.ts";

export const experiment = {
  id: "ms-resnet3d",
  table: "table1",
  title: "MS-ResNet3D",
  paper: { row: "Our" },
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
