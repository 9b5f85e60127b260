/**
 * What an experiment is: data, not code. Command-line flags, notebook parameters, cache keys and the
 * metadata of result files all derive from these records.
 *
 * @module
 */

/** A value of a parameter. */
export type ParameterValue = string | number | boolean;

/** Resolved parameters of a run. */
export type Parameters = Readonly<Record<string, ParameterValue>>;

/** One parameter: its type, default, range and meaning. */
export type ParameterSpec =
  & { readonly doc: string; readonly unit?: string }
  & (
    | {
      readonly type: "integer" | "number";
      readonly default: number;
      readonly min?: number;
      readonly max?: number;
    }
    | { readonly type: "boolean"; readonly default: boolean }
    | { readonly type: "choice"; readonly default: string; readonly choices: readonly string[] }
    /** A file of weights; `none` for none. */
    | { readonly type: "weights"; readonly default: "none" }
  );

/** A set of parameters by name. */
export type ParameterSchema = Readonly<Record<string, ParameterSpec>>;

/**
 * What a method looks at:
 * - `apex-flow`: one flow map from onset to apex, `[28, 28, 3]` (u, v, strain), scaled map by map as the
 *   published ones are;
 * - `apex-field`: the flow from onset to apex as it was computed, `[side, side, 3]` (u and v in pixels,
 *   strain); of a ready flow map, what can be had back of it;
 * - `flow-clip`: flow to each key frame, `[frames, side, side, 2]`, in pixels; of a ready flow map, the
 *   map grown evenly over time;
 * - `grey-clip`: the key frames themselves, `[frames, side, side, 1]`, 0..1.
 */
export type InputKind = "apex-flow" | "apex-field" | "flow-clip" | "grey-clip";

/**
 * One row of a table or one bar of a figure, JSON-serialisable: `experiments/<table>/<id>.ts` holds
 * it as `export const experiment = {…} as const satisfies Experiment`.
 */
export interface Experiment {
  /** The row's name: the file's name, the notebook's name, the result's name. */
  readonly id: string;
  /** The folder it stands in, such as `table1`. */
  readonly table: string;
  /** How readers know the method, such as `OFF-ApexNet`. */
  readonly title: string;
  /** Its place in the paper, or a reason for a row that the paper does not have. */
  readonly paper: { readonly row: string } | { readonly extra: string };
  /** The publication the method comes from. */
  readonly source: string;
  /** The module in `lib/methods`, such as `off-apex-net` for `off_apex_net.ts`. */
  readonly method: string;
  /** What the method is given for each clip. */
  readonly input: InputKind;
  /** The method's own parameters; the common ones (`data`, `seeds`, …) come on top. */
  readonly parameters: ParameterSchema;
  /** What its originators began with, such as weights of ImageNet; without `weights`, drawn ones here. */
  readonly startsFrom?: string;
  /**
   * What `--protocol paper` means for this row, where its own publication or released code departs from
   * `strict` in a known way; the paper's equation 4.5 where this is left out.
   */
  readonly original?: Parameters;
  /** What a profile changes: sizes and lengths, never code paths. */
  readonly profiles: Readonly<Record<"demo" | "paper", Parameters>>;
}
