/**
 * Support vector machines beside scikit-learn's.
 *
 * @module
 */
import { join } from "@std/path";
import { rng } from "lib/core/rng.ts";
import { kernelMatrix } from "lib/features/kernels.ts";
import { type SvmOptions, trainSvm } from "lib/features/svm.ts";
import { compare, millisecondsOf } from "./compare.ts";
import { type DescriptorPlace, largestDifference, readDoubles } from "./descriptors_clips.ts";
import type { Comparison } from "./preprocessing_table.ts";

/** Clips to train on and to predict: a fold of SMIC, and one of three databases together. */
const folds = [{ train: 150, test: 14 }, { train: 430, test: 12 }] as const;
/** Features of LBP-TOP with 5×5 blocks of 16 bins in three planes. */
const columns = 1200;
const costs = [-5, -3, -1, 1, 3, 5].map((power) => 2 ** power);

/** Compares on a kernel matrix and on the features themselves, with six values of C. */
export async function compareSvm(place: DescriptorPlace): Promise<Comparison[]> {
  const rows: Comparison[] = [];
  for (const fold of folds) {
    const { features, labels } = drawFold(fold);
    const train = features.slice(0, fold.train);
    const matrix = kernelMatrix(features, train, { kind: "linear" });
    const size = `${fold.train} clips of 3 classes, ${costs.length} values of C`;
    rows.push(
      ...await compareRows(
        { what: `SVM on a kernel matrix, ${size}`, rows: matrix, kernel: "precomputed" },
        { ...fold, labels },
        place,
      ),
      ...await compareRows(
        { what: `SVM on ${columns} features, ${size}`, rows: features, kernel: "linear" },
        { ...fold, labels },
        place,
      ),
    );
  }
  return rows;
}

interface Task {
  readonly what: string;
  /** Of the training clips, then of the others. */
  readonly rows: readonly Float64Array[];
  readonly kernel: "precomputed" | "linear";
}

interface Fold {
  readonly train: number;
  readonly test: number;
  readonly labels: readonly number[];
}

async function compareRows(
  { what, rows, kernel }: Task,
  { train, test, labels }: Fold,
  { peers, folder, rounds }: DescriptorPlace,
): Promise<Comparison[]> {
  const [file, out] = [join(folder, "rows.f64"), join(folder, "decisions.f64")];
  await Deno.writeFile(file, new Uint8Array(Float64Array.from(rows.flatMap((r) => [...r])).buffer));
  const job = { do: "svc", rows: file, out, kernel, train, test, labels, costs };
  const decide = async () => {
    const decisions: number[][][] = [];
    for (const C of costs) {
      const options: SvmOptions = { kernel: { kind: kernel }, C };
      const model = await trainSvm(rows.slice(0, train), labels, options);
      decisions.push(model.decide(rows.slice(train)));
    }
    return decisions.flat(2);
  };
  return await compare({
    what,
    unit: "ms",
    ours: () => millisecondsOf(decide),
    rivals: [{
      beside: `${peers.title("scikit-learn")} (pip)`,
      missing: peers.missing("NumPy", "scikit-learn"),
      run: async () => Number((await peers.ask(job)).ms),
      note: async () => `decisions: ${largestDifference(await decide(), await readDoubles(out))}`,
    }],
  }, rounds);
}

/** Histograms of 16 bins with a small part that depends on the class. */
function drawFold({ train, test }: { readonly train: number; readonly test: number }) {
  const stream = rng(1, "bench", "histograms", train);
  const labels = Array.from({ length: train + test }, (_, i) => i % 3);
  const features = labels.map((label) => {
    const row = Float64Array.from(
      { length: columns },
      (_, bin) => stream.next() + (bin % 3 === label ? 0.15 : 0),
    );
    return row.map((value) => value / 8);
  });
  return { features, labels: labels.slice(0, train) };
}
