/**
 * MS-ResNet3D, the paper's own network: a 3D residual network on optical flow over time, with
 * attention, spatial multi-scale modules, and a fusion of its stages with a discriminative head each.
 *
 * Jin, He, Li, Yang: Mathematical Biosciences and Engineering 21(4) (2024), sections 3.2 to 3.5. Input:
 * `[frames, side, side, channels]`, flow in pixels or grey frames.
 *
 * DEVIATION: the paper does not say how flow is scaled before the network. It is left in pixels, and the
 * normalisation in block 1 takes the scale out.
 *
 * @module
 */
import { msResNet3d } from "lib/networks/ms_resnet3d.ts";
import { network, type NetworkMethod } from "lib/train/network.ts";

/** The network as a method; each part of it is a parameter, since the ablation takes them out. */
export const method: NetworkMethod = network({
  id: "ms-resnet3d",
  build: (classes, parameters) =>
    msResNet3d({
      classes,
      width: Number(parameters.width),
      attention: parameters.attention === true,
      spatialMultiScale: parameters.spatialMultiScale === true,
      temporalMultiScale: parameters.temporalMultiScale === true,
      units: parameters.units === "bottleneck" ? "bottleneck" : "basic",
      stacked: parameters.stackedKernel === "5" ? 5 : 7,
      residual: parameters.residual === true,
      cascade: parameters.cascade === true,
      drop: Number(parameters.drop),
    }),
});
