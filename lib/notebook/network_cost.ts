/**
 * What training a network costs on several machines, as a table.
 *
 * @module
 */
import { type Machine, type PaperCost, trainingHours } from "lib/networks/training_cost.ts";
import { type NumberTable, showNumberTable, threeDigits, whole } from "./network_table.ts";

/**
 * The costs with the hours that each machine takes. Hours come from FLOPs and speed alone: they are
 * calculated, not measured.
 *
 * @throws RangeError when there are no costs or a machine has no speed
 */
export function costTable(
  costs: readonly PaperCost[],
  machines: readonly Machine[],
): NumberTable {
  const [first] = costs;
  if (first === undefined) throw new RangeError("There are no costs to show");
  const { forward, step } = first.cost;
  const rows = costs.map(({ set, holdOut, copies, cost }) => [
    `${set.name} (${set.clips} clips)`,
    ...[`a ${holdOut}`, `×${copies}`, whole(cost.folds)],
    threeDigits(cost.epoch / 1e12),
    threeDigits(cost.fold / 1e15),
    threeDigits(cost.protocol / 1e18),
    ...machines.map((machine) => threeDigits(trainingHours(cost, machine))),
  ]);
  return {
    columns: [
      ...["data", "left out", "copies", "folds"],
      ...["TFLOPs an epoch", "PFLOPs a fold", "EFLOPs in all"],
      ...machines.map(({ name }) => `hours, ${name}`),
    ],
    rows: [...rows, ...sums(costs, machines)],
    notes: [
      `One clip forth: ${threeDigits(forward / 1e9)} GFLOPs; a step forth and back over a batch: ` +
      `${threeDigits(step / 1e12)} TFLOPs (two for each multiply-add; T 10¹², P 10¹⁵, E 10¹⁸). ` +
      "Epochs and folds are means over the folds. Calculated, not measured.",
      ...machines.map(({ name, gflops, basis, nodes = 1 }) =>
        `${name}: ${threeDigits(gflops)} GFLOP/s${
          nodes > 1 ? ` on each of ${nodes} nodes` : ""
        }, ` +
        `${basis}${nodes > 1 ? `; the longest of them takes ceil(folds / ${nodes}) folds` : ""}.`
      ),
    ],
    left: 2,
  };
}

/** All data sets together, for each way to hold out and number of copies. */
function sums(costs: readonly PaperCost[], machines: readonly Machine[]): string[][] {
  const ways = Map.groupBy(costs, ({ holdOut, copies }) => `${holdOut} ${copies}`);
  return [...ways.values()].filter((group) => group.length > 1).map((group) => {
    const sum = (of: (one: PaperCost) => number) => group.reduce((all, one) => all + of(one), 0);
    const { holdOut, copies } = group[0] as PaperCost;
    return [
      `all ${group.length} (${sum(({ set }) => set.clips)} clips)`,
      ...[`a ${holdOut}`, `×${copies}`, whole(sum(({ cost }) => cost.folds)), "", ""],
      threeDigits(sum(({ cost }) => cost.protocol) / 1e18),
      ...machines.map((machine) => threeDigits(sum(({ cost }) => trainingHours(cost, machine)))),
    ];
  });
}

/** Shows {@linkcode costTable}. */
export async function showCostTable(
  costs: readonly PaperCost[],
  machines: readonly Machine[],
): Promise<void> {
  await showNumberTable(costTable(costs, machines));
}
