import assert from "node:assert/strict";
import { root } from "lib/experiment/find.ts";
import type { Kind } from "lib/run/worker_process.ts";
import { parseSlurmConfig } from "./config.ts";
import { batchScript } from "./script.ts";

const kind: Kind = { name: "table1/x y", isa: "avx2", worker: "/w.ts" };
const batch = { kind, name: "0123456789ab", folder: "/cache/b", tasks: 3 };

function script(config: object, more: Partial<typeof batch> = {}): string[] {
  return batchScript({ ...batch, ...more }, parseSlurmConfig(JSON.stringify(config), "c")).split(
    "\n",
  );
}

Deno.test("batchScript() says to Slurm what the configuration says", () => {
  const lines = script({
    ...{ partition: "gpu", account: "lab", qos: "low", time: "02:00:00", memory: "8G", cpus: 2 },
    ...{ gpus: 1, atOnce: 5, options: ["--constraint avx2"], before: ["module load gcc"] },
    ...{ wrap: ["apptainer exec", "x.sif"], deno: "/opt/my deno" },
  });
  assert.deepEqual(lines.filter((line) => line.startsWith("#SBATCH")), [
    "#SBATCH --job-name=fleeting-table1-x-y-0123456789ab",
    "#SBATCH --array=0-2%5",
    "#SBATCH --output=/cache/b/%a.log",
    `#SBATCH --chdir=${root}`,
    "#SBATCH --mem=8G",
    "#SBATCH --cpus-per-task=2",
    "#SBATCH --gpus=1",
    "#SBATCH --time=02:00:00",
    "#SBATCH --partition=gpu",
    "#SBATCH --account=lab",
    "#SBATCH --qos=low",
    "#SBATCH --export=ALL",
    "#SBATCH --no-requeue",
    "#SBATCH --constraint avx2",
  ]);
  assert.ok(lines.includes("export OMP_NUM_THREADS=1"));
  const [before, command] = lines.slice(-3);
  assert.equal(before, "module load gcc");
  assert.match(
    command!,
    /^exec apptainer exec x\.sif '\/opt\/my deno' run .* \/w\.ts \/cache\/b\/"\$SLURM_ARRAY_TASK_ID"-\*\.json$/,
  );
});

Deno.test("batchScript() leaves to the cluster what is not said", () => {
  const text = script({}).join("\n");
  assert.doesNotMatch(text, /--(partition|time|gpus|account|qos)/);
  assert.ok(text.includes(`exec ${Deno.execPath()} run `), text);
});

Deno.test("batchScript() writes paths as Slurm and the shell read them", () => {
  const text = script({}, { folder: `/my "own" 50%a/it's` }).join("\n");
  assert.ok(text.includes(`#SBATCH --output="/my \\"own\\" 50%%a/it's/%a.log"`), text);
  assert.ok(text.includes(`'/my "own" 50%a/it'\\''s'/"$SLURM_ARRAY_TASK_ID"`), text);
  assert.throws(() => script({}, { folder: "/a\nb" }), /several lines/);
});
