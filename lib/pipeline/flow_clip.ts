/**
 * Clips made of flow maps, for methods that look at motion over time.
 *
 * @module
 */
import { type Volume, volume } from "lib/core/volume.ts";
import type { Dataset } from "lib/data/types.ts";
import { flowOfMinMaxMap } from "lib/features/min_max_flow.ts";

/**
 * A clip whose flow from the onset grows evenly up to the map: frame t of n is t/n of it.
 *
 * DEVIATION: a method on clips is meant to see how an expression unfolds. Of a clip that is only kept as
 * the flow from onset to apex nothing of that is left, and every expression here unfolds alike; the axis
 * of time is there, and says nothing.
 *
 * @param map `[height, width, 3]` as {@linkcode flowOfMinMaxMap} takes it; strain is left out
 * @returns `[frames, height, width, 2]`
 */
export function evenClip(map: Volume, frames: number): Volume {
  const { u, v, width, height } = flowOfMinMaxMap(map);
  const size = width * height;
  const data = new Float32Array(frames * size * 2);
  for (let t = 1; t <= frames; t++) {
    for (let i = 0; i < size; i++) {
      const at = 2 * ((t - 1) * size + i);
      data[at] = u[i]! * (t / frames);
      data[at + 1] = v[i]! * (t / frames);
    }
  }
  return volume(data, [frames, height, width, 2]);
}

/** A data set of flow maps as one of clips; see {@linkcode evenClip}. */
export function evenClips(dataset: Dataset, frames: number): Dataset {
  return {
    ...dataset,
    channels: dataset.channels.slice(0, 2),
    samples: dataset.samples.map((sample) => ({
      ...sample,
      input: evenClip(sample.input, frames),
    })),
  };
}
