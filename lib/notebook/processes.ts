/**
 * Ending a process together with everything it started.
 *
 * @module
 */

/** Environment variable that marks a kernel and every process started under it. */
export const familyVariable = "FLEETING_KERNEL";

/**
 * Kills, at once and without a chance to clean up, the process group led by `leader` and (on Linux)
 * every process whose environment carries `family` in {@linkcode familyVariable}. The mark finds
 * processes that left the group or whose parent is gone; the group finds those that dropped the mark.
 */
export function killFamily(leader: number, family: string): void {
  signal(-leader);
  // A process may fork between the look and the kill: look until nothing is found.
  for (let round = 0; round < 5; round++) {
    const found = processesOf(family);
    if (found.length === 0) return;
    found.forEach(signal);
  }
}

/** Ids of the living processes that carry the mark; empty where there is no `/proc`. */
export function processesOf(family: string): number[] {
  if (Deno.build.os !== "linux") return [];
  const mark = `${familyVariable}=${family}`;
  if (!mayReadEnvironments()) return found(mark);
  return [...Deno.readDirSync("/proc")]
    .map((entry) => Number(entry.name))
    .filter((id) => Number.isInteger(id) && id !== Deno.pid && environment(id).includes(mark));
}

/** Deno opens files below `/proc` under all permissions only, whatever it may read. */
function mayReadEnvironments(): boolean {
  try {
    Deno.readTextFileSync("/proc/self/environ");
    return true;
  } catch {
    return false;
  }
}

/** The same by a program that may. */
function found(mark: string): number[] {
  const script = 'grep -lzxF -e "$1" /proc/[0-9]*/environ 2>/dev/null';
  try {
    const { stdout } = new Deno.Command("sh", { args: ["-c", script, "sh", mark] }).outputSync();
    return [...new TextDecoder().decode(stdout).matchAll(/^\/proc\/(\d+)\//gm)]
      .map(([, id]) => Number(id)).filter((id) => id !== Deno.pid);
  } catch {
    return []; // There is no shell, or it may not be run: the group is all that can be ended.
  }
}

function environment(id: number): string[] {
  try {
    return Deno.readTextFileSync(`/proc/${id}/environ`).split("\0");
  } catch {
    // Gone, a zombie, or another user's.
    return [];
  }
}

function signal(id: number): void {
  try {
    Deno.kill(id, "SIGKILL");
  } catch {
    // Ended by itself before.
  }
}
