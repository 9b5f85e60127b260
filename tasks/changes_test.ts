import assert from "node:assert/strict";
import { dirname, fromFileUrl, join } from "@std/path";
import { loadDataset } from "lib/data/mod.ts";
import { writeMegcLayout } from "lib/data/testing.ts";

const root = join(dirname(fromFileUrl(import.meta.url)), "..");

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function command(
  cwd: string,
  name: string,
  args: readonly string[],
  env = {},
): Promise<Outcome> {
  const { code, stdout, stderr } = await new Deno.Command(name, {
    ...{ args: [...args], cwd, stdin: "null", stdout: "piped", stderr: "piped" },
    env: { NO_COLOR: "1", ...env },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: text(stdout), err: text(stderr) };
}

/** A clone of the working tree with data, a lock and a cache of its own. */
interface Clone {
  readonly folder: string;
  readonly data: string;
  git(...args: string[]): Promise<void>;
  task(name: string, ...args: string[]): Promise<Outcome>;
}

const rows = ["bi-woof", "stst-net"];

/** Two rows of three folds, seconds each; the network is there for what must not be run again. */
const order = ["table1", ...rows].concat(
  "--data megc2019-flow --split k-fold-by-subject --k 3 --seeds 1 --epochs 2 --workers 2".split(
    " ",
  ),
);

async function withClone(body: (clone: Clone) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "fleeting-clone-" });
  const data = join(folder, "data", "megc2019-flow");
  const env = {
    ...{ FLEETING_DATA: join(folder, "data"), FLEETING_LOCK: join(folder, "data.lock.json") },
    ...{ FLEETING_RESULTS: "", FLEETING_FOLDS: "", FLEETING_WORKERS: "", FLEETING_FORCE: "" },
  };
  const clone: Clone = {
    folder,
    data,
    async git(...args) {
      const who = ["-c", "user.name=Test", "-c", "user.email=test@example.org"];
      const { code, err } = await command(folder, "git", [...who, ...args]);
      assert.equal(code, 0, err);
    },
    task: (name, ...args) =>
      command(folder, Deno.execPath(), ["run", "-A", "--quiet", `tasks/${name}.ts`, ...args], env),
  };
  try {
    // What git knows or would add, without results.
    const { out } = await command(root, "git", ["ls-files", "-co", "--exclude-standard"]);
    for (const file of out.trim().split("\n").filter((name) => !name.startsWith("results/"))) {
      await Deno.mkdir(dirname(join(folder, file)), { recursive: true });
      await Deno.copyFile(join(root, file), join(folder, file));
    }
    await Deno.symlink(join(root, "node_modules"), join(folder, "node_modules"));
    const { samples } = await loadDataset("synthetic-flow");
    await writeMegcLayout(data, { samples: samples.slice(0, 30) });
    await Deno.remove(env.FLEETING_LOCK);
    await body(clone);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Row → why its folds would be computed; nothing where none would. */
async function reruns({ task }: Clone): Promise<Record<string, string[]>> {
  const { code, out, err } = await task("reproduce", ...order, "--why");
  assert.equal(code, 0, err);
  const found: Record<string, string[]> = {};
  let row = "";
  for (const line of out.trimEnd().split("\n")) {
    if (line.startsWith("  ")) found[row]!.push(line.trim());
    else found[row = line.split(":")[0]!] = [];
  }
  return found;
}

async function edit(file: string, change: (text: string) => string): Promise<void> {
  const text = await Deno.readTextFile(file);
  const changed = change(text);
  assert.notEqual(changed, text, file);
  await Deno.writeTextFile(file, changed);
}

Deno.test("a changed comment, hyper-parameter and data file each give the right reruns and the right diff", async () => {
  await withClone(async (clone) => {
    const { folder, data, git, task } = clone;
    const succeed = async (name: string, ...args: string[]) => {
      const { code, out, err } = await task(name, ...args);
      assert.equal(code, 0, out + err);
      return err;
    };
    await git("init", "--quiet");
    await succeed("data", "lock", "megc2019-flow");
    await succeed("reproduce", ...order);
    await git("add", ".");
    await git("commit", "--quiet", "--message", "before");
    assert.equal((await task("diff")).code, 0);

    // A comment: nothing to compute, no difference.
    const method = join(folder, "lib", "methods", "bi_woof.ts");
    await edit(method, (text) => text.replace("/**\n", "/**\n * Said otherwise.\n"));
    assert.deepEqual(await reruns(clone), { "bi-woof": [], "stst-net": [] });
    await succeed("reproduce", ...order);
    const same = await task("diff");
    assert.deepEqual([same.code, same.out], [0, "  no change (2 result files)\n"]);

    // A hyper-parameter of one row: that row is computed, and the diff names it.
    const record = join(folder, "experiments", "table1", "bi-woof.ts");
    await edit(record, (text) => text.replace(/(blocks: \{[^}]*default: )\d+/, "$13"));
    assert.deepEqual(await reruns(clone), {
      "bi-woof": ["parameter: blocks 5 → 3 (3 folds)"],
      "stst-net": [],
    });
    const said = await succeed("reproduce", ...order);
    assert.match(said, /stst-net on megc2019-flow: (unchanged|done in .*, 3 from cache)\n/);
    assert.match(said, /bi-woof on megc2019-flow: done in .*, 3 folds, 0 from cache\n/);
    const tuned = await task("diff");
    assert.equal(tuned.code, 1, tuned.err);
    assert.match(tuned.out, /^results\/megc2019-flow\/table1\/bi-woof\.arrow\n/);
    assert.match(tuned.out, /\n {2}- parameter blocks: 5 → 3\n/);
    assert.doesNotMatch(tuned.out, /stst-net|- (code|data|environment) /);
    assert.match(tuned.out, /no change in 1 other file\n$/);
    await git("checkout", "--quiet", ".");

    // A data file: refused until it is locked, then every row is computed anew.
    const clips = (await Array.fromAsync(pictures(data))).sort();
    await Deno.copyFile(clips[0]!, clips.at(-1)!);
    const refused = await task("reproduce", ...order);
    assert.equal(refused.code, 2);
    assert.match(
      refused.err,
      /error: .*1 changed: .* Not the data that .*data lock megc2019-flow\n/,
    );
    await succeed("data", "lock", "megc2019-flow");
    const again = ["data: digest changed (3 folds)"];
    assert.deepEqual(await reruns(clone), { "bi-woof": again, "stst-net": again });
    await succeed("reproduce", ...order);
    const other = await task("diff", "--json");
    assert.equal(other.code, 1);
    const files: { status: string; difference: { causes: { kind: string; name: string }[] } }[] =
      JSON
        .parse(other.out);
    assert.equal(files.length, 2);
    for (const { status, difference } of files) {
      assert.equal(status, "changed");
      assert.deepEqual(difference.causes.map(({ kind, name }) => `${kind} ${name}`), [
        "data digest",
      ]);
    }
  });
});

async function* pictures(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = join(folder, name);
    if (isDirectory) yield* pictures(path);
    else if (name.endsWith(".png")) yield path;
  }
}
