import assert from "node:assert/strict";
import { join } from "@std/path";
import { Int32, Table, tableFromArrays, tableToIPC, Utf8, vectorFromArray } from "apache-arrow";
import { UserError } from "lib/core/errors.ts";
import { damaged, fuzz } from "lib/core/fuzz_testing.ts";
import { decodeResult, encodeResult, listResults } from "./arrow.ts";
import { readBytes } from "./arrow_table.ts";
import { readPredictions } from "./foreign.ts";
import { closeSeals } from "./seal.ts";
import { exampleResult } from "./testing.ts";

const small = encodeResult(exampleResult({ seeds: 1, subjects: 2, clipsEach: 2 }));
const larger = encodeResult(exampleResult({ seeds: 2, subjects: 5, clipsEach: 3, draw: 2 }));

Deno.test("decodeResult() gives a result or an error for any damage, sealed or not", async () => {
  const unsealed = {
    name: "results",
    file: "r.arrow",
    parse: (b: Uint8Array) => decodeResult(b, "r.arrow"),
  };
  const { errors } = await fuzz({
    ...unsealed,
    cases: 150,
    variant: (random) => damaged([small, larger], random),
  });
  assert.ok(errors > 100);
  // Whoever means harm closes the seal again, and the parser gets to see the damage.
  await fuzz({
    ...unsealed,
    name: "sealed results",
    cases: 500,
    variant: (random) => closeSeals(damaged([small, larger], random)),
  });
});

const foreign = new Table({
  clip: vectorFromArray(["a", "b", "c", "d"], new Utf8()),
  subject: vectorFromArray(["s1", "s1", "s2", "s2"], new Utf8()),
  truth: vectorFromArray(["x", "y", "x", "y"]), // A dictionary, as pandas writes categories.
  predicted: vectorFromArray(["x", "y", "y", "y"], new Utf8()),
  seed: vectorFromArray([1, 1, 1, 1], new Int32()),
});
const csv = new TextEncoder().encode(
  'clip,subject,truth,predicted,seed\na,s1,x,x,1\n"b ""q""",s1,y,y,1\nc,s2,x,y,1\nd,s2,y,y,1\n',
);

Deno.test("readPredictions() gives predictions or an error for any table", async () => {
  const parse = (bytes: Uint8Array) => readPredictions(bytes, "p.table");
  const arrow = [tableToIPC(foreign, "file"), tableToIPC(foreign, "stream")];
  await fuzz({
    name: "foreign Arrow",
    file: "p.table",
    cases: 500,
    parse,
    variant: (random) => damaged(arrow, random),
  });
  await fuzz({
    name: "CSV",
    file: "p.table",
    cases: 300,
    parse,
    variant: (random) => damaged([csv], random),
  });
});

Deno.test("readPredictions() refuses offsets that lead out of a column, and rows without bytes", () => {
  const bytes = tableToIPC(
    new Table({
      ...Object.fromEntries(
        ["clip", "subject", "truth", "predicted"].map((name) => [
          name,
          vectorFromArray(["aaaa", "bbbb", "cccc"], new Utf8()),
        ]),
      ),
    }),
    "file",
  );
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const offsets = [0, 4, 8, 12];
  const at = Array.from({ length: bytes.length - 16 }, (_, i) => i).filter((i) =>
    i % 4 === 0 && offsets.every((offset, n) => view.getInt32(i + 4 * n, true) === offset)
  );
  assert.equal(at.length, 4, "the offsets were not found");
  const wrong = (...numbers: number[]) => {
    const copy = bytes.slice();
    numbers.forEach((n, i) => new DataView(copy.buffer).setInt32(at[0]! + 4 * i, n, true));
    return copy;
  };
  const refused = (bytes: Uint8Array, why: RegExp) =>
    assert.throws(() => readPredictions(bytes, "p.arrow"), (error) => {
      assert.ok(error instanceof UserError);
      assert.match(error.message, /^p\.arrow: This Arrow file is damaged/);
      assert.match(error.message, why);
      return true;
    });
  refused(wrong(0, 4, 8, 2 ** 31 - 1), /'clip' points beyond its texts/);
  refused(wrong(-5, 4, 8, 12), /'clip' points beyond its texts/);
  refused(wrong(0, 12, 0, 12), /'clip' has texts of negative length/);
});

