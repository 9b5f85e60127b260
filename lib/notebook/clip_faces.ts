/**
 * The faces of prepared clips, for views that draw on them.
 *
 * @module
 */
import { type Volume, volume } from "lib/core/volume.ts";
import type { LabelScheme, SizeProfile } from "lib/data/clip.ts";
import { loadClipSet } from "lib/data/mod.ts";
import { mapSets } from "lib/experiment/data.ts";
import type { Parameters } from "lib/experiment/types.ts";
import { availableRoute, openFaceFinder } from "lib/face/face.ts";
import { cutFrames } from "lib/pipeline/clip.ts";
import { faceCrop } from "lib/preprocess/crop.ts";

/**
 * The face in the onset frame of each clip, cut out as the pipeline cuts it.
 *
 * @param parameters resolved, of the run that prepared the clips
 * @param clips their ids
 * @returns `[side, side]`, grey 0..1, or nothing for a clip that has no frames or no face
 */
export async function onsetFaces(
  parameters: Parameters,
  clips: readonly string[],
): Promise<(Volume | undefined)[]> {
  if (mapSets.includes(String(parameters.data))) return clips.map(() => undefined);
  const set = await loadClipSet(String(parameters.data), {
    labels: parameters.labels as LabelScheme,
    size: parameters.profile as SizeProfile,
  });
  const finder = await openFaceFinder(await availableRoute());
  try {
    const faces: (Volume | undefined)[] = [];
    for (const id of clips) {
      const clip = set.clips.find((candidate) => candidate.clip === id);
      const face = clip && await finder.find(await clip.frame(clip.onset));
      if (clip === undefined || face === undefined) {
        faces.push(undefined);
        continue;
      }
      const side = Number(parameters.cropSide);
      const cut = { crop: faceCrop(face.landmarks), side, margin: 0 };
      const { data } = await cutFrames(clip, [clip.onset], cut);
      faces.push(volume(data, [side, side]));
    }
    return faces;
  } finally {
    finder.close();
  }
}
