import assert from "node:assert/strict";
import { published } from "experiments/published.ts";
import { findGains, findPublished, publishedNumbers } from "./published.ts";

Deno.test("published holds the paper's 12 rows with accuracy and F1 on 3 data sets", () => {
  const table = publishedNumbers(published).filter(({ source }) => source.id === "jin2024");
  assert.equal(new Set(table.map(({ row }) => row)).size, 12);
  for (const data of ["smic-hs", "samm", "casme2"]) {
    for (const score of ["accuracy", "f1"]) {
      const column = table.filter((one) => one.data === data && one.score === score);
      assert.equal(column.length, 12, `${data} ${score}`);
    }
  }
  assert.equal(table.length, 72);
  // Column sums of the printed table, so that a slip of a digit shows.
  const sum = (data: string, score: string) =>
    table.filter((one) => one.data === data && one.score === score)
      .reduce((total, { value }) => total + value, 0).toFixed(4);
  assert.equal(sum("smic-hs", "accuracy"), "7.8044");
  assert.equal(sum("smic-hs", "f1"), "7.7110");
  assert.equal(sum("casme2", "accuracy"), "9.4026");
  assert.equal(sum("casme2", "f1"), "9.1440");
  assert.equal(sum("samm", "accuracy"), "7.9415");
  assert.equal(sum("samm", "f1"), "7.6210");
});

Deno.test("publishedNumbers() gives shares with a source, a place and marks", () => {
  for (const number of publishedNumbers(published)) {
    const name = `${number.method} ${number.data} ${number.part} ${number.score}`;
    assert.ok(number.value > 0 && number.value < 1, name);
    assert.ok(number.source.citation.length > 30 && number.source.place.length > 3, name);
    assert.ok(["all", "smic", "casme2", "samm"].includes(number.part), name);
  }
  const used = new Set(published.rows.map(({ source }) => source));
  assert.deepEqual(published.sources.map(({ id }) => id).filter((id) => !used.has(id)), []);
});

Deno.test("published marks what was never read in its source and what chose on the test fold", () => {
  const uf1 = (row: string, part = "all") =>
    findPublished(published, { row, data: "megc2019-flow", part, score: "uf1" });
  assert.deepEqual(
    uf1("off-apex-net").map(({ value, selectsOnTestFold }) => [value, selectsOnTestFold]),
    [[0.7196, null], [0.7032, false], [0.839, true]],
  );
  assert.deepEqual(uf1("rcn").map(({ verified }) => verified), [false]);
  assert.deepEqual(uf1("slstt").map(({ verified }) => verified), [true]);
  assert.deepEqual(uf1("slstt", "smic").map(({ verified }) => verified), [false]);
  assert.deepEqual(uf1("htnet").map(({ selectsOnTestFold }) => selectsOnTestFold), [true]);
  const mixed = publishedNumbers(published).filter((one) =>
    one.method === "SLSTT-LSTM" && one.part === "casme2" && one.data === "megc2019-flow"
  );
  assert.deepEqual(mixed.map(({ score, verified }) => [score, verified]), [
    ["uf1", true],
    ["uar", false],
  ]);
});

Deno.test("publishedNumbers() refuses a row without a source", () => {
  const row = { row: "x", method: "X", source: "nobody", cells: [] };
  assert.throws(() => publishedNumbers({ sources: [], rows: [row] }), /unknown source nobody/);
});

Deno.test("published holds the six gains that the text on figure 11 gives, with a source", () => {
  const points = (row: string) =>
    ["smic-hs", "samm", "casme2"].flatMap((data) =>
      findGains(published, { row, data, score: "accuracy" }).map((gain) => gain.points)
    );
  assert.deepEqual(points("flow"), [4, 4, 4]);
  assert.deepEqual(points("temporal"), [3.08, 1.86, 3.7]);
  assert.deepEqual(points("attention"), []);
  const gains = published.gains ?? [];
  assert.equal(gains.length, 6);
  for (const { source, row, approximate, selectsOnTestFold } of gains) {
    assert.ok(published.sources.some(({ id }) => id === source));
    assert.equal(approximate ?? false, row === "flow");
    assert.equal(selectsOnTestFold ?? false, row === "temporal");
  }
  assert.deepEqual(
    findGains({ sources: [], rows: [] }, { row: "flow", data: "samm", score: "f1" }),
    [],
  );
});
