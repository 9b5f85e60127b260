/**
 * Finding the face and its 68 landmarks beside dlib.
 *
 * @module
 */
import { join } from "@std/path";
import { availableRoute, openFaceFinder } from "lib/face/face.ts";
import { findModelFile, openModel } from "lib/face/model.ts";
import { predict } from "lib/face/regressor.ts";
import type { Frame } from "lib/preprocess/frame.ts";
import { type BenchPlace, compare, millisecondsOf } from "./compare.ts";
import { drawnPeople } from "./drawn_clips.ts";
import type { Comparison } from "./preprocessing_table.ts";

/** The points within twice dlib's time. Detectors differ, and ours runs once a clip: it has no goal. */
const goal = 0.5;
const people = 6;

/** What dlib answers for a frame. */
interface Answer {
  readonly ms: number;
  readonly points_ms: number;
  /** Left, top, right and bottom pixel. */
  readonly box: readonly [number, number, number, number];
  readonly points: readonly number[];
}

/** A frame, and its job for `preprocessing.py`. */
interface Task {
  readonly frame: Frame;
  readonly ask: () => Promise<Answer>;
}

/** Compares on drawn people: detector and points together, then the points in dlib's own boxes. */
export async function compareFace(place: BenchPlace): Promise<Comparison[]> {
  const model = await findModelFile();
  const tasks = await Promise.all(
    drawnPeople(people).map((recording, i) =>
      openTask(recording.frame(recording.onset), `face${i}`, place, model)
    ),
  );
  const missing = place.peers.missing("NumPy", "dlib") ??
    (model === undefined ? "dlib's landmark model is not here (run `deno task setup`)" : undefined);
  const beside = { beside: `${place.peers.title("dlib")} (pip)`, missing };
  const rows = await compareFinders(tasks, beside, place.rounds);
  if (model === undefined) return rows;
  return [...rows, ...await comparePoints(tasks, { ...beside, model }, place.rounds)];
}

interface Beside {
  readonly beside: string;
  readonly missing: string | undefined;
}

async function openTask(
  frame: Frame,
  name: string,
  { folder, peers }: BenchPlace,
  model: string | undefined,
): Promise<Task> {
  const file = join(folder, `${name}.u8`);
  await Deno.writeFile(file, Uint8Array.from(frame.data));
  const { width, height } = frame;
  const job = { do: "face", frame: file, width, height, model };
  return { frame, ask: async () => await peers.ask(job) as unknown as Answer };
}

/** Milliseconds a frame of dlib's. */
async function meanAnswer(tasks: readonly Task[], field: "ms" | "points_ms"): Promise<number> {
  let sum = 0;
  for (const { ask } of tasks) sum += (await ask())[field];
  return sum / tasks.length;
}

async function compareFinders(
  tasks: readonly Task[],
  beside: Beside,
  rounds: number,
): Promise<Comparison[]> {
  const finder = await openFaceFinder(await availableRoute());
  try {
    return await compare({
      what: `face and 68 landmarks by ${finder.route}, 640×480`,
      unit: "ms",
      ours: async () =>
        await millisecondsOf(async () => {
          for (const { frame } of tasks) await finder.find(frame);
        }) / tasks.length,
      rivals: [{
        ...beside,
        run: () => meanAnswer(tasks, "ms"),
        async note() {
          let sum = 0;
          for (const { frame, ask } of tasks) {
            const face = await finder.find(frame);
            const { points } = await ask();
            sum += face === undefined ? NaN : differenceBetween(face.landmarks, points);
          }
          const percent = (100 * sum / tasks.length).toFixed(1);
          return `points ${percent} % of the distance of the eyes from dlib's`;
        },
      }],
    }, rounds);
  } finally {
    finder.close();
  }
}

async function comparePoints(
  tasks: readonly Task[],
  { model, ...beside }: Beside & { readonly model: string },
  rounds: number,
): Promise<Comparison[]> {
  const { regressor } = await openModel(model);
  const answers = beside.missing === undefined
    ? await Promise.all(tasks.map(({ ask }) => ask()))
    : [];
  const points = () =>
    answers.map(({ box: [left, top, right, bottom] }, i) => {
      const box = { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
      return predict(regressor, tasks[i]!.frame, box);
    });
  return await compare({
    what: "68 landmarks in a given box, 640×480",
    unit: "ms",
    ours: async () => await millisecondsOf(points) / tasks.length,
    rivals: [{
      ...beside,
      goal,
      run: () => meanAnswer(tasks, "points_ms"),
      note() {
        const [ours, theirs] = [points(), answers.map(({ points }) => points)];
        const equal = ours.flatMap((values, i) =>
          [...values].map((value, j) =>
            Math.floor(value + 0.5) === theirs[i]![j]
          )
        ).filter(Boolean).length;
        return `${equal} of ${136 * tasks.length} rounded coordinates equal`;
      },
    }],
  }, rounds);
}

/** The mean distance of two sets of points as a share of the distance between the outer eye corners. */
function differenceBetween(ours: ArrayLike<number>, theirs: ArrayLike<number>): number {
  const distance = (a: ArrayLike<number>, i: number, b: ArrayLike<number>, j: number) =>
    Math.hypot(a[2 * i]! - b[2 * j]!, a[2 * i + 1]! - b[2 * j + 1]!);
  let sum = 0;
  for (let i = 0; i < 68; i++) sum += distance(ours, i, theirs, i);
  return sum / 68 / distance(theirs, 36, theirs, 45);
}
