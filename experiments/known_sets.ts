/**
 * How many clips of each class publications have, by database; the paper's own choice first. Others are
 * those under which numbers of the same databases are printed.
 *
 * @module
 */
import type { KnownSet } from "lib/audit/granularity.ts";

/** By data set. */
export const knownSets: Readonly<Record<string, readonly KnownSet[]>> = {
  "smic-hs": [
    { name: "the paper (section 4.1)", classes: { negative: 70, positive: 51, surprise: 43 } },
  ],
  "samm": [
    {
      name: "the paper (section 4.1)",
      classes: { negative: 92, positive: 26, surprise: 15, other: 26 },
    },
    {
      name: "five classes",
      classes: { anger: 57, other: 26, happiness: 26, surprise: 15, contempt: 12 },
    },
    { name: "MEGC 2019", classes: { negative: 92, positive: 26, surprise: 15 } },
  ],
  "casme2": [
    {
      name: "the paper (section 4.1)",
      classes: { negative: 63, positive: 32, surprise: 25, other: 126 },
    },
    {
      name: "all rows of the sheet",
      classes: {
        others: 99,
        disgust: 63,
        happiness: 32,
        repression: 27,
        surprise: 25,
        sadness: 7,
        fear: 2,
      },
    },
    { name: "MEGC 2019", classes: { negative: 88, positive: 32, surprise: 25 } },
  ],
};
