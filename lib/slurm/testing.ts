/**
 * A Slurm of one machine, for tests and for trying things: `deno run -A lib/slurm/testing.ts` runs one until
 * Ctrl-C. It has its own key, ports and folder, needs none of the services that packages install, and
 * harms none that run.
 *
 * @module
 */
import { join } from "@std/path";
import { SetupError } from "lib/core/errors.ts";

/** A Slurm that runs. */
export interface Cluster {
  /** What its commands need in their environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Runs one of Slurm's commands; returns what it prints, on either stream. */
  call(program: string, ...args: string[]): Promise<string>;
  /** Ends its jobs and every process of it, and removes its folder. */
  stop(): Promise<void>;
}

const programs = [
  "munged",
  "slurmctld",
  "slurmd",
  "sbatch",
  "squeue",
  "scancel",
  "setpriv",
  "setsid",
];

/** Why no Slurm can be started here; undefined where it can. */
export const whyNoCluster: string | undefined = (() => {
  if (Deno.build.os !== "linux") return "needs Linux";
  if (Deno.uid() !== 0) return "needs root";
  const absent = programs.filter((name) => !programPath(name));
  return absent.length > 0 ? `needs slurm-wlm and munge: no ${absent.join(", ")}` : undefined;
})();

/** Daemons lie in folders that not every PATH has. */
function programPath(name: string): string | undefined {
  const folders = [...(Deno.env.get("PATH") ?? "").split(":"), "/usr/sbin", "/sbin"];
  return folders.map((folder) => join(folder, name)).find((path) => {
    try {
      return Deno.statSync(path).isFile;
    } catch {
      return false;
    }
  });
}

function configuration(folder: string): string {
  const host = Deno.hostname().split(".")[0];
  const [controller, node] = freePorts(2);
  return `ClusterName=fleeting
SlurmctldHost=${host}(127.0.0.1)
SlurmctldPort=${controller}
SlurmdPort=${node}
AuthType=auth/munge
AuthInfo=socket=${folder}/munge.socket
SlurmUser=root
SlurmdUser=root
StateSaveLocation=${folder}/state
SlurmdSpoolDir=${folder}/spool
SlurmctldPidFile=${folder}/slurmctld.pid
SlurmdPidFile=${folder}/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SlurmdParameters=config_overrides
SchedulerParameters=sched_interval=1,batch_sched_delay=0,sched_min_interval=0
MailProg=/bin/true
MpiDefault=none
ReturnToService=2
MaxArraySize=21
NodeName=${host} NodeAddr=127.0.0.1 CPUs=2 RealMemory=4000 State=UNKNOWN
PartitionName=all Nodes=${host} Default=YES MaxTime=INFINITE State=UP
`;
}

function freePorts(count: number): number[] {
  const listeners = Array.from(
    { length: count },
    () => Deno.listen({ hostname: "127.0.0.1", port: 0 }),
  );
  return listeners.map((listener) => {
    listener.close();
    return listener.addr.port;
  });
}

/**
 * Starts a Slurm with one node of two cores and the partition `all`.
 *
 * @throws SetupError where none can be started, with what its log says
 */
export async function startCluster(): Promise<Cluster> {
  if (whyNoCluster) throw new SetupError(`No Slurm can be started here: ${whyNoCluster}`);
  const folder = await Deno.makeTempDir({ prefix: "fleeting-slurm-" });
  const env = { SLURM_CONF: join(folder, "slurm.conf") };
  const daemons: Deno.ChildProcess[] = [];
  const cluster = { env, call: (...words: string[]) => callIn(env, words), stop: stopping() };
  function stopping(): () => Promise<void> {
    return async () => {
      await stopAll(env, daemons);
      await Deno.remove(folder, { recursive: true });
    };
  }
  try {
    await prepare(folder);
    daemons.push(start(folder, env, "munged", mungeFlags(folder)));
    await wait("munged", folder, () => exists(join(folder, "munge.socket")));
    daemons.push(start(folder, env, "slurmctld", ["-D"]), start(folder, env, "slurmd", ["-D"]));
    await wait("slurmctld", folder, async () => {
      return await callIn(env, ["sinfo", "-h", "-o", "%T"]) === "idle";
    });
  } catch (error) {
    await cluster.stop();
    throw error;
  }
  return cluster as Cluster;
}

async function prepare(folder: string): Promise<void> {
  await Promise.all(["state", "spool"].map((name) => Deno.mkdir(join(folder, name))));
  await Deno.writeTextFile(join(folder, "slurm.conf"), configuration(folder));
  const key = crypto.getRandomValues(new Uint8Array(128));
  await Deno.writeFile(join(folder, "munge.key"), key, { mode: 0o400 });
}

function mungeFlags(folder: string): string[] {
  const files = { socket: "socket", "key-file": "key", "pid-file": "pid", "seed-file": "seed" };
  const flags = Object.entries(files).map(([flag, name]) => `--${flag}=${folder}/munge.${name}`);
  return ["--foreground", "--force", ...flags];
}

type Variables = Readonly<Record<string, string>>;

function start(folder: string, env: Variables, name: string, args: string[]): Deno.ChildProcess {
  // Ctrl-C is not for it, but it ends with whoever started it, however that ends.
  const script = 'log=$1; shift; exec setsid setpriv --pdeathsig KILL -- "$@" >"$log" 2>&1';
  const words = [join(folder, `${name}.log`), programPath(name)!, ...args];
  return new Deno.Command("/bin/sh", {
    args: ["-c", script, "sh", ...words],
    env: { ...env },
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
}

async function callIn(env: Variables, [program = "", ...args]: string[]): Promise<string> {
  const { stdout, stderr } = await new Deno.Command(programPath(program) ?? program, {
    args,
    env: { ...env },
    stdin: "null",
    // A controller that is gone is asked again and again.
    signal: AbortSignal.timeout(10_000),
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim();
  return [text(stdout), text(stderr)].filter(Boolean).join("\n");
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path) !== undefined;
  } catch {
    return false;
  }
}

async function wait(
  name: string,
  folder: string,
  holds: () => boolean | Promise<boolean>,
): Promise<void> {
  const end = performance.now() + 30_000;
  while (!await holds()) {
    if (performance.now() > end) {
      const log = await Deno.readTextFile(join(folder, `${name}.log`)).catch(() => "");
      throw new SetupError(`${name} did not start: ${log.slice(-1000)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Ends jobs first, for their processes are no children of ours. */
async function stopAll(env: Variables, daemons: readonly Deno.ChildProcess[]): Promise<void> {
  if (daemons.length === 3) {
    await callIn(env, ["scancel", "--state=PENDING", "--user=root"]);
    await callIn(env, ["scancel", "--signal=KILL", "--full", "--user=root"]);
    await callIn(env, ["scancel", "--user=root"]);
    const idle = async () => await callIn(env, ["squeue", "--noheader"]) === "";
    for (let tries = 0; tries < 100 && !await idle(); tries++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  for (const daemon of [...daemons].reverse()) {
    daemon.kill("SIGTERM");
    const timer = setTimeout(() => daemon.kill("SIGKILL"), 5000);
    await daemon.status;
    clearTimeout(timer);
  }
}

if (import.meta.main) {
  const cluster = await startCluster();
  console.log(`Slurm runs until Ctrl-C; elsewhere: export SLURM_CONF=${cluster.env.SLURM_CONF}`);
  await new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      Deno.addSignalListener(signal, resolve);
    }
  });
  await cluster.stop();
  Deno.exit(0);
}
