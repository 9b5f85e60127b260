/**
 * `megc2019-flow`: the clips of the MEGC 2019 composite data set as onset→apex flow maps, in the
 * folder layout that was published with STSTNet and HTNet.
 *
 * `<subject>/u_test/<label>/<clip>.png` holds one clip: 28×28 pixels, one component a channel, each
 * channel scaled to 0..255 by its own minimum and maximum, so magnitudes across clips are lost. In the
 * published folders each subject also has a `u_train` with all other subjects' clips; it is passed
 * over, and so are files that lie beside the subjects' folders.
 *
 * @module
 */
import { join } from "@std/path";
import { DataError } from "lib/core/errors.ts";
import { fileEntry, isFolder, listFiles, mapFiles, readDataFile, treeDigest } from "./files.ts";
import { decodePng } from "./image.ts";
import type { DataSource } from "./source.ts";
import type { Dataset, Sample } from "./types.ts";

/** What red, green and blue mean. */
export const channels: readonly string[] = ["u", "v", "strain"];

/** The classes in the order of the label folders `0`, `1` and `2`. */
export const classes: readonly string[] = ["negative", "positive", "surprise"];

/** The form of a map. */
export const form = { width: 28, height: 28, channels: 3 } as const;

// How the databases name their subjects: CASME II sub01, SMIC s01, SAMM 006.
const databases = { casme2: /^sub\d+$/, smic: /^s\d+$/, samm: /^\d+$/ };

const layout = "<subject>/u_test/<label 0, 1 or 2>/<clip>.png";

/** The data set as an entry of the list. */
export const megc2019Flow: DataSource = {
  name: "megc2019-flow",
  title: "MEGC 2019 composite set, onset→apex flow maps",
  synthetic: false,
  licence: "research use, by agreements for SMIC, CASME II, SAMM",
  obtain: "Apply for SMIC (University of Oulu), CASME II (Chinese Academy of Sciences) and SAMM " +
    "(Manchester Metropolitan University); the flow maps are published by the authors of STSTNet " +
    "and, as the folder 'datasets/three_norm_u_v_os', by those of HTNet",
  needsRoot: true,
  hasLayout,
  list,
  load,
};

async function hasLayout(folder: string): Promise<boolean> {
  // A folder that is not there or cannot be listed has no layout.
  const entries = await Array.fromAsync(Deno.readDir(folder)).catch(() => []);
  for (const { name } of entries) {
    if (await isFolder(join(folder, name, "u_test"))) return true;
  }
  return false;
}

function list(folder: string): Promise<string[]> {
  return listFiles(folder, (path) => !path.includes("/") || /^[^/]+\/u_train\/$/.test(path));
}

async function load(folder: string): Promise<Dataset> {
  const paths = await list(folder);
  // All names are checked before the first image is read.
  const places = paths.map((path) => placeOf(path, folder));
  refuseTwins(places, folder);
  const read = await mapFiles(places, async (place) => {
    const file = join(folder, place.path);
    const bytes = await readDataFile(file);
    return { entry: fileEntry(place.path, bytes), input: decodePng(bytes, file, form) };
  });
  const samples = places.map(({ path: _, ...names }, i): Sample => ({
    ...names,
    input: read[i]!.input,
  }));
  return {
    name: "megc2019-flow",
    synthetic: false,
    classes,
    channels,
    samples: samples.sort((a, b) => (a.clip < b.clip ? -1 : 1)),
    digest: treeDigest(read.map(({ entry }) => entry)),
  };
}

interface Place extends Omit<Sample, "input"> {
  readonly path: string;
}

/** What a file's path says about its clip. */
function placeOf(path: string, folder: string): Place {
  const file = join(folder, path);
  const [name = "", split, label = "", image = "", ...deeper] = path.split("/");
  const database = Object.entries(databases).find(([, pattern]) => pattern.test(name))?.[0];
  if (database === undefined) {
    throw new DataError(`'${name}' is not a subject of CASME II, SMIC or SAMM`, {
      file,
      fix: "Expected a folder such as sub01, s01 or 006; move anything else out of the data set",
    });
  }
  if (split !== "u_test" || image === "" || deeper.length > 0 || !image.endsWith(".png")) {
    throw new DataError("This file does not belong here", {
      file,
      fix: `Expected only ${layout}; move it out of the data set`,
    });
  }
  if (!/^[012]$/.test(label)) {
    throw new DataError(`Label folder '${label}' is not 0, 1 or 2`, {
      file,
      fix: "The classes are 0 negative, 1 positive and 2 surprise; rename or remove the folder",
    });
  }
  // Many published names end in a space, and all repeat the subject.
  const stem = image.slice(0, -".png".length).trim();
  const clip = stem.startsWith(`${name}_`) ? stem.slice(name.length + 1) : stem;
  const subject = `${database}/${name}`;
  return { path, clip: `${subject}/${clip}`, subject, database, label: Number(label) };
}

/** Two files of one clip would give it two votes, or two classes. */
function refuseTwins(places: readonly Place[], folder: string): void {
  const seen = new Map<string, string>();
  for (const { clip, path } of places) {
    const twin = seen.get(clip);
    if (twin !== undefined) {
      throw new DataError(`This is the same clip as '${twin}' (${clip})`, {
        file: join(folder, path),
        fix: "Keep the one that came with the data set",
      });
    }
    seen.set(clip, path);
  }
}
