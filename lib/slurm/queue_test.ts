import assert from "node:assert/strict";
import {
  environmentOfCalls,
  findQueued,
  jobName,
  parseQueue,
  refusalOf,
  waitsForever,
} from "./queue.ts";

const batch = "0123456789ab";

Deno.test("parseQueue() reads our jobs and passes over others", () => {
  const name = jobName("table1/stst-net tensorflow", batch);
  assert.equal(name, `fleeting-table1-stst-net-tensorflow-${batch}`);
  const text = [
    "CLUSTER: north",
    `12|0|RUNNING|None|${name}`,
    `12|1|PENDING|Resources|${name}`,
    `12|2|CONFIGURING|None|${name}`,
    `12|3|COMPLETING|None|${name}`,
    `12|4|SUSPENDED|None|${name}`,
    `12|5|TIMEOUT|TimeLimit|${name}`,
    `12|6|PENDING|launch failed requeued held|${name}`,
    `13|N/A|RUNNING|None|fleeting-by-hand`,
    `14|1|RUNNING|None|somebody's|${batch}`,
    "",
  ].join("\n");
  const queue = parseQueue(text);
  assert.deepEqual(
    queue.map(({ index, state, word }) => `${index} ${state} ${word}`),
    [
      "0 running RUNNING",
      "1 waiting PENDING",
      "2 waiting CONFIGURING",
      "3 running COMPLETING",
      "4 running SUSPENDED",
      "5 ended TIMEOUT",
      "6 waiting PENDING",
    ],
  );
  assert.ok(queue.every((one) => one.job === "12" && one.batch === batch));
  assert.deepEqual(queue.map(waitsForever), [false, false, false, false, false, false, true]);
});

Deno.test("findQueued() finds tasks that have no line of their own", () => {
  const name = jobName("t", batch);
  const queue = parseQueue(`12|N/A|CANCELLED|None|${name}\n12|1|RUNNING|None|${name}`);
  const find = findQueued(queue);
  assert.equal(find({ batch, index: 0 })?.word, "CANCELLED");
  assert.equal(find({ batch, index: 1 })?.word, "RUNNING");
  assert.equal(find({ batch: "ba9876543210", index: 1 }), undefined);
});

Deno.test("waitsForever() tells jobs that somebody has to do something for", () => {
  for (const reason of ["JobHeldUser", "JobHeldAdmin", "DependencyNeverSatisfied"]) {
    assert.ok(waitsForever({ state: "waiting", reason }), reason);
  }
  for (const reason of ["Priority", "Resources", "QOSMaxJobsPerUserLimit", "BeginTime"]) {
    assert.ok(!waitsForever({ state: "waiting", reason }), reason);
  }
});

Deno.test("refusalOf() tells what may go better later from what will not", () => {
  const submission = "Batch job submission failed: ";
  assert.equal(refusalOf(`${submission}Socket timed out on send/recv operation`), "busy");
  assert.equal(refusalOf("Unable to contact slurm controller (connect failure)"), "busy");
  assert.equal(refusalOf("QOSMaxSubmitJobPerUserLimit"), "limit");
  assert.equal(
    refusalOf(`${submission}Job violates accounting/QOS policy (job submit limit, user's size …)`),
    "limit",
  );
  assert.equal(refusalOf(`${submission}Invalid partition name specified`), "refused");
});

Deno.test("environmentOfCalls() keeps what overrules a script from Slurm's commands", () => {
  const env = environmentOfCalls({
    ...{ PATH: "/bin", SLURM_CONF: "/etc/slurm.conf", SLURM_CLUSTERS: "north" },
    ...{ SBATCH_PARTITION: "x", SLURM_MEM_PER_CPU: "1", SQUEUE_STATES: "R", SCANCEL_USER: "me" },
  });
  assert.deepEqual(Object.keys(env), ["PATH", "SLURM_CONF", "SLURM_CLUSTERS"]);
});
