/**
 * The work of a reproduction in its order: clips, folds, notebooks, summaries. Everything that can be done
 * is offered to one pool of workers, so that cores are busy until nothing is left.
 *
 * @module
 */
import { join, relative } from "@std/path";
import { exitCode, UserError } from "lib/core/errors.ts";
import { root } from "lib/experiment/find.ts";
import type { SizeProfile } from "lib/data/clip.ts";
import { type ClipTask, clipTasks, prepareClips } from "lib/run/clip_jobs.ts";
import { clipFacts, type Facts, foldFacts } from "lib/run/facts.ts";
import { computeFolds, openFolds } from "lib/run/folds.ts";
import type { FoldJob } from "lib/run/jobs.ts";
import { Dropped, type Pool } from "lib/run/pool.ts";
import { planRun } from "lib/run/plan.ts";
import type { Readers } from "lib/run/readers.ts";
import { damageNote } from "lib/run/run.ts";
import { timingKey } from "lib/run/timings.ts";
import type { Workload } from "lib/run/workload.ts";
import type { Shard } from "./executor_flags.ts";
import type { ProgressLine } from "./progress_board.ts";
import {
  labelOf,
  type RowStep,
  rowStep,
  runStep,
  type Step,
  type StepCall,
  summaryStep,
} from "./steps.ts";

/** What the rows of a run share. */
export interface RowsCall extends StepCall {
  readonly table: string;
  readonly pool: Pool;
  readonly work: Workload;
  readonly readers: Readers;
  /** The only folds to compute; then no notebook is run. */
  readonly only?: (job: FoldJob) => boolean;
  /** The part of the clips to begin with. */
  readonly shard?: Shard;
}

/** The kind under which notebooks are timed. */
export const notebooks = "notebook";

/** Tells the workload what a row leaves to do. */
export function expectRow(
  { plan }: RowStep,
  { work, only }: Pick<RowsCall, "work" | "only">,
): void {
  if (only === undefined) work.add(notebooks, 1);
  if (plan === undefined) return;
  for (const job of openFolds(plan)) {
    if (only?.(job) ?? true) work.add(timingKey(job.inputs), 1);
  }
}

/** What the kinds of work are that rows are timed by, for the cost model. */
export function factsOf(rows: readonly RowStep[]): Record<string, Facts> {
  const facts: Record<string, Facts> = {};
  for (const [data, own] of Map.groupBy(rows, ({ data }) => data)) {
    const plans = own.flatMap(({ plan }) => plan ?? []);
    for (const plan of plans) facts[timingKey(plan.jobs[0]!.inputs)] = foldFacts(plan);
    const open = plans.flatMap(({ clips }) => clips && clips.open.length > 0 ? [clips] : []);
    const size = plans[0]?.parameters.profile as SizeProfile;
    const clips = clipFacts(open, size);
    if (clips) facts[clipKind(data)] = clips;
  }
  return facts;
}

function clipKind(data: string): string {
  return `clips of ${data}`;
}

/** What is known while rows run. */
interface Running extends RowsCall {
  /** Folds that are being computed, by file: several rows may want the same. */
  readonly computing: Map<string, Promise<void>>;
  /** The first error that stopped everything. */
  cause?: unknown;
  /** The largest exit code so far. */
  code: number;
}

/**
 * Runs rows, and the summary of each data set after the last of its rows.
 *
 * A fold that fails leaves its row without a notebook, and the others go on; what the user has to mend
 * stops everything.
 *
 * @returns an exit code; what went wrong is printed
 * @throws UserError for what the user has to mend
 */
export async function runRows(rows: readonly RowStep[], call: RowsCall): Promise<number> {
  const running: Running = { ...call, computing: new Map(), code: exitCode.ok };
  const bySet = [...Map.groupBy(rows, ({ data }) => data)];
  await Promise.all(bySet.map(([data, rows]) => runSet(data, rows, running)));
  call.signal?.throwIfAborted();
  if (running.cause !== undefined) throw running.cause;
  return running.code;
}

async function runSet(data: string, rows: readonly RowStep[], running: Running): Promise<void> {
  let ready = rows;
  const prepared = await succeeds(running, async () => {
    ready = await withClips(data, rows, running);
    return exitCode.ok;
  });
  if (!prepared) return;
  const ended = await Promise.all(
    ready.map((row) => succeeds(running, () => runRow(row, running))),
  );
  const { table, options, board, only } = running;
  if (!ended.every(Boolean) || only) return;
  await succeeds(running, async () => {
    const code = await inPlace(await summaryStep(table, data, options), running);
    const file = join(options.results, data, table, "summary.md");
    if (code === exitCode.ok) board.say(`see ${relative(root, file)}`);
    return code;
  });
}

/** Does something that returns an exit code or throws; keeps how it ended, and says whether it was well. */
async function succeeds(running: Running, work: () => Promise<number>): Promise<boolean> {
  try {
    const code = await work();
    running.code = Math.max(running.code, code);
    return code === exitCode.ok;
  } catch (error) {
    if (!(error instanceof Dropped)) {
      running.cause ??= error;
      // Others would only meet what comes of stopping in the middle.
      running.pool.drop();
    }
    return false;
  }
}

