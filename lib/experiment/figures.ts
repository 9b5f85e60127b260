/**
 * Figures of the paper that show rows of a table over several data sets.
 *
 * @module
 */

/** A figure: which rows it shows, and the notebook that draws it. */
export interface Figure {
  readonly table: string;
  readonly rows: readonly string[];
  /** Below `notebooks`, without its ending; its parameter `data` names a data set or a group of them. */
  readonly notebook: string;
}

/** The figures by name. */
export const figures: Readonly<Record<string, Figure>> = {
  fig10: { table: "table1", rows: ["ms-resnet3d"], notebook: "figures/confusion" },
  fig11: {
    table: "ablation",
    rows: ["frames", "flow", "attention", "spatial", "temporal"],
    notebook: "figures/ablation",
  },
  curves: {
    table: "table1",
    rows: [
      ..."lgccon c3d off-apex-net dual-inception capsule-net rcn slstt ms-resnet3d".split(" "),
      ..."stst-net strcn-g htnet".split(" "),
    ],
    notebook: "figures/curves",
  },
};
