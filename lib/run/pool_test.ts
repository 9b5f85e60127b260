import assert from "node:assert/strict";
import { join } from "@std/path";
import { choose, Dropped, openPool } from "./pool.ts";
import { runTasks } from "./tasks.ts";
import { ownWorkers, until, withRunPlace } from "./testing.ts";

/** A worker whose tasks take as many milliseconds as they say, and that logs when they begin. */
const timed = `
let rest = "", queue = Promise.resolve();
async function work({ name, ms, log, megabytes }) {
  Deno.writeTextFileSync(log, name + " " + Deno.pid + "\\n", { append: true });
  await new Promise((resolve) => setTimeout(resolve, ms));
  console.log(JSON.stringify({ kind: "done", megabytes }));
}
for await (const text of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
  const lines = (rest + text).split("\\n");
  rest = lines.pop();
  for (const line of lines) queue = queue.then(() => work(JSON.parse(line)));
}
Deno.exit(0);
`;

Deno.test("openPool() keeps a process at its kind, and shares out the last kind", async () => {
  await withRunPlace(async ({ folder }) => {
    const [worker, log] = [join(folder, "worker.ts"), join(folder, "log")];
    await Deno.writeTextFile(worker, timed);
    const pool = openPool(2);
    // Two short kinds and a long one: a process each, and then a second one for the long kind.
    const tasks = [["a", 4], ["b", 4], ["c", 12]].flatMap(([name, count]) =>
      Array.from({ length: Number(count) }, () => ({
        kind: { name: String(name), isa: "avx2", worker } as const,
        job: { name, ms: 60, log },
        name: String(name),
      }))
    );
    await runTasks(pool, tasks);
    let besides = 0;
    await pool.hold(() => Promise.resolve(besides = ownWorkers().length));
    assert.ok(besides <= 2, `${besides} processes live`);
    await pool.close();
    const lines = (await Deno.readTextFile(log)).trimEnd().split("\n");
    const processes = new Map(
      ["a", "b", "c"].map((kind) => [
        kind,
        new Set(lines.filter((line) => line.startsWith(kind))).size,
      ]),
    );
    assert.deepEqual(processes.get("a"), 1);
    assert.deepEqual(processes.get("b"), 1);
    assert.ok(processes.get("c")! <= 2);
    assert.equal(lines.length, 20);
    assert.deepEqual(ownWorkers(), []);
  });
});

Deno.test("openPool() keeps a process from kind to kind, but for another backend or a large one", async () => {
  await withRunPlace(async ({ folder }) => {
    const [worker, log] = [join(folder, "worker.ts"), join(folder, "log")];
    await Deno.writeTextFile(worker, timed);
    const pool = openPool(1);
    for (
      const [name, backend, megabytes] of [
        ["a", "tensorflow", 300],
        ["b", "tensorflow", 300],
        ["c", "wasm", 1200],
        ["c", "wasm", 1200],
        ["d", "wasm", 300],
      ] as const
    ) {
      const kind = { name, isa: "avx2", backend, worker } as const;
      await pool.run({ kind, job: { name, ms: 1, log, megabytes }, name });
    }
    await pool.close();
    const lines = (await Deno.readTextFile(log)).trimEnd().split("\n");
    const processes = lines.map((line) => line.split(" ")[1]);
    const [first, , third, , last] = processes;
    assert.deepEqual(processes, [first, first, third, third, last]);
    assert.equal(new Set(processes).size, 3);
  });
});

Deno.test("openPool() does held work before tasks that wait, and nothing after drop() or kill()", async () => {
  await withRunPlace(async ({ folder }) => {
    const [worker, log] = [join(folder, "worker.ts"), join(folder, "log")];
    await Deno.writeTextFile(worker, timed);
    const task = (name: string, ms: number) => ({
      kind: { name: "one", isa: "avx2", worker } as const,
      job: { name, ms, log },
      name,
    });
    const pool = openPool(1);
    const order: string[] = [];
    const mark = (name: string) => () => void order.push(name);
    await Promise.all([
      pool.run(task("first", 30)).then(mark("first")),
      pool.run(task("second", 30)).then(mark("second")),
      pool.hold(() => Promise.resolve("held")).then(mark("held")),
    ]);
    assert.deepEqual(order, ["held", "first", "second"]);
    const [running, late] = [pool.run(task("long", 60_000)), pool.run(task("late", 1))];
    const [ended, refused] = [assert.rejects(running, Dropped), assert.rejects(late, Dropped)];
    await until("the long task runs", () => Deno.readTextFileSync(log).includes("long"));
    pool.drop();
    await refused;
    await assert.rejects(pool.run(task("later", 1)), Dropped);
    await assert.rejects(pool.hold(() => Promise.resolve()), Dropped);
    pool.kill();
    await ended;
    await pool.close();
    assert.deepEqual(ownWorkers(), []);
  });
});

Deno.test("openPool() does one piece of held work beside the places, and further ones in them", async () => {
  await withRunPlace(async ({ folder }) => {
    const [worker, log] = [join(folder, "worker.ts"), join(folder, "log")];
    await Deno.writeTextFile(worker, timed);
    const pool = openPool(1);
    const begun: string[] = [];
    const hold = (name: string) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      return { done: pool.hold(() => (begun.push(name), promise)), resolve };
    };
    const kind = { name: "one", isa: "avx2", worker } as const;
    const first = hold("first");
    await pool.run({ kind, job: { name: "task", ms: 1, log }, name: "task" });
    assert.deepEqual(begun, ["first"], "the task had the place while the first was under way");
    const [second, third] = [hold("second"), hold("third")];
    await until("the second has the place", () => begun.length > 1);
    assert.deepEqual(begun, ["first", "second"]);
    first.resolve();
    await until("the third begins", () => begun.length > 2);
    for (const { done, resolve } of [second, third]) {
      resolve();
      await done;
    }
    await pool.close();
  });
});

Deno.test("choose() stays with a kind, else takes the one with most left that is nobody's", () => {
  const waiting = [["a", 1], ["b", 5], ["b", 9], ["c", 8], ["c", 8], ["d", undefined]].map(
    ([kind, expected], i) => ({
      kind: String(kind),
      task: expected === undefined ? {} : { expected: Number(expected) },
      i,
    }),
  );
  const taken = (own: string | undefined, elsewhere: string[] = []) =>
    choose(waiting, own, elsewhere)?.i;
  assert.equal(taken(undefined), 3, "c has most left");
  assert.equal(taken("a"), 0);
  assert.equal(taken("b"), 2, "the longest of the kind");
  assert.equal(taken("e", ["c"]), 2);
  assert.equal(taken("e", ["b", "c"]), 0);
  assert.equal(taken("e", ["a", "b", "c", "d"]), 3, "help where most is left");
  assert.equal(choose([], "a", []), undefined);
  const many = [{ kind: "x", task: { expected: 5 } }, { kind: "y", task: {}, count: 9 }];
  assert.equal(choose(many, undefined, [])?.kind, "y", "nine of them together have more left");
});
