import assert from "node:assert/strict";
import { join } from "@std/path";
import {
  type ExecutedNotebook,
  executeNotebook,
  type ExecuteOptions,
  NotebookError,
  type NotebookEvent,
} from "./execute.ts";
import { codeCells, type Output } from "./notebook_file.ts";
import { notebookOf, withNotebooks } from "./testing.ts";

async function run(
  sources: readonly string[],
  options?: ExecuteOptions,
): Promise<ExecutedNotebook> {
  return await withNotebooks(
    { "a.ipynb": notebookOf(...sources) },
    (folder) => executeNotebook(join(folder, "a.ipynb"), options),
  );
}

async function fails(sources: readonly string[], options?: ExecuteOptions): Promise<NotebookError> {
  try {
    await run(sources, options);
  } catch (error) {
    assert.ok(error instanceof NotebookError, String(error));
    return error;
  }
  throw new Error("the run did not fail");
}

function outputsOf(executed: ExecutedNotebook, cell: number): Output[] {
  return codeCells(executed.notebook)[cell - 1]!.outputs;
}

async function isAlive(marker: string): Promise<boolean> {
  const { stdout } = await new Deno.Command("pgrep", { args: ["-f", marker] }).output();
  return stdout.length > 0;
}

Deno.test("executeNotebook() keeps every output, in order, and gives the same bytes each time", async () => {
  const mixed = `console.log("a", cell);
console.error("warn");
await Deno.jupyter.display({ "text/plain": "shown" }, { raw: true });
console.log("b");
console.log("c");
await new Promise((resolve) => setTimeout(resolve, 1));
({ cell })`;
  const cells = Array.from({ length: 6 }, (_, i) => `var cell = ${i};\n${mixed}`);
  const runs = [await run(cells), await run(cells), await run(cells)];
  for (let cell = 1; cell <= cells.length; cell++) {
    assert.deepEqual(outputsOf(runs[0]!, cell), [
      { output_type: "stream", name: "stdout", text: `a ${cell - 1}\n` },
      { output_type: "stream", name: "stderr", text: "warn\n" },
      { output_type: "display_data", data: { "text/plain": "shown" }, metadata: {} },
      { output_type: "stream", name: "stdout", text: "b\nc\n" },
      {
        output_type: "execute_result",
        data: { "text/plain": `{ cell: ${cell - 1} }` },
        metadata: {},
        execution_count: cell,
      },
    ]);
  }
  assert.equal(runs[1]!.text, runs[0]!.text);
  assert.equal(runs[2]!.text, runs[0]!.text);
});

Deno.test("executeNotebook() carries large outputs whole", async () => {
  const executed = await run([
    `console.log("x".repeat(3_000_000)); for (let i = 0; i < 5000; i++) console.log(i);`,
  ]);
  const [output] = outputsOf(executed, 1);
  const numbers = Array.from({ length: 5000 }, (_, i) => `${i}\n`).join("");
  assert.ok(output?.output_type === "stream" && output.text.endsWith(`x\n${numbers}`));
  assert.equal(output.text.length, 3_000_001 + numbers.length);
});

