import assert from "node:assert/strict";
import { join } from "@std/path";
import {
  bytesBelow,
  filesBelow,
  processesIn,
  type RunPlace,
  until,
  withRunPlace,
} from "lib/run/testing.ts";
import { type Cluster, startCluster, whyNoCluster } from "lib/slurm/testing.ts";
import { outcomeOf, quickRow, reproduce, startReproduce } from "./testing.ts";

const ignore = whyNoCluster !== undefined;
const because = whyNoCluster === undefined ? "" : ` (skipped: ${whyNoCluster})`;

interface Here extends RunPlace {
  readonly cluster: Cluster;
  /** Flags that have Slurm compute, by a configuration. */
  slurm(config?: object): Promise<string[]>;
  /** The states of all array tasks so far, such as `COMPLETED`, sorted. */
  states(): Promise<string[]>;
}

/** A test with a Slurm and folders of its own; in the end nothing waits, runs or lies about. */
function slurmTest(name: string, test: (here: Here) => Promise<void>): void {
  Deno.test({
    name: `deno task reproduce --executor slurm ${name}${because}`,
    ignore,
    fn: () =>
      withRunPlace(async (place) => {
        const cluster = await startCluster();
        // Signs that Slurm and shells read in ways of their own.
        const cache = join(place.folder, "a b#'%a\"", "folds");
        try {
          await test({ ...place, cache, cluster, ...helpers(place, cluster) });
          assert.deepEqual(processesIn({ ...place, cache }), []);
        } finally {
          await cluster.stop();
        }
      }),
  });
}

function helpers(place: RunPlace, cluster: Cluster): Pick<Here, "slurm" | "states"> {
  return {
    async slurm(config = {}) {
      const file = join(place.folder, "slurm.json");
      const quick = { memory: "500M", pollSeconds: 0.2, shareSeconds: 1 };
      await Deno.writeTextFile(file, JSON.stringify({ ...quick, ...config }));
      return ["--executor", "slurm", "--slurm", file];
    },
    async states() {
      const said = await cluster.call(
        "squeue",
        "--array",
        "--states=all",
        "--noheader",
        "-o",
        "%T",
      );
      return said.split("\n").filter(Boolean).sort();
    },
  };
}

/** The results of the same command on this machine. */
async function resultsHere(row: readonly string[]): Promise<Map<string, Uint8Array>> {
  let results = new Map<string, Uint8Array>();
  await withRunPlace(async (place) => {
    const { code, err } = await reproduce(place, row);
    assert.equal(code, 0, err);
    results = await bytesBelow(place.results);
  });
  return results;
}

const pause = () => new Promise((resolve) => setTimeout(resolve, 100));

function workersOf(place: RunPlace) {
  return processesIn(place).filter(({ command }) => command.includes("lib/run/worker.ts"));
}

const batches = ({ cache }: RunPlace) => filesBelow(join(cache, "..", "slurm"));

slurmTest(
  "gives the bytes of a run on this machine, and leaves no file of its own",
  async (here) => {
    const { code, err } = await reproduce(
      here,
      [...quickRow, ...await here.slurm()],
      here.cluster.env,
    );
    assert.equal(code, 0, err);
    assert.match(err, /^Slurm: 3 jobs submitted as \d+$/m);
    assert.match(err, /^Slurm: done in [\d.]+ s, 3 jobs/m);
    assert.match(err, /table1\/bi-woof on synthetic-flow: done in [\d.]+ s, 3 folds, 0 from cache/);
    assert.deepEqual(await bytesBelow(here.results), await resultsHere(quickRow));
    assert.deepEqual([...await here.states(), ...batches(here)], Array(3).fill("COMPLETED"));
    assert.deepEqual(filesBelow(here.folder).filter((name) => name.endsWith(".tmp")), []);
    const again = await reproduce(here, [...quickRow, ...await here.slurm()], here.cluster.env);
    assert.match(again.err, /table1\/bi-woof on synthetic-flow: unchanged/);
    assert.equal((await here.states()).length, 3);
  },
);

