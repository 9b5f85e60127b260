/**
 * Optimisers: how gradients change parameters.
 *
 * @module
 */
import type { Volume } from "lib/core/volume.ts";
import { hasRawOps } from "./backend.ts";
import { openComposed } from "./optimiser_composed.ts";
import { openFused } from "./optimiser_fused.ts";
import type { Optimiser, OptimiserSettings, OptimiserState } from "./optimiser_settings.ts";

export type { Optimiser, OptimiserSettings, OptimiserState } from "./optimiser_settings.ts";

/**
 * Puts parameters on the backend: on TensorFlow they are resource variables, which its own kernels
 * update in place; elsewhere steps are composed.
 *
 * @param saved what {@linkcode Optimiser.save} gave for parameters of the same shapes, to go on from
 * there; `initial` then only says the shapes
 */
export function openOptimiser(
  settings: OptimiserSettings,
  initial: readonly Volume[],
  saved?: OptimiserState,
): Optimiser {
  return hasRawOps() ? openFused(settings, initial, saved) : openComposed(settings, initial, saved);
}
