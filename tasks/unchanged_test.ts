import assert from "node:assert/strict";
import { join } from "@std/path";
import { root } from "lib/experiment/find.ts";
import { isUnchanged, remember, resultsBelow, sourcesDigest, type Trace } from "./unchanged.ts";

/** A trace in a folder of its own, with a file and a folder written. */
async function withTrace(test: (trace: Trace, folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "fleeting-trace-" });
  try {
    await Deno.mkdir(join(folder, "out", "charts"), { recursive: true });
    await Deno.writeTextFile(join(folder, "out", "charts", "a.svg"), "<svg/>");
    await Deno.writeTextFile(join(folder, "row.md"), "row");
    const writes = [join(folder, "row.md"), join(folder, "out")];
    await test({ stamp: join(folder, "kept", "row.stamp.json"), from: { k: 1 }, writes }, folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("isUnchanged() holds after remember(), until something differs", async () => {
  await withTrace(async (trace, folder) => {
    assert.equal(await isUnchanged(trace), false);
    await remember(trace);
    assert.equal(await isUnchanged(trace), true);
    assert.equal(await isUnchanged({ ...trace, from: { k: 2 } }), false);
    const chart = join(folder, "out", "charts", "a.svg");
    for (
      const spoil of [
        () => Deno.writeTextFile(chart, "<svg></svg>"),
        () => Deno.remove(chart),
        () => Deno.writeTextFile(join(folder, "out", "stray.md"), ""),
        () => Deno.remove(join(folder, "row.md")),
      ]
    ) {
      await remember(trace);
      await spoil();
      assert.equal(await isUnchanged(trace), false, String(spoil));
    }
  });
});

Deno.test("isUnchanged() takes half a stamp for none", async () => {
  await withTrace(async (trace) => {
    await remember(trace);
    await Deno.truncate(trace.stamp, 20);
    assert.equal(await isUnchanged(trace), false);
  });
});

Deno.test("resultsBelow() sees result files only, and none in a folder that is not there", async () => {
  await withTrace(async (_, folder) => {
    const before = await resultsBelow([folder]);
    assert.deepEqual(before, {});
    await Deno.writeTextFile(join(folder, "out", "row.arrow"), "1");
    const after = await resultsBelow([folder, join(folder, "nowhere")]);
    assert.deepEqual(Object.keys(after).length, 1);
  });
});

Deno.test("sourcesDigest() differs by notebook and is equal for the same", async () => {
  const of = (name: string) => sourcesDigest(join(root, "notebooks", `${name}.ipynb`));
  assert.equal(await of("summary"), await of("summary"));
  assert.notEqual(await of("summary"), await of("explore"));
});