/** Prepares what the rows of a set need of its clips, each clip once for all rows. */
async function withClips(
  data: string,
  rows: readonly RowStep[],
  running: RowsCall,
): Promise<readonly RowStep[]> {
  const { shard } = running;
  if (shard === undefined) return await prepared(data, rows, running, (open) => open);
  const begun = await prepared(data, rows, running, (open) => partOfClips(open, rows, shard));
  // Every part needs all clips: those that the others have not prepared by now are prepared here too.
  return await prepared(data, begun, running, (open) => open);
}

/** The rows with some of the clips that they have open prepared. */
async function prepared(
  data: string,
  rows: readonly RowStep[],
  { pool, work, board, options, readers }: RowsCall,
  pick: (open: readonly ClipTask[]) => readonly ClipTask[],
): Promise<readonly RowStep[]> {
  const tasks = pick(clipTasks(rows.flatMap(({ plan }) => plan?.clips ?? [])));
  if (tasks.length === 0) return rows;
  const kind = clipKind(data);
  work.add(kind, tasks.length);
  const line = board.start(kind, false);
  const state = { title: kind, total: tasks.length, unit: "clips", cached: 0, secondsLeft: null };
  try {
    await prepareClips(tasks, pool, {
      onDone: (seconds, fresh) => work.done(kind, seconds, fresh),
      onProgress: (done, { length: running }) => line.show({ ...state, done, running }),
    });
  } catch (error) {
    line.failed();
    throw error;
  }
  line.done();
  return await Promise.all(
    rows.map((row) => row.plan?.clips ? rowStep(row.run, { ...options, ...readers }) : row),
  );
}

/** Every n-th clip of the set, whichever are open by now. */
function partOfClips(
  open: readonly ClipTask[],
  rows: readonly RowStep[],
  { part, of }: Shard,
): ClipTask[] {
  const names = rows.flatMap(({ plan }) => plan?.clips?.set.clips.map(({ clip }) => clip) ?? []);
  const mine = new Set([...new Set(names)].filter((_, i) => i % of === part - 1));
  return open.filter(({ clip }) => mine.has(clip.clip));
}

async function runRow(row: RowStep, running: Running): Promise<number> {
  const { pool, work, board, computing, only, options, readers } = running;
  const plan = row.plan ?? (only && await planRun(row.run.experiment, row.run.given, {
    ...options,
    ...readers,
  }));
  const open = plan === undefined ? [] : openFolds(plan).filter((job) => only?.(job) ?? true);
  if (plan === undefined || open.length === 0) {
    return only ? exitCode.ok : await inPlace(row, running);
  }
  let line: ProgressLine | undefined;
  const total = only ? plan.finished.size + open.length : plan.jobs.length;
  const cached = plan.finished.size;
  const note = damageNote(plan);
  const show = (done: number, { length: running }: { readonly length: number }) => {
    line ??= board.start(labelOf(row));
    line.show({
      title: labelOf(row),
      done: cached + done,
      total,
      cached,
      running,
      secondsLeft: null,
      ...(note === undefined ? {} : { note }),
    });
  };
  const kind = timingKey(open[0]!.inputs);
  const expected = work.expected(kind);
  try {
    await once(open, computing, (jobs) =>
      computeFolds(plan, jobs, pool, {
        onProgress: show,
        onDone: (seconds, fresh) => work.done(kind, seconds, fresh),
        ...(expected === undefined ? {} : { expected }),
      }));
  } catch (error) {
    line?.failed();
    if (error instanceof Dropped || error instanceof UserError) throw error;
    board.say(`${labelOf(row)}: ${(error as Error).message}`);
    return exitCode.failed;
  }
  if (only === undefined) return await inPlace(row, running, line);
  line?.done();
  return exitCode.ok;
}

/** Computes folds of which none is computed by another row; waits for those that are. */
async function once(
  jobs: readonly FoldJob[],
  computing: Map<string, Promise<void>>,
  compute: (jobs: readonly FoldJob[]) => Promise<void>,
): Promise<void> {
  const others = jobs.filter(({ file }) => computing.has(file));
  const own = jobs.filter(({ file }) => !computing.has(file));
  const work = compute(own);
  for (const { file } of own) computing.set(file, work);
  await Promise.all([work, ...new Set(others.map(({ file }) => computing.get(file)!))]);
}

/** Runs a notebook in a place of the pool. */
export async function inPlace(step: Step, call: RowsCall, line?: ProgressLine): Promise<number> {
  const { pool, work, signal } = call;
  const code = await pool.hold(async () => {
    signal?.throwIfAborted();
    const started = performance.now();
    const code = await runStep(step, call, line);
    work.done(notebooks, (performance.now() - started) / 1000);
    return code;
  });
  if (code === exitCode.usage) pool.drop();
  return code;
}
