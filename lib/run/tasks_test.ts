import assert from "node:assert/strict";
import { join } from "@std/path";
import { UserError } from "lib/core/errors.ts";
import type { FoldJob } from "./jobs.ts";
import { openPool } from "./pool.ts";
import { runTasks, type TaskCall } from "./tasks.ts";
import { ownWorkers, type RunPlace, until, withRunPlace } from "./testing.ts";

// A worker whose folds do what their names say. It needs none of the project's modules.
const obedient = `
const say = (message) => console.log(JSON.stringify(message));
const has = (file) => { try { Deno.statSync(file); return true; } catch { return false; } };
const deeds = {
  fine: () => {},
  dies: () => { console.error("no memory left"); Deno.exit(7); },
  stumbles: (file) => {
    if (has(file + ".tried")) return;
    Deno.writeTextFileSync(file + ".tried", "");
    Deno.kill(Deno.pid, "SIGKILL");
  },
  throws: () => { throw new Error("a defect"); },
  refuses: () => { throw Object.assign(new Error("no such clip"), { user: true }); },
  chats: () => { console.log("2026-01-01 a library says hello"); },
};
async function work({ inputs, file }) {
  say({ kind: "progress", share: 0.5 });
  await new Promise((resolve) => setTimeout(resolve, 30));
  try {
    await deeds[inputs.fold.split(" ")[0]](file);
    Deno.writeTextFileSync(file, String(Deno.pid));
    say({ kind: "done" });
  } catch (error) {
    say({ kind: "failed", message: error.message, user: error.user === true });
  }
}
let rest = "", queue = Promise.resolve();
for await (const text of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
  const lines = (rest + text).split("\\n");
  rest = lines.pop();
  for (const line of lines) queue = queue.then(() => work(JSON.parse(line)));
}
Deno.exit(0);
`;

interface Outcome {
  readonly error: Error | undefined;
  /** Fold → the process that wrote it. */
  readonly written: ReadonlyMap<string, string>;
}

/** Runs folds named after what their worker shall do. */
async function runFolds(
  { folder }: RunPlace,
  folds: readonly string[],
  { workers = 2, ...call }: TaskCall & { readonly workers?: number } = {},
): Promise<Outcome> {
  const worker = join(folder, "worker.ts");
  await Deno.writeTextFile(worker, obedient);
  const jobs = folds.map((fold): FoldJob => ({
    inputs: {
      seed: 1,
      fold,
      input: "apex-flow",
      method: "none",
      parameters: {},
      data: { name: "none", digest: "" },
      code: {},
      environment: {},
    },
    file: join(folder, fold),
  }));
  const pool = openPool(workers);
  const kind = { name: "test", isa: "avx2", worker } as const;
  const tasks = jobs.map((job) => ({ kind, job, name: `fold ${job.inputs.fold}` }));
  const error = await runTasks(pool, tasks, call)
    .then(() => undefined, (error: Error) => error)
    .finally(pool.close);
  const written = new Map<string, string>();
  for (const { inputs, file } of jobs) {
    const writer = await Deno.readTextFile(file).catch(() => undefined);
    if (writer !== undefined) written.set(inputs.fold, writer);
  }
  await until("no worker is left", () => ownWorkers().length === 0, 5);
  return { error, written };
}

const five = Array.from({ length: 5 }, (_, i) => `fine ${i}`);

Deno.test("runTasks() keeps as many workers as asked for, and never more than folds", async () => {
  await withRunPlace(async (place) => {
    for (const [workers, processes] of [[1, 1], [2, 2], [9, 5]] as const) {
      const { error, written } = await runFolds(place, five, { workers });
      assert.equal(error, undefined);
      assert.deepEqual([...written.keys()], five);
      assert.equal(new Set(written.values()).size, processes);
    }
  });
});

Deno.test("runTasks() tells how many folds are done, never backwards, and the shares of others", async () => {
  await withRunPlace(async (place) => {
    const heard: [number, readonly number[]][] = [];
    await runFolds(place, five, { onProgress: (done, running) => heard.push([done, running]) });
    const counts = heard.map(([done]) => done);
    assert.deepEqual(counts, counts.toSorted((a, b) => a - b));
    assert.deepEqual(heard.at(-1), [5, []]);
    assert.ok(heard.some(([, running]) => running.includes(0.5)));
    assert.ok(heard.every(([, running]) => running.length <= 2));
  });
});

Deno.test("runTasks() replaces a worker that was killed and tries its fold again", async () => {
  await withRunPlace(async (place) => {
    const { error, written } = await runFolds(place, ["stumbles", ...five], { workers: 1 });
    assert.equal(error, undefined);
    assert.equal(written.size, 6);
  });
});

Deno.test("runTasks() gives a fold up that ends its worker three times, and does the others", async () => {
  await withRunPlace(async (place) => {
    const { error, written } = await runFolds(place, ["dies", ...five]);
    assert.ok(error && !(error instanceof UserError));
    assert.match(
      error.message,
      /^1 of 6 jobs failed:\nfold dies: the worker died 3 times .*no memory left/,
    );
    assert.deepEqual([...written.keys()], five);
  });
});

Deno.test("runTasks() names folds that fail, the first five with their messages", async () => {
  await withRunPlace(async (place) => {
    const bad = Array.from({ length: 7 }, (_, i) => `throws ${i}`);
    const { error, written } = await runFolds(place, [...bad, "fine"], { workers: 1 });
    const lines = error?.message.split("\n") ?? [];
    assert.equal(lines[0], "7 of 8 jobs failed:");
    assert.equal(lines[1], "fold throws 0: a defect");
    assert.equal(lines.at(-1), "and 2 more");
    assert.equal(lines.length, 7);
    assert.deepEqual([...written.keys()], ["fine"]);
  });
});

Deno.test("runTasks() stops at an error that the user can mend", async () => {
  await withRunPlace(async (place) => {
    const { error, written } = await runFolds(place, ["fine", "refuses", ...five], { workers: 1 });
    assert.ok(error instanceof UserError);
    assert.equal(error.message, "no such clip");
    assert.deepEqual([...written.keys()], ["fine"]);
  });
});

Deno.test("runTasks() passes over what a library prints between the messages", async () => {
  await withRunPlace(async (place) => {
    const { error, written } = await runFolds(place, ["chats", "fine"], { workers: 1 });
    assert.equal(error, undefined);
    assert.equal(written.size, 2);
  });
});
