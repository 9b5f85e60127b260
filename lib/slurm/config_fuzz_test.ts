import { damaged, fuzz, hostile } from "lib/core/fuzz_testing.ts";
import { parseSlurmConfig } from "./config.ts";

const config = {
  partition: "long",
  time: "02:00:00",
  memory: "4G",
  cpus: 1,
  options: ["--constraint=avx2"],
  before: ["module load gcc"],
  pollSeconds: 10,
};

Deno.test("parseSlurmConfig() gives settings or an error for any file", async () => {
  await fuzz({
    name: "cluster settings",
    file: "slurm.json",
    cases: 500,
    variant: (random) => hostile(config, random),
    parse: (value) => parseSlurmConfig(JSON.stringify(value) ?? "", "slurm.json"),
  });
  const bytes = new TextEncoder().encode(JSON.stringify(config));
  await fuzz({
    name: "cluster settings as bytes",
    file: "slurm.json",
    cases: 300,
    variant: (random) => damaged([bytes], random),
    parse: (bytes: Uint8Array) => parseSlurmConfig(new TextDecoder().decode(bytes), "slurm.json"),
  });
});
