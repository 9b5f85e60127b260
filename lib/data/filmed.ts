/**
 * Licensed sets of clips as entries of the list of data sets.
 *
 * @module
 */
import { findClipFiles } from "./clip_find.ts";
import type { ClipLayout } from "./clip_layout.ts";
import type { ClipRules } from "./clip_sorting.ts";
import { glanceAtClips, soundSet, surveyClips } from "./clip_survey.ts";
import { corrections, knownGaps } from "./corrections.ts";
import { expectedSets } from "./expected.ts";
import { hasClipFolder } from "./frame_folders.ts";
import type { ClipSource } from "./source.ts";

/** Makes the entry of a set that was filmed and lies in its official layout. */
export function filmedSet(
  about: Pick<ClipSource, "name" | "title" | "licence" | "obtain">,
  layout: ClipLayout,
): ClipSource {
  const rules: ClipRules = {
    name: about.name,
    synthetic: false,
    expected: expectedSets[layout.set],
    corrections,
    gaps: knownGaps,
    exclusions: true,
  };
  const survey: ClipSource["survey"] = (folder, options) =>
    surveyClips(folder, layout, rules, options);
  return {
    ...about,
    kind: "clips",
    synthetic: false,
    needsRoot: true,
    hasLayout: (folder) => hasClipFolder(folder, layout.frames.map(({ pattern }) => pattern)),
    async list(folder) {
      const { folders, sheet } = await findClipFiles(folder, layout);
      const frames = folders.flatMap(({ frames }) => frames.map(({ path }) => path));
      return [...frames, ...(sheet === "" ? [] : [sheet])].sort();
    },
    glance: (folder, { labels }) => glanceAtClips(folder, layout, rules, labels),
    survey,
    loadClips: async (folder, options) => soundSet(await survey(folder, options)),
  };
}
