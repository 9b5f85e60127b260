import assert from "node:assert/strict";
import { fromFileUrl } from "@std/path";
import { ParameterError } from "lib/core/errors.ts";
import { parseSlurmConfig, readSlurmConfig } from "./config.ts";

Deno.test("parseSlurmConfig() fills in what is not said", () => {
  const config = parseSlurmConfig('{"partition": "short", "time": "1-12:00:00"}', "c.json");
  assert.equal(config.partition, "short");
  assert.equal(config.time, "1-12:00:00");
  assert.deepEqual([config.memory, config.cpus, config.gpus, config.attempts], ["4G", 1, 0, 3]);
  assert.equal(config.account, undefined);
});

// What is written, and what is said of it.
const mistakes: readonly (readonly [string, RegExp])[] = [
  ["{", /^c\.json: This is not JSON \(.*\)$/],
  ["[]", /^c\.json: Expected an object\. Begin with .*/],
  ['{"partion": "a"}', /^c\.json: partion: There is no such setting\. Did you mean 'partition'\?$/],
  ['{"partition": "a b"}', /^c\.json: partition: Expected a word .*, got "a b"\. Mend it, or .*/],
  ['{"partition": "a\\n#SBATCH --x"}', /^c\.json: partition: Expected a word /],
  ['{"time": "soon"}', /^c\.json: time: Expected a time such as 02:00:00 or .*, got "soon"\. /],
  ['{"memory": 4}', /^c\.json: memory: Expected a size such as 4G, got 4\. /],
  ['{"cpus": 0}', /^c\.json: cpus: Expected a whole number of at least 1, got 0\. /],
  ['{"gpus": 0.5}', /^c\.json: gpus: Expected a whole number of at least 0, got 0\.5\. /],
  ['{"pollSeconds": 0}', /^c\.json: pollSeconds: Expected a number above 0 and up to 3600, got 0/],
  ['{"before": "module load x"}', /^c\.json: before: Expected a list of texts, each on one line/],
  ['{"wrap": ["a\\nb"]}', /^c\.json: wrap: Expected a list of texts, each on one line/],
  ['{"options": ["constraint=x"]}', /^c\.json: options: Expected a list of options that begin/],
  ['{"options": ["--job-name=x"]}', /^c\.json: options: Expected a list of options .* without /],
  ['{"options": ["-a 1-4"]}', /^c\.json: options: Expected a list of options .* without /],
];

Deno.test("parseSlurmConfig() names file, field and fix of what is wrong", () => {
  for (const [text, said] of mistakes) {
    assert.throws(() => parseSlurmConfig(text, "c.json"), (error) => {
      assert.ok(error instanceof ParameterError);
      assert.match(error.message, said);
      return true;
    });
  }
});

Deno.test("readSlurmConfig() reads the example", async () => {
  const file = fromFileUrl(new URL("./example.json", import.meta.url));
  const config = await readSlurmConfig(file);
  assert.equal(config.partition, "short");
  assert.deepEqual(config.options, ["--constraint=avx2"]);
});

Deno.test("readSlurmConfig() names a file that is not there", async () => {
  await assert.rejects(
    readSlurmConfig("/nowhere/c.json"),
    /^ParameterError: \/nowhere\/c\.json: Cannot/,
  );
});
