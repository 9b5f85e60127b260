/**
 * How large data sets are, for planning without them: as published, or as they would be drawn.
 *
 * @module
 */
import { dataSource } from "lib/data/mod.ts";
import type { LabelScheme, SizeProfile } from "lib/data/clip.ts";
import { expectedSets } from "lib/data/expected.ts";
import { labelSchemes } from "lib/data/labels.ts";
import { recordings } from "lib/data/synthetic/recordings.ts";
import type { SetName } from "lib/data/synthetic/recording.ts";
import { setShapes } from "lib/data/synthetic/sets.ts";

/** A data set in numbers. */
export interface KnownSet {
  readonly clips: number;
  readonly subjects: number;
  readonly classes: number;
  /** Where the numbers are from, to be read after "counted". */
  readonly from: string;
}

/** The frames of a set of clips; means over its clips. */
export interface FrameSizes {
  readonly clips: number;
  /** From onset to offset. */
  readonly frames: number;
  /** All that is recorded. */
  readonly recorded: number;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
}

const databases: Readonly<Record<string, SetName>> = {
  "smic-hs": "smic",
  "samm": "samm",
  "casme2": "casme2",
  "synthetic-smic": "smic",
  "synthetic-samm": "samm",
  "synthetic-casme2": "casme2",
};

/** Whether a set is drawn and not filmed. */
export function isDrawn(name: string): boolean {
  return name.startsWith("synthetic-");
}

/**
 * What is known of a set that is not looked at.
 *
 * @param labels how emotions become classes
 * @param size of a drawn set
 * @returns nothing where nothing is known
 */
export async function knownSet(
  name: string,
  { labels, size }: { readonly labels: LabelScheme; readonly size: SizeProfile },
): Promise<KnownSet | undefined> {
  if (name === "megc2019-flow") {
    return { clips: 442, subjects: 68, classes: 3, from: "as MEGC 2019 published it" };
  }
  const set = databases[name];
  if (set === undefined) return undefined;
  const source = dataSource(name);
  if (isDrawn(name) && source.kind === "clips") {
    const { clips, subjects, classes } = await source.glance("", { labels, size });
    return { clips, subjects, classes: classes.length, from: "as it would be drawn" };
  }
  const { classes, classOf, excluded = {} } = labelSchemes[set][labels];
  const { emotions, subjects, subjectsOf } = expectedSets[set];
  const clips = Object.entries(emotions)
    .reduce((sum, [emotion, count]) => sum + (emotion in classOf ? count : 0), 0);
  return {
    clips: clips - Object.keys(excluded).length,
    subjects: subjectsOf?.[labels] ?? subjects,
    classes: classes.length,
    from: "as its authors published it",
  };
}

/**
 * The frames of a set of clips. Of filmed ones, which are not looked at, those of the drawn set that has their
 * shape.
 */
export function frameSizes(name: string, size: SizeProfile): FrameSizes | undefined {
  const set = databases[name];
  if (set === undefined) return undefined;
  const made = recordings(set, isDrawn(name) ? size : "paper");
  const mean = (of: (one: typeof made[number]) => number) =>
    made.reduce((sum, one) => sum + of(one), 0) / made.length;
  const { width, height } = setShapes[set].sizes[isDrawn(name) ? size : "paper"];
  return {
    clips: made.length,
    frames: mean(({ onset, offset }) => offset - onset + 1),
    recorded: mean(({ frameCount }) => frameCount),
    width,
    height,
    channels: setShapes[set].channels,
  };
}
