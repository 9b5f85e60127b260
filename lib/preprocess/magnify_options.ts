/**
 * What magnification is told, and what follows from it: the same for the kernel and for its plain twin.
 *
 * @module
 */
import type { Volume } from "lib/core/volume.ts";

/** How a clip is magnified. */
export type MagnifyOptions =
  & {
    /** How much a change within the band is amplified, on top of itself. */
    readonly alpha: number;
    /** Frames per second. */
    readonly fps: number;
    /**
     * Motion of a shorter wavelength, in pixels, is amplified less: the first-order approximation of
     * equation 3.4 does not hold there. Default 16.
     */
    readonly cutoffWavelength?: number;
    /** Levels of the pyramid; default 5, or as many as leave 4 pixels a side. */
    readonly levels?: number;
  }
  & (
    | {
      /** Keeps the frequencies of [lowHz, highHz] and nothing else, as the paper describes. */
      readonly filter: "ideal";
      readonly lowHz: number;
      readonly highHz: number;
    }
    | {
      /** The difference of two first-order low-passes, which most of the field's code uses. */
      readonly filter: "iir";
      /** Shares of a new frame in the faster and the slower low-pass; default .4 and .05. */
      readonly r1?: number;
      readonly r2?: number;
    }
  );

/** The size of a level, in pixels. */
export interface LevelSize {
  readonly width: number;
  readonly height: number;
}

/** Options with defaults filled in, and the pyramid they give. */
export interface MagnifyPlan {
  readonly frames: number;
  readonly levels: readonly LevelSize[];
  /** One factor a level; 0 for the finest and the coarsest. */
  readonly alphas: readonly number[];
  /** Ideal filter: the frequencies in the band, in cycles a clip; IIR: the two shares. */
  readonly filter:
    | { readonly kind: "ideal"; readonly bins: readonly number[] }
    | { readonly kind: "iir"; readonly r1: number; readonly r2: number };
}

const smallest = 16;

/**
 * Says that a clip holds something else than numbers.
 *
 * @param start the first value of what was found to be wrong
 */
export function notFinite({ data }: Volume, start: number): RangeError {
  const at = start + data.subarray(start).findIndex((value) => !Number.isFinite(value));
  return new RangeError(`The clip has the value ${data[at]} at ${at}`);
}

/**
 * Checks the clip's shape and the options.
 *
 * @throws RangeError naming what is wrong
 */
export function planMagnification(clip: Volume, options: MagnifyOptions): MagnifyPlan {
  const [frames = 0, height = 0, width = 0] = clip.shape;
  if (clip.shape.length !== 3 || frames < 1 || Math.min(height, width) < smallest) {
    throw new RangeError(
      `Cannot magnify [${clip.shape.join(", ")}]: expected [frames, height, width] of at least ` +
        `${smallest} pixels a side`,
    );
  }
  const { alpha, fps, cutoffWavelength = 16 } = options;
  requireIn("alpha", alpha, 0, Infinity);
  requireIn("fps", fps, Number.MIN_VALUE, Infinity);
  requireIn("cutoffWavelength", cutoffWavelength, Number.MIN_VALUE, Infinity);
  const most = Math.floor(Math.log2(Math.min(height, width) / 4)) + 1;
  const count = options.levels ?? Math.min(5, most);
  if (!Number.isInteger(count) || count < 1 || count > most) {
    throw new RangeError(`levels: Expected 1 to ${most} for ${width} × ${height}, got ${count}`);
  }
  const levels = Array.from({ length: count }, (_, k) => ({
    width: Math.ceil(width / 2 ** k),
    height: Math.ceil(height / 2 ** k),
  }));
  return {
    frames,
    levels,
    alphas: alphasOf({ width, height }, count, { alpha, cutoffWavelength }),
    filter: options.filter === "ideal" ? idealPlan(options, frames) : iirPlan(options),
  };
}

function requireIn(name: string, value: number, low: number, high: number): void {
  if (value >= low && value <= high && Number.isFinite(value)) return;
  const range = high === Infinity ? (low > 0 ? "above 0" : `at least ${low}`) : `${low} to ${high}`;
  throw new RangeError(`${name}: Expected ${range}, got ${value}`);
}

