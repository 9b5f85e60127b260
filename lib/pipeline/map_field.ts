/**
 * Flow fields made of flow maps, for methods that look at the flow from onset to apex in its own unit.
 *
 * @module
 */
import { volume } from "lib/core/volume.ts";
import type { Dataset } from "lib/data/types.ts";
import { flowOfMinMaxMap } from "lib/features/min_max_flow.ts";

/**
 * A data set of flow maps as one of fields `[height, width, 3]`: u and v about their zero level, and
 * strain, as far as {@linkcode flowOfMinMaxMap} has them back. The fields are as small as the maps, and
 * their unit differs from clip to clip.
 */
export function mapFields(dataset: Dataset): Dataset {
  return {
    ...dataset,
    samples: dataset.samples.map((sample) => {
      const { u, v, strain, width, height } = flowOfMinMaxMap(sample.input);
      const data = new Float32Array(3 * u.length);
      for (let i = 0; i < u.length; i++) data.set([u[i]!, v[i]!, strain[i]!], 3 * i);
      return { ...sample, input: volume(data, [height, width, 3]) };
    }),
  };
}
