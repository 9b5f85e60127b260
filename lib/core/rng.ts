/**
 * Seeded random streams. Nothing in the library draws from a global generator: randomness is an
 * argument, and each purpose has a stream of its own, so that adding a draw in one place does not
 * shift the numbers in another.
 *
 * @module
 */
import seedrandom from "seedrandom";

/** One stream of random numbers. */
export interface Rng {
  /** The next number in [0, 1). */
  next(): number;
  /** The next integer in [0, n). */
  integer(n: number): number;
  /** The next number of a standard normal distribution (Box-Muller). */
  normal(): number;
  /** A shuffled copy (Fisher-Yates); the argument is left as it is. */
  shuffle<T>(items: readonly T[]): T[];
  /** An integer in [1, 2^31): a seed for TensorFlow operations, where 0 would mean "random". */
  seed(): number;
  /** An independent stream for a purpose; equal paths give equal streams, whatever was drawn. */
  fork(...path: (string | number)[]): Rng;
  /** Where the stream stands, as JSON. */
  save(): RngState;
  /** Puts a stream of the same seed and path where {@linkcode save} found it. */
  restore(state: RngState): void;
}

/** Where a stream stands. */
export interface RngState {
  readonly generator: seedrandom.State.Alea;
  /** The second number of the last pair of normal ones, if it was not drawn yet. */
  readonly spare: number | null;
}

/**
 * Opens the stream of a seed and a path, such as `rng(1, "table1", "fold", 3, "shuffle")`.
 *
 * @throws RangeError when the seed is not an integer of at least 1
 */
export function rng(seed: number, ...path: (string | number)[]): Rng {
  if (!Number.isSafeInteger(seed) || seed < 1) {
    throw new RangeError(`Cannot open a random stream: seed must be an integer >= 1, got ${seed}`);
  }
  // JSON keeps ("a", "b") and ("a,b"), and 1 and "1", apart.
  const name = JSON.stringify([seed, ...path]);
  let generator = seedrandom.alea(name, { state: true });
  const next = (): number => generator();
  const integer = (n: number): number => Math.floor(next() * n);
  let spare: number | undefined;
  return {
    next,
    integer,
    normal() {
      if (spare !== undefined) {
        const value = spare;
        spare = undefined;
        return value;
      }
      const radius = Math.sqrt(-2 * Math.log(1 - next()));
      const angle = 2 * Math.PI * next();
      spare = radius * Math.sin(angle);
      return radius * Math.cos(angle);
    },
    shuffle<T>(items: readonly T[]): T[] {
      const copy = [...items];
      for (let i = copy.length - 1; i > 0; i--) {
        const j = integer(i + 1);
        [copy[i], copy[j]] = [copy[j] as T, copy[i] as T];
      }
      return copy;
    },
    seed: () => 1 + integer(2 ** 31 - 1),
    fork: (...more) => rng(seed, ...path, ...more),
    save: () => ({ generator: generator.state(), spare: spare ?? null }),
    restore(state) {
      generator = seedrandom.alea(name, { state: state.generator });
      spare = state.spare ?? undefined;
    },
  };
}
