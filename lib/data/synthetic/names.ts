/**
 * Names and numbers as the databases give them.
 *
 * @module
 */
import type { Rng } from "lib/core/rng.ts";
import type { SetName } from "./recording.ts";

const smicCodes: Readonly<Record<string, string>> = {
  negative: "ne",
  positive: "po",
  surprise: "sur",
};

/** The names of one subject's clips, as the set's sheet has them. */
export function clipNames(
  set: SetName,
  subject: string,
  { emotions, stream }: { emotions: readonly string[]; stream: Rng },
): string[] {
  const counts = new Map<string, number>();
  const next = (group: string) => {
    const count = (counts.get(group) ?? 0) + 1;
    counts.set(group, count);
    return count;
  };
  const two = (value: number) => String(value).padStart(2, "0");
  return emotions.map((emotion) => {
    if (set === "smic") {
      const code = smicCodes[emotion]!;
      return `${subject}_${code}_${two(next(code))}`;
    }
    if (set === "samm") {
      const video = String(1 + stream.integer(7));
      return `${subject}_${video}_${next(video)}`;
    }
    const episode = two(1 + stream.integer(19));
    // Most names end in f; a few do not.
    return `EP${episode}_${two(next(episode))}${stream.next() < 0.85 ? "f" : ""}`;
  });
}

/** The number of a clip's first frame. */
export function firstNumber(set: SetName, stream: Rng): number {
  switch (set) {
    case "smic":
      return 1000 + stream.integer(400_000);
    case "samm":
      return 1 + stream.integer(20_000);
    case "casme2":
      return 1 + stream.integer(250);
  }
}
