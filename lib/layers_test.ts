import assert from "node:assert/strict";
import { join, relative } from "@std/path";
import { root } from "lib/experiment/find.ts";

// From the bottom up; a module imports from its own group or a lower one. The backend stands below
// the blocks that compute with it.
const groups: readonly (readonly string[])[] = [
  ["vendor/", "deno.json"],
  ["lib/core/"],
  ["experiments/", "lib/experiment/", "lib/preprocess/", "lib/setup/"],
  [
    "lib/train/backend",
    "lib/train/quiet_load.ts",
    "lib/train/raw_op.ts",
    "lib/train/wasm_gradients.ts",
    "lib/train/gradient_check.ts",
  ],
  ["lib/face/"],
  ["lib/data/", "lib/protocol/"],
  ["lib/blocks/", "lib/features/", "lib/results/"],
  ["lib/audit/", "lib/networks/"],
  ["lib/train/"],
  ["lib/weights/"],
  ["lib/methods/"],
  ["lib/pipeline/"],
  ["lib/run/"],
  ["lib/plan/"],
  ["lib/slurm/"],
  ["lib/charts/"],
  ["lib/notebook/"],
  ["lib/report/"],
  ["tasks/"],
];

function groupOf(path: string): number {
  const found = groups.findIndex((prefixes) => prefixes.some((p) => path.startsWith(p)));
  assert.notEqual(found, -1, `${path} is in no group of the layer test`);
  return found;
}

interface Edge {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

/** All imports between modules of the repository, static and dynamic. */
async function edges(): Promise<Edge[]> {
  const files: string[] = [];
  const walk = (folder: string): void => {
    for (const entry of Deno.readDirSync(folder)) {
      const path = join(folder, entry.name);
      if (entry.isDirectory) walk(path);
      else if (path.endsWith(".ts") && !/_(test|bench)\.ts$/.test(path)) files.push(path);
    }
  };
  for (const folder of ["lib", "tasks", "experiments"]) walk(join(root, folder));
  const probe = await Deno.makeTempFile({ dir: join(root, ".cache"), suffix: ".ts" });
  try {
    await Deno.writeTextFile(
      probe,
      files.map((file) => `import ${JSON.stringify(`../${relative(root, file)}`)};`).join("\n"),
    );
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["info", "--json", probe],
      cwd: root,
    }).output();
    const { modules } = JSON.parse(new TextDecoder().decode(stdout));
    return modules.flatMap((module: {
      local?: string;
      dependencies?: { code?: { specifier: string }; type?: { specifier: string } }[];
    }) =>
      (module.dependencies ?? []).flatMap(({ code, type }) => {
        const target = code?.specifier ?? type?.specifier ?? "";
        if (!target.startsWith("file:") || module.local === undefined) return [];
        const from = relative(root, module.local);
        if (from.startsWith(".cache/")) return [];
        const to = relative(root, decodeURIComponent(new URL(target).pathname));
        return [{ from, to, typeOnly: code === undefined }];
      })
    );
  } finally {
    await Deno.remove(probe);
  }
}

await Deno.mkdir(join(root, ".cache"), { recursive: true });
const all = await edges();

Deno.test("modules import downwards only", () => {
  assert.ok(all.length > 50, "the module graph was not read");
  const upward = all.filter(({ from, to, typeOnly }) =>
    !typeOnly && !from.startsWith("experiments/") && groupOf(from) < groupOf(to)
  );
  assert.deepEqual(upward, []);
});

Deno.test("experiments are data: they import types, and what rows of a network share", () => {
  const code = all.filter(({ from, to, typeOnly }) =>
    from.startsWith("experiments/") && !to.startsWith("experiments/") && !typeOnly
  );
  assert.deepEqual(code, []);
});

Deno.test("modules do not import each other in circles", () => {
  const next = new Map<string, string[]>();
  for (const { from, to, typeOnly } of all) {
    if (!typeOnly) next.set(from, [...(next.get(from) ?? []), to]);
  }
  const finished = new Set<string>();
  const visit = (name: string, path: readonly string[]): void => {
    assert.ok(!path.includes(name), `circle: ${[...path, name].join(" → ")}`);
    if (finished.has(name)) return;
    for (const to of next.get(name) ?? []) visit(to, [...path, name]);
    finished.add(name);
  };
  for (const name of next.keys()) visit(name, []);
});

Deno.test("no module of the library draws from Math.random", async () => {
  for (const name of new Set(all.map(({ from }) => from))) {
    const text = await Deno.readTextFile(join(root, name));
    assert.ok(!/\bMath\.random\s*\(/.test(text), `${name} calls Math.random()`);
  }
});
