import assert from "node:assert/strict";
import { SetupError } from "lib/core/errors.ts";
import { startProcess } from "./process.ts";

/** A process that says something and then answers each line with a fixed line. */
const talker = (first: unknown, answer: unknown): string[] => [
  Deno.execPath(),
  "eval",
  `console.log(${JSON.stringify(JSON.stringify(first))});
   for await (const _ of Deno.stdin.readable) {
     console.log(${JSON.stringify(JSON.stringify(answer))});
   }`,
];

Deno.test("startProcess() hands over facts, then answers", async () => {
  const process = await startProcess(talker({ library: "X 1" }, { ms: [1, 2] }));
  assert.deepEqual(process.facts, { library: "X 1" });
  assert.deepEqual(await process.ask({ steps: 2 }), { ms: [1, 2] });
  assert.deepEqual(await process.ask({ steps: 2 }), { ms: [1, 2] });
  await process.end();
});

Deno.test("startProcess() tells what the user can mend from what failed", async () => {
  await assert.rejects(startProcess(["nowhere/program"]), SetupError);
  await assert.rejects(startProcess(talker({ error: "no torch", user: true }, {})), (error) => {
    return error instanceof SetupError && error.message === "no torch";
  });
  const dies = [Deno.execPath(), "eval", "console.error('out of memory'); Deno.exit(1)"];
  await assert.rejects(startProcess(dies), (error) => {
    return !(error instanceof SetupError) && /ended: out of memory/.test(String(error));
  });
  const process = await startProcess(talker({}, { error: "broken" }));
  await assert.rejects(process.ask({}), /broken/);
  await process.end();
});