/** Starts a run and kills it as soon as its three jobs are in the queue. */
async function submitAndDie(here: Here, typed: readonly string[]): Promise<void> {
  const killed = startReproduce(here, [...typed], here.cluster.env);
  while ((await here.states()).length < 3) await pause();
  killed.kill("SIGKILL");
  await killed.output();
}

/** An environment in which a script is found in front of one of Slurm's commands; `$here` is its folder. */
async function inFrontOf(here: Here, command: string, script: string) {
  const folder = join(here.folder, "bin");
  await Deno.mkdir(folder);
  const text = `#!/bin/sh\nhere="${folder}"${script}\n`;
  await Deno.writeTextFile(join(folder, command), text, { mode: 0o755 });
  return { ...here.cluster.env, PATH: `${folder}:${Deno.env.get("PATH")}` };
}

slurmTest("submits a killed fold again, and no other", async (here) => {
  const child = startReproduce(here, [...quickRow, ...await here.slurm()], here.cluster.env);
  const ended = outcomeOf(child, here);
  await until("a fold is under way", () => workersOf(here).length > 0);
  Deno.kill(workersOf(here)[0]!.pid, "SIGKILL");
  const { code, err } = await ended;
  assert.equal(code, 0, err);
  assert.match(err, /^Slurm: 3 jobs submitted as \d+$/m);
  assert.match(
    err,
    /^Slurm: fold \d, seed 1: it ended without saying why; submitted again$/m,
  );
  assert.match(err, /^Slurm: 1 job submitted as \d+$/m);
  assert.deepEqual(await here.states(), [...Array(3).fill("COMPLETED"), "FAILED"]);
  assert.deepEqual(batches(here), []);
});

slurmTest("gives a fold up after so many attempts, by its name and log", async (here) => {
  const bad = await here.slurm({ attempts: 2, before: ["echo no such module; exit 3"] });
  const { code, err } = await reproduce(here, [...quickRow, ...bad], here.cluster.env);
  assert.equal(code, 1, err);
  assert.match(
    err,
    /bi-woof on synthetic-flow: 3 of 3 jobs failed:\nfold \d, seed 1: submitted 2 times, /,
  );
  const log = /see (.*\.log)\nno such module\n/.exec(err)?.[1];
  assert.equal(await Deno.readTextFile(log!), "no such module\n");
  assert.deepEqual(await here.states(), Array(6).fill("FAILED"));
});

slurmTest("does not bring back jobs that were cancelled", async (here) => {
  const held = await here.slurm({ options: ["--hold"] });
  const child = startReproduce(here, [...quickRow, ...held], here.cluster.env);
  const ended = outcomeOf(child, here);
  while ((await here.states()).length < 3) await pause();
  await here.cluster.call("scancel", "--user=root");
  const { code, err } = await ended;
  assert.equal(code, 1, err);
  assert.match(err, /fold \d, seed 1: submitted once, last: it was cancelled; see /);
  // What never began is one line.
  assert.deepEqual(await here.states(), ["CANCELLED"]);
});

slurmTest("goes on without its coordinator, and --attach follows", async (here) => {
  const typed = [...quickRow, ...await here.slurm({ options: ["--hold"] })];
  const early = await reproduce(here, [...typed, "--attach"], here.cluster.env);
  assert.equal(early.code, 2);
  assert.match(early.err, /error: --attach: Nothing of this command was submitted before .*\n$/);
  // However it ends: the jobs are in the queue, whether or not it learnt of that.
  await submitAndDie(here, typed);
  const stopped = startReproduce(here, [...typed, "--attach"], here.cluster.env);
  let err = "";
  for await (const text of stopped.stderr.pipeThrough(new TextDecoderStream())) {
    err += text;
    if (/3 jobs submitted before are followed/.test(err)) stopped.kill("SIGINT");
  }
  assert.equal((await stopped.status).code, 130);
  await stopped.stdout.cancel();
  assert.match(err, /^interrupted; finished folds are kept/m);
  assert.deepEqual(await here.states(), Array(3).fill("PENDING"));
  const last = startReproduce(here, [...typed, "--attach"], here.cluster.env);
  const jobs = await here.cluster.call("squeue", "--noheader", "--format=%F");
  await here.cluster.call("scontrol", "release", jobs);
  const outcome = await outcomeOf(last, here);
  assert.equal(outcome.code, 0, outcome.err);
  assert.doesNotMatch(err + outcome.err, /submitted as/);
  assert.deepEqual([...await here.states(), ...batches(here)], Array(3).fill("COMPLETED"));
});

