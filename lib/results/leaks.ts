/**
 * The ways in which a result knows more of its held-out clips than one of `strict` does.
 *
 * @module
 */
import type { Parameters } from "lib/experiment/types.ts";

/** One such way: a switch of the protocol `paper`. */
interface Leak {
  /** The parameter, as the command line names it. */
  readonly parameter: string;
  /** The value that lets it in. */
  readonly value: string;
  /** What happened, as readers are told. */
  readonly what: string;
  /** Whether it needs a network of several heads. */
  readonly heads?: true;
}

/** All of them; `strict` refuses each. */
export const leaks: readonly Leak[] = [
  {
    parameter: "split",
    value: "leave-one-clip-out",
    what: "other clips of the held-out subject were trained on",
  },
  {
    parameter: "augment",
    value: "before-split",
    what: "copies of held-out clips were trained on",
  },
  {
    parameter: "headSelection",
    value: "oracle",
    what: "each clip's label selected its best head",
    heads: true,
  },
  {
    parameter: "epochSelection",
    value: "best-held-out",
    what: "held-out labels selected each fold's best epoch",
  },
  {
    parameter: "fitOn",
    value: "all-clips",
    what: "what needs no labels was fitted on held-out clips too",
  },
];

/**
 * What a run with these parameters lets in.
 *
 * @param heads whether the predictions have several heads
 */
export function leaksOf(parameters: Parameters, heads: boolean): string[] {
  return leaks
    .filter((leak) => parameters[leak.parameter] === leak.value && (heads || !leak.heads))
    .map(({ what }) => what);
}