Deno.test("executeNotebook() gives the cells their parameters, the import map and the environment", async () => {
  const executed = await run([
    `const params: { a: number; b: string } = { "a": 1, "b": "x" };`,
    `import { closest } from "fastest-levenshtein";
import { didYouMean } from "lib/core/errors.ts";
console.log(JSON.stringify(params), didYouMean("ax", [closest("a", ["ay"])]), Deno.env.get("E"));`,
  ], { parameters: { a: 2 }, env: { E: "set" } });
  assert.deepEqual(outputsOf(executed, 3), [{
    output_type: "stream",
    name: "stdout",
    text: `{"a":2,"b":"x"} Did you mean 'ay'? set\n`,
  }]);
  assert.match(executed.text, /const params: \{ a: number; b: string \} = \{\\n/);
});

Deno.test("executeNotebook() names notebook, cell and line of a thrown error", async () => {
  const error = await fails([
    `console.log("before")`,
    `// a comment
interface Gone {
  a: number;
}
import { join } from "@std/path";
const list = [
  1,
  2,
];

throw new TypeError("wrong");`,
    `console.log("never")`,
  ]);
  assert.match(error.message, /^\S+a\.ipynb cell 2 line 11: TypeError: wrong$/);
  assert.equal(error.user, false);
  assert.match(error.executed.text, /before/);
  assert.match(error.executed.text, /TypeError: wrong/);
  assert.deepEqual(outputsOf(error.executed, 3), []);
});

Deno.test("executeNotebook() lists the frames of project files, and the line that called", async () => {
  const error = await fails([
    `import { showTable } from "lib/notebook/show.ts";

const rows = [
  [1],
];
await showTable(["a", "b"], rows);`,
  ]);
  assert.match(
    error.message,
    /cell 1 line 6: RangeError: Cannot show .*\n\s+at showTable \(lib\/notebook\/show\.ts:\d+:\d+\)$/,
  );
});

Deno.test("executeNotebook() passes on an error that the user can act on as it is", async () => {
  const error = await fails([
    `import { DataError } from "lib/core/errors.ts";
throw new DataError("This is missing", { file: "a.csv", fix: "Get it." });`,
  ]);
  assert.equal(error.user, true);
  assert.equal(error.message, "a.csv: This is missing. Get it.");
  assert.equal(error.failure.line, 2);
});

Deno.test("executeNotebook() tells where a cell does not parse", async () => {
  const error = await fails([`const a = 1;`, `const b = 2;\nconst c = ;\n`]);
  assert.match(error.message, /a\.ipynb cell 2 line 2: SyntaxError: Expression expected$/);
});

Deno.test("executeNotebook() fails for a rejection that nobody handles", async () => {
  const error = await fails([`Promise.reject(new RangeError("floating")); undefined`, `1`]);
  assert.match(error.message, /cell 1: RangeError: floating \(outside/);
});

Deno.test("executeNotebook() fails for a throw in a timer, also after the last cell", async () => {
  const error = await fails([`1`, `setTimeout(() => { throw new Error("late") }, 30); undefined`]);
  assert.equal(error.failure.kind, "late");
  assert.match(error.message, /cell 2: Error: late/);
});

Deno.test("executeNotebook() notices when a cell ends the kernel", async () => {
  const error = await fails([`console.log("said")`, `console.log("last words"); Deno.exit(3)`]);
  assert.equal(error.failure.kind, "death");
  assert.match(error.message, /cell 2: The kernel ended \(exit code 3/);
});

Deno.test("executeNotebook() says when a cell needs more memory than there is", async () => {
  const error = await fails(
    [`const all = []; for (;;) all.push(new Array(1e5).fill(all.length));`],
    {
      env: { DENO_V8_FLAGS: "--max-old-space-size=100" },
    },
  );
  assert.match(error.message, /cell 1: The kernel ended \(out of memory\)\. DENO_V8_FLAGS=/);
});

Deno.test("executeNotebook() notices when the kernel is killed from outside", async () => {
  const error = await fails([`1`, `console.log(Deno.pid); await new Promise(() => {});`], {
    onEvent(event) {
      if (event.type === "stream") Deno.kill(Number(event.text), "SIGKILL");
    },
  });
  assert.equal(error.failure.cell, 2);
  assert.match(error.message, /cell 2: The kernel ended \(killed by SIGKILL/);
});

Deno.test("executeNotebook() stops a cell at its time limit, even a busy one", async () => {
  const error = await fails([`while (true);`], { cellTimeoutMs: 300 });
  assert.equal(error.failure.kind, "timeout");
  assert.match(error.message, /cell 1: The cell ran longer than 0\.3 s/);
});

Deno.test("executeNotebook() leaves no process behind when it is aborted", async () => {
  const seconds = `98.${crypto.getRandomValues(new Uint32Array(1))[0]}`;
  const abort = new AbortController();
  const error = await fails([
    `new Deno.Command("sleep", { args: ["${seconds}"] }).spawn();
new Deno.Command("sleep", { args: ["${seconds}"], detached: true, stdin: "null" }).spawn();
console.log("spawned");
await new Promise(() => {});`,
  ], {
    signal: abort.signal,
    onEvent(event) {
      if (event.type === "stream") abort.abort();
    },
  });
  assert.equal(error.failure.kind, "aborted");
  assert.equal(await isAlive(seconds), false);
});

Deno.test("executeNotebook() ends what a finished notebook left running", async () => {
  const seconds = `97.${crypto.getRandomValues(new Uint32Array(1))[0]}`;
  await run([`new Deno.Command("sleep", { args: ["${seconds}"] }).spawn(); undefined`]);
  assert.equal(await isAlive(seconds), false);
});

Deno.test("executeNotebook() reports progress while the cell runs and keeps only the summary", async () => {
  const events: NotebookEvent[] = [];
  let liveAt = -1;
  const executed = await run([
    `import { progressDisplay } from "lib/notebook/progress.ts";
const display = progressDisplay("folds");
const state = { title: "folds", total: 2, cached: 0, running: 1, secondsLeft: null };
await display.update({ ...state, done: 1 });
await new Promise((resolve) => setTimeout(resolve, 300));
await display.update({ ...state, done: 2 });
await display.done("2 folds");
console.log("end");`,
  ], {
    onEvent(event) {
      events.push(event);
      if (event.type === "progress" && liveAt < 0) liveAt = performance.now();
      if (event.type === "stream") assert.ok(performance.now() - liveAt > 200, "not live");
    },
  });
  const states = events.flatMap((event) => event.type === "progress" ? [event.state.done] : []);
  assert.deepEqual(states, [1, 2]);
  assert.deepEqual(outputsOf(executed, 1), [
    {
      output_type: "display_data",
      data: { "text/html": "<p>2 folds</p>", "text/plain": "2 folds" },
      metadata: {},
    },
    { output_type: "stream", name: "stdout", text: "end\n" },
  ]);
});

Deno.test("executeNotebook() passes on an error of the listener, and stops", async () => {
  await assert.rejects(
    () =>
      run([`console.log(1); await new Promise(() => {});`], {
        onEvent(event) {
          if (event.type === "stream") throw new Error("listener");
        },
      }),
    { message: "listener" },
  );
});
