import assert from "node:assert/strict";
import { join } from "@std/path";
import { root } from "lib/experiment/find.ts";
import { executeNotebook } from "lib/notebook/execute.ts";
import { findBrowser } from "lib/notebook/testing.ts";
import { encodeResult } from "lib/results/arrow.ts";
import { exampleMetadata, exampleResult } from "lib/results/testing.ts";
import { buildReport } from "./build.ts";
import { deviationsIn, gatherDeviations } from "./deviations.ts";
import { reportHtml } from "./html.ts";
import { reportMarkdownPage } from "./markdown.ts";

/** A folder with results on drawn clips and on flow maps, one of them optimistic, one damaged. */
async function withResults(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  const put = async (data: string, name: string, bytes: Uint8Array) => {
    await Deno.mkdir(join(folder, data, "table1"), { recursive: true });
    await Deno.writeFile(join(folder, data, "table1", `${name}.arrow`), bytes);
  };
  const on = (name: string, synthetic: boolean, changes: object = {}) =>
    encodeResult(exampleResult({
      metadata: { ...changes, data: { ...exampleMetadata.data, name, synthetic } },
    }));
  try {
    await put("synthetic-smic", "a", on("synthetic-smic", true));
    await put("synthetic-casme2", "a", on("synthetic-casme2", true));
    await put("megc2019-flow", "a", on("megc2019-flow", false));
    const parameters = { ...exampleMetadata.parameters, epochSelection: "best-held-out" };
    const theirs = { protocol: "paper", optimistic: true, parameters };
    await put("megc2019-flow", "a.paper", on("megc2019-flow", false, theirs));
    await put("megc2019-flow", "damaged", new Uint8Array(10));
    await body(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("the report is one file that loads nothing and is the same each time", async () => {
  await withResults(async (folder) => {
    const html = reportHtml(await buildReport(folder));
    // Neither programs, nor anything from elsewhere; the names of SVG's own languages are no addresses to load.
    assert.doesNotMatch(html, /<script|<link|<iframe|@import|\bsrc=|url\((?!#)/);
    assert.doesNotMatch(html, /href="(?!#)/);
    assert.equal(html, reportHtml(await buildReport(folder)));
    for (const [, id] of html.matchAll(/href="#([^"]+)"/g)) {
      assert.ok(html.includes(`<section id="${id}">`), id);
    }
  });
});

Deno.test("the report says what is synthetic, optimistic and unreadable", async () => {
  await withResults(async (folder) => {
    for (const render of [reportHtml, reportMarkdownPage]) {
      const text = render(await buildReport(folder));
      assert.match(text, /Drawn clips in the paper's layout \(synthetic\)/);
      assert.match(text, /synthetic data: this says nothing about faces/);
      assert.match(text, /optimistic: held-out labels selected each fold.s best epoch/);
      assert.match(text, /damaged\.arrow/);
      assert.match(text, /Of 36 printed accuracies 1 can be such a share/);
    }
  });
});

Deno.test("the report has a column a data set in the paper's order, with every cell's number", async () => {
  await withResults(async (folder) => {
    const { sections } = await buildReport(folder);
    const drawn = sections.find(({ id }) => id === "drawn-clips")!;
    const table = drawn.parts.find((part) => part.kind === "table")!;
    assert.ok(table.kind === "table");
    assert.deepEqual(table.head, [
      "method",
      "synthetic-smic (synthetic, shaped like SMIC-HS)",
      "synthetic-casme2 (synthetic, shaped like CASME II)",
    ]);
    const [row] = table.rows;
    for (const cell of row!.slice(1)) {
      assert.ok(typeof cell === "object" && "strong" in cell);
      assert.match(cell.strong, /^0\.\d{3}$/);
      assert.match(cell.lines[0]!, /^0\.\d{3} to 0\.\d{3}$/);
    }
    const maps = sections.find(({ id }) => id === "megc2019-flow")!;
    const real = maps.parts.find((part) => part.kind === "table")!;
    assert.ok(real.kind === "table" && real.rows.length === 2);
    // The same predictions under both protocols: nothing is added.
    const added = sections.find(({ id }) => id === "inflation")!.parts[1]!;
    assert.ok(added.kind === "table");
    assert.deepEqual(added.rows[0]!.at(-1), {
      strong: "0.000",
      lines: ["0.000 to 0.000", "p = 1.000"],
    });
  });
});

Deno.test("the report begins with what reproduces, what does not, and what was changed", async () => {
  await withResults(async (folder) => {
    const [, ...lead] = (await buildReport(folder)).lead;
    const answers = lead.find((part) => part.kind === "table")!;
    assert.ok(answers.kind === "table" && answers.caption === "At a glance");
    const text = JSON.stringify(answers.rows);
    for (
      const said of [
        /Does the paper's Table 1 reproduce\?.*Not tested: 0 of 36 cells.*--data raw/,
        /Do methods reproduce on public real clips \(megc2019-flow\)\?.*Nothing to compare/,
        /What do published habits add.*counts over the stated clips.*1 of 36 can/,
        /way from frames to scores.*\d of 2 scores on drawn clips.*says nothing about faces/,
        /What was changed\?.*\d+ departures from publications/,
      ]
    ) assert.match(text, said);
  });
});

Deno.test("the summary notebook shows the paper's layout, costs and charts, and saves them", async () => {
  await withResults(async (folder) => {
    const notebook = join(root, "notebooks", "summary.ipynb");
    const parameters = { table: "table1", data: "synthetic-smic" };
    const { text } = await executeNotebook(notebook, {
      parameters,
      env: { FLEETING_RESULTS: folder },
    });
    assert.match(text, /synthetic-casme2 \(synthetic, shaped like CASME II\)/);
    assert.match(text, /Recall of each class on synthetic-smic/);
    assert.match(text, /MFLOPs, one clip forth/);
    const charts = join(folder, "synthetic-smic", "table1", "charts");
    const names = [...Deno.readDirSync(charts)].map(({ name }) => name).sort();
    assert.deepEqual(names, [
      "confusion-example-net.svg",
      "databases.svg",
      "recall.svg",
      "uf1.svg",
    ]);
  });
});

Deno.test("the audit notebook runs on a folder of results", async () => {
  await withResults(async (folder) => {
    const notebook = join(root, "notebooks", "audit.ipynb");
    const { text } = await executeNotebook(notebook, { env: { FLEETING_RESULTS: folder } });
    assert.match(text, /Of 36 printed accuracies 1 can be such a share/);
    assert.match(text, /fold-mean macro F1/);
    assert.match(text, /UF1 under strict and under published protocols/);
  });
});

Deno.test("the report of an empty folder says what to run", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await assert.rejects(buildReport(folder), /no results to report.*deno task reproduce table1/);
  } finally {
    await Deno.remove(folder);
  }
});

const browser = findBrowser();

Deno.test({
  name:
    "the report is no wider than a phone or a desktop, and has its ink in the dark (in Chromium)",
  ignore: browser === undefined,
  fn: async () => {
    await withResults(async (folder) => {
      const html = reportHtml(await buildReport(folder));
      // What the page's own style comes to, told to a frame around it, whose text --dump-dom shows: a
      // window of its own has no less than 500 pixels.
      const probe = `<script>
        document.querySelectorAll("details").forEach((one) => one.open = true);
        const look = getComputedStyle(document.body);
        parent.postMessage([document.documentElement.scrollWidth, innerWidth, look.color,
          look.backgroundColor, getComputedStyle(document.querySelector(".stacks td")).display]
          .join("|"), "*");
      </script>`;
      const page = join(folder, "frame.html");
      await Deno.writeTextFile(
        join(folder, "probe.html"),
        html.replace("</body>", `${probe}</body>`),
      );
      const look = async (width: number, dark: boolean) => {
        await Deno.writeTextFile(
          page,
          `<title></title><script>onmessage = ({ data }) => document.title = data;</script>
          <iframe src="probe.html" style="width: ${width}px; height: 900px; border: 0"></iframe>`,
        );
        const { stdout } = await new Deno.Command(browser!, {
          args: [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--window-size=1400,900",
            "--virtual-time-budget=10000",
            ...(dark ? ["--blink-settings=preferredColorScheme=0"] : []),
            `--user-data-dir=${join(folder, "profile")}`,
            "--dump-dom",
            `file://${page}`,
          ],
          stderr: "null",
        }).output();
        const title = /<title>([^<]*)<\/title>/.exec(new TextDecoder().decode(stdout))![1]!;
        const [content, window, ink, paper, cell] = title.split("|");
        return { content: Number(content), window: Number(window), ink, paper, cell };
      };
      for (const width of [360, 1280]) {
        const { content, window, ink, paper, cell } = await look(width, false);
        // The answers of the first screen stand below each other on a phone.
        assert.equal(cell, width < 700 ? "block" : "table-cell");
        assert.equal(window, width);
        assert.ok(content <= window, `${content} pixels in a window of ${window}`);
        assert.deepEqual([ink, paper], ["rgb(26, 26, 26)", "rgb(255, 255, 255)"]);
      }
      const { ink, paper } = await look(1280, true);
      assert.deepEqual([ink, paper], ["rgb(232, 232, 232)", "rgb(22, 24, 27)"]);
    });
  },
});

Deno.test("deviationsIn() takes a departure to the end of its paragraph, with its line", () => {
  const source = [
    "/**",
    " * Something.",
    " *",
    " * DEVIATION: the paper says one thing;",
    " * here it is another.",
    " *",
    " * More.",
    " * DEVIATION: twice",
    " * DEVIATION: in a row",
    " */",
    "const x = 1; // DEVIATION: not at the line's beginning",
    "  // DEVIATION: in a line",
    "  const y = 2;",
    "/** DEVIATION: all in one. */",
  ].join("\n");
  assert.deepEqual(deviationsIn(source, "f.ts").map(({ line, text }) => [line, text]), [
    [4, "the paper says one thing; here it is another."],
    [8, "twice"],
    [9, "in a row"],
    [12, "in a line"],
    [14, "all in one."],
  ]);
});

Deno.test("gatherDeviations() finds every mark of the library", async () => {
  const found = await gatherDeviations();
  const { stdout } = await new Deno.Command("git", {
    args: ["grep", "-n", "DEVIATION: ", "--", "lib/*.ts", "experiments/*.ts"],
  }).output();
  const marks = new TextDecoder().decode(stdout).trim().split("\n")
    .filter((line) => !/_test\.ts:|lib\/report\/deviations\.ts:/.test(line));
  const places = new Set(found.map(({ file, line }) => `${file}:${line}`));
  const missed = marks.map((line) => line.split(":").slice(0, 2).join(":"))
    .filter((place) => !places.has(place));
  assert.deepEqual(missed, []);
  assert.ok(found.length >= 60);
  for (const { file, text } of found) assert.ok(text.length > 10, file);
});