slurmTest("submits nothing again that ends while it begins", async (here) => {
  const typed = [...quickRow, ...await here.slurm({ options: ["--hold"] })];
  await submitAndDie(here, typed);
  // What is open is known by the time at which the queue is asked first: then everything runs to its end.
  const env = await inFrontOf(
    here,
    "squeue",
    `
if mkdir "$here/asked" 2>/dev/null; then
  scontrol release $(/usr/bin/squeue --noheader --format=%F | sort -u)
  while [ -n "$(/usr/bin/squeue --noheader --states=PENDING,RUNNING,COMPLETING)" ]; do sleep 0.2; done
fi
exec /usr/bin/squeue "$@"`,
  );
  const { code, err } = await reproduce(here, [...typed, "--attach"], env);
  assert.equal(code, 0, err);
  assert.doesNotMatch(err, /submitted as/);
  assert.deepEqual([...await here.states(), ...batches(here)], Array(3).fill("COMPLETED"));
});

slurmTest("survives a controller that answers too late", async (here) => {
  // The first time the jobs are not taken; the second time they are, and the answer is lost.
  const env = await inFrontOf(
    here,
    "sbatch",
    `
[ -e "$here/tried" ] && /usr/bin/sbatch "$@"
touch "$here/tried"
echo "sbatch: error: Batch job submission failed: Socket timed out on send/recv operation" >&2
exit 1`,
  );
  const { code, err } = await reproduce(here, [...quickRow, ...await here.slurm()], env);
  assert.equal(code, 0, err);
  assert.match(err, /sbatch refused the jobs: .*Socket timed out.*; it is tried again\n/);
  assert.deepEqual([...await here.states(), ...batches(here)], Array(3).fill("COMPLETED"));
});

slurmTest(
  "--dry-run prints what sbatch accepts; refusals are one line and exit code 2",
  async (here) => {
    const dry = await reproduce(here, [...quickRow, ...await here.slurm(), "--dry-run"]);
    assert.match(dry.out, /^bi-woof: 3 of 3 folds to compute → /);
    const script = join(here.folder, "batch.sh");
    await Deno.writeTextFile(script, dry.out.slice(dry.out.indexOf("#!/bin/bash")));
    const said = await here.cluster.call("sbatch", "--test-only", script);
    assert.match(said, /Job \d+ to start at .* using 1 processors on nodes .* in partition all/);
    const refused = async (config: object, line: RegExp, env = here.cluster.env) => {
      const { code, err } = await reproduce(here, [...quickRow, ...await here.slurm(config)], env);
      assert.match(err.trimEnd().split("\n").at(-1)!, line);
      assert.equal(code, 2);
      assert.deepEqual(batches(here), []);
    };
    await refused({ time: "soon" }, /^error: .*slurm\.json: time: Expected a time such as /);
    await refused(
      { partition: "gpu" },
      /^error: --slurm: sbatch refused the jobs: .*[Ii]nvalid partition.*\. Say in its file /,
    );
    const PATH = join(here.folder, "nothing");
    await refused({}, /^error: There is no squeue on this machine\. Run this on a login node/, {
      PATH,
    });
    await refused({}, /^error: Slurm does not answer: /, { SLURM_CONF: script });
  },
);
