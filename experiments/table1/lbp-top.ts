/**
 * LBP-TOP: local binary patterns on three orthogonal planes of a clip of grey frames, with an SVM.
 *
 * The paper gives no settings for this row. The defaults, and so the profile `demo`, are those of the MEGC
 * 2019 organisers' baseline; the profile `paper` has the strongest ones published for LBP-TOP on these data
 * sets, of the baseline in Guo, Liang, Zhan, Liu, Pietikäinen, Liu: Extended local binary patterns for
 * efficient and robust spontaneous facial micro-expression recognition, IEEE Access 7 (2019), but for its
 * magnification (`magnify`). There all patterns did better than the uniform ones, which the organisers do
 * not say; `codes` has both.
 */
import type { Experiment } from "lib/experiment/types.ts";

export const experiment = {
  id: "lbp-top",
  table: "table1",
  title: "LBP-TOP",
  paper: { row: "LBP-TOP" },
  source:
    "Zhao, Pietikäinen: Dynamic texture recognition using local binary patterns with an application " +
    "to facial expressions. IEEE TPAMI 29(6) (2007) 915-928",
  method: "lbp-top",
  input: "grey-clip",
  parameters: {
    keyFrames: {
      type: "integer",
      default: 10,
      min: 3,
      max: 128,
      unit: "frames",
      doc: "Length of the clip that the method sees (MEGC 2019: 10)",
    },
    keyFrameRule: {
      type: "choice",
      default: "interpolated",
      choices: ["slices", "uniform", "interpolated"],
      doc: "Which frames: made by the temporal interpolation model, at equal distances, or by " +
        "spatio-temporal slices (equation 3.1)",
    },
    radiusX: { type: "integer", default: 1, min: 1, max: 16, unit: "pixels", doc: "Radius in x" },
    radiusY: { type: "integer", default: 1, min: 1, max: 16, unit: "pixels", doc: "Radius in y" },
    radiusT: {
      type: "integer",
      default: 4,
      min: 1,
      max: 16,
      unit: "frames",
      doc: "Radius in time",
    },
    neighboursXY: { type: "integer", default: 4, min: 2, max: 12, doc: "Neighbours in a frame" },
    neighboursXT: { type: "integer", default: 4, min: 2, max: 12, doc: "Neighbours in x and time" },
    neighboursYT: { type: "integer", default: 4, min: 2, max: 12, doc: "Neighbours in y and time" },
    codes: {
      type: "choice",
      default: "full",
      choices: ["full", "uniform"],
      doc: "A bin for each pattern, or one for all that change more than twice around the centre",
    },
    blocks: { type: "integer", default: 5, min: 1, max: 32, doc: "Blocks a side (MEGC 2019: 5)" },
    blockTimes: { type: "integer", default: 1, min: 1, max: 32, doc: "Blocks in time" },
    overlap: {
      type: "number",
      default: 0,
      min: 0,
      max: 0.95,
      doc: "Share of its side that a block has in common with the next one",
    },
    scaling: {
      type: "choice",
      default: "none",
      choices: ["none", "standardised"],
      doc: "Histograms as they are, or each bin with mean 0 and variance 1 over the training clips",
    },
    kernel: {
      type: "choice",
      default: "linear",
      choices: ["linear", "polynomial", "rbf", "chi-square"],
      doc: "Kernel of the SVM",
    },
    degree: { type: "integer", default: 3, min: 1, max: 10, doc: "Of the polynomial kernel" },
    components: {
      type: "integer",
      default: 0,
      min: 0,
      doc:
        "Whitened principal components of the training clips to use at most (there is one less than " +
        "clips); 0 uses the histograms themselves",
    },
    classWeights: {
      type: "choice",
      default: "none",
      choices: ["none", "balanced"],
      doc: "Cost of errors by class: equal for all clips, or equal in total for all classes",
    },
    innerFolds: {
      type: "integer",
      default: 5,
      min: 2,
      doc: "Folds of the training subjects on which C is chosen",
    },
  },
  profiles: {
    demo: {},
    paper: {
      radiusX: 3,
      radiusY: 3,
      radiusT: 3,
      neighboursXY: 8,
      neighboursXT: 8,
      neighboursYT: 8,
      blocks: 8,
      blockTimes: 2,
      components: 1000,
    },
  },
} as const satisfies Experiment;
