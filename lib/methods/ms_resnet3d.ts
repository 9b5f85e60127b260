/**
 * MS-ResNet3D, the paper's own network: a 3D residual network on optical flow over time, with
 * attention, spatial multi-scale modules, and a fusion of its stages with a discriminative head each.
 *
 * Jin, He, Li, Yang: Mathematical Biosciences and Engineering 21(4) (2024), sections 3.2 to 3.5. Input:
 * `[frames, side, side, channels]`, flow in pixels or grey frames.
 *
 * DEVIATION: the paper does not say how flow is scaled before the network. Each clip is scaled by itself,
 * since people differ in how strongly they show the same; the parameter `clipScale` leaves it in pixels.
 *
 * @module
 */
import { type Volume, volume } from "lib/core/volume.ts";
import { msResNet3d } from "lib/networks/ms_resnet3d.ts";
import { network, type NetworkMethod } from "lib/train/network.ts";

/** The network as a method; each part of it is a parameter, since the ablation takes them out. */
export const method: NetworkMethod = network({
  id: "ms-resnet3d",
  look: (input, { clipScale }) => clipScale === "unit" ? unitClip(input) : input,
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

/**
 * A clip with its root mean square brought to 1, of all its channels together, so that directions stay;
 * grey frames, which have one channel, also get the mean 0. What does not vary becomes 0.
 *
 * @param clip `[frames, height, width, channels]`
 */
export function unitClip({ data, shape }: Volume): Volume {
  const mean = shape.at(-1) === 1 ? data.reduce((sum, x) => sum + x, 0) / data.length : 0;
  const square = data.reduce((sum, x) => sum + (x - mean) ** 2, 0) / data.length;
  const scale = square === 0 ? 0 : 1 / Math.sqrt(square);
  return volume(data.map((x) => (x - mean) * scale), shape);
}