Deno.test("readPredictions() refuses a column with a class for each row", () => {
  const rows = Array.from({ length: 500 }, (_, i) => `c${i},s,t${i},t${i}`).join("\n");
  const bytes = new TextEncoder().encode(`clip,subject,truth,predicted\n${rows}\n`);
  assert.throws(
    () => readPredictions(bytes, "p.csv"),
    /^UserError: p\.csv: truth: There are 500 true/,
  );
});

Deno.test("readPredictions() refuses a small file in which a million cells share one long text", () => {
  const long = "x".repeat(200_000);
  const column = () => vectorFromArray(Array.from({ length: 3000 }, () => long));
  const table = new Table({
    clip: column(),
    subject: column(),
    truth: column(),
    predicted: column(),
  });
  const bytes = tableToIPC(table, "file");
  assert.ok(bytes.length < 2 ** 20);
  assert.throws(() => readPredictions(bytes, "p.arrow"), /p\.arrow: Its cells hold more text than/);
});

Deno.test("readPredictions() does not look into columns that are no texts or numbers", () => {
  const table = tableFromArrays({ clip: ["a"], subject: ["s"], truth: ["x"], predicted: ["x"] });
  const { predictions } = readPredictions(
    tableToIPC(table.assign(new Table({ when: vectorFromArray([new Date(0)]) })), "file"),
    "p.arrow",
  );
  assert.equal(predictions.length, 1);
});

Deno.test("readBytes() refuses folders, pipes and devices; listResults() passes links over", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await assert.rejects(readBytes(folder), /This is a folder where a file is expected/);
    const { success } = await new Deno.Command("mkfifo", { args: [join(folder, "p.arrow")] })
      .output();
    assert.ok(success);
    await assert.rejects(readBytes(join(folder, "p.arrow")), /p\.arrow: This is a pipe/);
    await assert.rejects(
      readBytes("/dev/zero"),
      /\/dev\/zero: This is a pipe, a socket or a device/,
    );
    const huge = await Deno.open(join(folder, "huge.arrow"), { create: true, write: true });
    await huge.truncate(2 ** 40);
    huge.close();
    await assert.rejects(readBytes(join(folder, "huge.arrow")), /huge\.arrow: The file has .* MiB/);
    await Deno.mkdir(join(folder, "inner"));
    await Deno.writeFile(join(folder, "inner", "a.arrow"), small);
    await Deno.symlink(join(folder, "inner", "a.arrow"), join(folder, "inner", "b.arrow"));
    await Deno.symlink("/etc", join(folder, "inner", "c"));
    assert.deepEqual(await listResults(join(folder, "inner")), [join(folder, "inner", "a.arrow")]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("decodeResult() refuses a row, table or data set whose name could lead out of a folder", () => {
  const { metadata, predictions } = exampleResult({ seeds: 1, subjects: 2, clipsEach: 2 });
  for (
    const name of ["../x", "/etc/x", "a/../../b", "..", "", ".x", "a\0b", "a\nb", "x".repeat(200)]
  ) {
    for (
      const changed of [
        { ...metadata, experiment: { ...metadata.experiment, id: name } },
        { ...metadata, experiment: { ...metadata.experiment, table: name } },
        { ...metadata, data: { ...metadata.data, name } },
      ]
    ) {
      const bytes = encodeResult({ metadata: changed, predictions });
      assert.throws(
        () => decodeResult(bytes, "r.arrow"),
        /^UserError: r\.arrow: (experiment|data): This metadata field has not the expected shape/,
      );
    }
  }
});
