/**
 * Small clips with a texture that moves, for tests of descriptors and of the methods that use them.
 *
 * @module
 */
import { type Rng, rng } from "lib/core/rng.ts";
import { volume } from "lib/core/volume.ts";
import type { Sample } from "lib/data/types.ts";

/** What moves: nothing but noise, everything to the right, everything down. */
export const motions = ["still", "right", "down"] as const;

const [frames, side] = [10, 40];

/**
 * Clips of several subjects, each with a texture of their own, two of each motion a subject.
 *
 * @returns inputs `[10, 40, 40, 1]`, sorted by clip
 */
export function movingClips(subjects: number, seed = 1): Sample[] {
  return Array.from({ length: subjects }, (_, s) => {
    const stream = rng(seed, "subject", s);
    const waves = texture(stream);
    return motions.flatMap((name, label) =>
      [1, 2].map((take): Sample => {
        const speed = 0.4 + 0.4 * stream.next();
        const step: Step = [label === 1 ? speed : 0, label === 2 ? speed : 0];
        const data = film(waves, { step, noise: 0.004, stream });
        return {
          clip: `drawn/s${s}/${name}${take}`,
          subject: `drawn/s${s}`,
          database: "drawn",
          label,
          input: volume(data, [frames, side, side, 1]),
        };
      })
    );
  }).flat().sort((a, b) => (a.clip < b.clip ? -1 : 1));
}

type Wave = readonly [number, number, number];
type Step = readonly [number, number];

function texture(stream: Rng): Wave[] {
  return Array.from({ length: 12 }, () => [
    1.2 * (stream.next() - 0.5),
    1.2 * (stream.next() - 0.5),
    2 * Math.PI * stream.next(),
  ]);
}

interface Film {
  /** Pixels a frame, right and down. */
  readonly step: Step;
  readonly noise: number;
  readonly stream: Rng;
}

function film(waves: readonly Wave[], { step: [right, down], noise, stream }: Film): Float32Array {
  return Float32Array.from({ length: frames * side * side }, (_, i) => {
    const t = Math.floor(i / (side * side));
    const y = Math.floor(i / side) % side - down * t, x = i % side - right * t;
    const sum = waves.reduce((sum, [a, b, phase]) => sum + Math.sin(a * x + b * y + phase), 0);
    return 0.5 + 0.04 * sum + noise * stream.normal();
  });
}
