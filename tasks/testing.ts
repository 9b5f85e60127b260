/**
 * Running tasks as a user does, in processes of their own.
 *
 * @module
 */
import { dirname, fromFileUrl, join } from "@std/path";
import { environmentFor, processesIn, type RunPlace, until } from "lib/run/testing.ts";
import settings from "../deno.json" with { type: "json" };
import { writable } from "./permissions.ts";

const root = join(dirname(fromFileUrl(import.meta.url)), "..");

/** How a task ended, and what it printed. */
export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A row that takes seconds: three folds of Bi-WOOF. */
export const quickRow: readonly string[] = [
  ..."table1 bi-woof --data synthetic-flow --split k-fold-by-subject --k 3 --seeds 1 --workers 2"
    .split(" "),
];

/** What a task may, as `deno.json` has it: a test would notice what it lacks. */
function permissionsOf(name: keyof typeof settings.tasks): string[] {
  const { command } = settings.tasks[name];
  const folders = /permissions\.ts write ([^)]*)\)/.exec(command)?.[1]?.split(" ") ?? [];
  const plain = command.replaceAll(/"--allow-\w+=\$\([^)]*\)"/g, "");
  return [
    ...[...plain.matchAll(/ (--allow-\S+)/g)].map(([, flag]) => flag!),
    `--allow-write=${writable(folders).join(",")}`,
  ];
}

/** Starts `deno task reproduce` with the folders of a test. */
export function startReproduce(
  place: RunPlace,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--quiet", "--no-prompt", ...permissionsOf("reproduce")],
      ...[join(root, "tasks", "reproduce.ts"), ...args],
    ],
    cwd: root,
    // No data root, lock file or option from outside.
    env: {
      ...{ FLEETING_DATA: "", FLEETING_LOCK: "", FLEETING_WORKERS: "", FLEETING_FORCE: "" },
      ...environmentFor(place),
      ...env,
    },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** Waits for the end of a task, and that no process of it is left. */
export async function outcomeOf(child: Deno.ChildProcess, place: RunPlace): Promise<Outcome> {
  const { code, stdout, stderr } = await child.output();
  await until("no process is left", () => processesIn(place).length === 0, 15);
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: text(stdout), err: text(stderr) };
}

/** Runs `deno task reproduce` to its end. */
export async function reproduce(
  place: RunPlace,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  return await outcomeOf(startReproduce(place, args, env), place);
}