/**
 * The factor of each level: α as far as (1 + α) δ < λ / 8 allows, where λ is a representative wavelength
 * of the level, a third of the diagonal for the coarsest and half of it for each finer one, and δ the
 * displacement at which the bound is reached at the cut-off wavelength (Wu et al. 2012, section 4.1 and
 * their published code): fine detail bears less than coarse.
 *
 * DEVIATION: their code then doubles the bound "for better visualization"; flow is not to be exaggerated.
 */
function alphasOf(
  { width, height }: LevelSize,
  count: number,
  { alpha, cutoffWavelength }: { alpha: number; cutoffWavelength: number },
): number[] {
  const wavelength = Math.hypot(width, height) / 3;
  const displacement = cutoffWavelength / 8 / (1 + alpha);
  return Array.from({ length: count }, (_, k) => {
    if (k === 0 || k === count - 1) return 0;
    return Math.max(0, Math.min(alpha, wavelength / 2 ** (count - 1 - k) / (8 * displacement) - 1));
  });
}

function idealPlan(
  { fps, lowHz, highHz }: MagnifyOptions & { filter: "ideal" },
  frames: number,
): MagnifyPlan["filter"] {
  requireIn("lowHz", lowHz, 0, fps / 2);
  requireIn("highHz", highHz, 0, fps / 2);
  if (lowHz >= highHz) {
    throw new RangeError(`lowHz: Expected less than highHz, got ${lowHz} and ${highHz}`);
  }
  const bins = Array.from({ length: (frames >> 1) + 1 }, (_, bin) => bin)
    .filter((bin) => bin * fps / frames >= lowHz && bin * fps / frames <= highHz);
  return { kind: "ideal", bins };
}

function iirPlan(
  { r1 = 0.4, r2 = 0.05 }: MagnifyOptions & { filter: "iir" },
): MagnifyPlan["filter"] {
  requireIn("r1", r1, 0, 1);
  requireIn("r2", r2, 0, 1);
  return { kind: "iir", r1, r2 };
}

/**
 * The ideal filter as two real matrices: `analysis` takes the T frames of a pixel to the cosine and sine
 * parts of each frequency in the band, `synthesis` takes these back to T frames. Together they are a
 * Fourier transform, a mask and the inverse, without computing what the mask removes.
 */
export interface BandMatrices {
  /** Cosine and sine rows of all frequencies. */
  readonly rows: number;
  /** `[rows, frames]`. */
  readonly analysis: Float32Array;
  /** `[frames, rows]`. */
  readonly synthesis: Float32Array;
}

/** The matrices of a band; frequency 0 and the highest of an even clip have no sine. */
export function bandMatrices(bins: readonly number[], frames: number): BandMatrices {
  const waves = bins.flatMap((bin) => {
    const single = bin === 0 || 2 * bin === frames;
    const gain = (single ? 1 : 2) / frames;
    const cosine = { gain, of: (t: number) => Math.cos(2 * Math.PI * bin * t / frames) };
    const sine = { gain, of: (t: number) => Math.sin(2 * Math.PI * bin * t / frames) };
    return single ? [cosine] : [cosine, sine];
  });
  const rows = waves.length;
  const analysis = new Float32Array(rows * frames);
  const synthesis = new Float32Array(rows * frames);
  waves.forEach(({ gain, of }, row) => {
    for (let t = 0; t < frames; t++) {
      analysis[row * frames + t] = of(t);
      synthesis[t * rows + row] = gain * of(t);
    }
  });
  return { rows, analysis, synthesis };
}

/** The ideal filter as the kernel takes it. */
export interface BandWaves {
  /** `[bins, floor(frames / 2) + 1, 2]`: cosine and sine of each frequency at each frame of the first half. */
  readonly waves: Float32Array;
  /** What each frequency's wave counts, in the inverse transform: all but the first and the middle twice. */
  readonly weights: Float32Array;
}

/** The waves of a band; the second half of a clip has the same cosines and the opposite sines. */
export function bandWaves(bins: readonly number[], frames: number): BandWaves {
  const half = (frames >> 1) + 1;
  const waves = new Float32Array(bins.length * half * 2);
  bins.forEach((bin, i) => {
    for (let t = 0; t < half; t++) {
      const angle = 2 * Math.PI * (bin * t % frames) / frames;
      waves.set([Math.cos(angle), Math.sin(angle)], 2 * (i * half + t));
    }
  });
  const weights = Float32Array.from(bins, (bin) => (2 * bin % frames === 0 ? 1 : 2) / frames);
  return { waves, weights };
}
