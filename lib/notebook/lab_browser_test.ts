import assert from "node:assert/strict";
import { join } from "@std/path";
import puppeteer, { type Browser, type Page } from "puppeteer-core";
import { setUpLab, startLab } from "./lab.ts";
import { findBrowser, root } from "./testing.ts";

const browser = findBrowser();

// What the page has: its document, and JupyterLab's own objects through `--expose-app-in-browser`. The types of
// browsers would hide Deno's.
// deno-lint-ignore no-explicit-any
type Node = any;
declare const document: Node;
declare const jupyterapp: Node;

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return (listener.addr as Deno.NetAddr).port;
}

/** Opens a copy of a notebook in JupyterLab, in a page of Chromium. */
async function inLab(notebook: string, use: (page: Page) => Promise<void>): Promise<void> {
  await setUpLab({ root });
  // Inside the repository, for its import map; two folders deep, as notebooks are.
  const folder = await Deno.makeTempDir({ dir: join(root, ".cache"), prefix: "lab-test-" });
  const settings = join(folder, "settings");
  const tracker = join(settings, "@jupyterlab", "notebook-extension");
  await Deno.mkdir(tracker, { recursive: true });
  // Cells out of sight would not be in the page.
  await Deno.writeTextFile(
    join(tracker, "tracker.jupyterlab-settings"),
    '{ "windowingMode": "none" }',
  );
  await Deno.mkdir(join(folder, "notebooks"));
  await Deno.copyFile(
    join(root, "notebooks", notebook),
    join(folder, "notebooks", notebook),
  );
  const port = freePort();
  const end = new AbortController();
  const lab = startLab(root, [
    "--no-browser",
    `--port=${port}`,
    "--IdentityProvider.token=test",
    "--expose-app-in-browser",
    `--LabApp.user_settings_dir=${settings}`,
    "--log-level=ERROR",
  ], { signal: end.signal, folder });
  let opened: Browser | undefined;
  try {
    opened = await puppeteer.launch({
      executablePath: browser!,
      args: ["--no-sandbox", "--disable-gpu"],
      userDataDir: join(folder, "profile"),
    });
    const page = await opened.newPage();
    await page.setViewport({ width: 1280, height: 900 });
    const address = `http://127.0.0.1:${port}/lab/tree/notebooks/${notebook}?token=test`;
    for (let attempt = 0;; attempt++) {
      const answer = await page.goto(address).catch(() => undefined);
      if (answer?.ok()) break;
      assert.ok(attempt < 120, "JupyterLab does not answer");
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    await use(page);
  } finally {
    await opened?.close();
    end.abort();
    await lab;
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test({
  name: "the tour runs in JupyterLab, and everything that it shows is to be seen (in Chromium)",
  ignore: browser === undefined,
  fn: async () => {
    await inLab("explore.ipynb", async (page) => {
      const patience = { timeout: 300_000 };
      await page.waitForFunction(
        () =>
          (globalThis as Node).jupyterapp?.shell.currentWidget?.context?.sessionContext?.session
            ?.kernel
            ?.status === "idle",
        patience,
      );
      // How often the drawing of the training changes while it trains.
      await page.evaluate(() => {
        const { model } = jupyterapp.shell.currentWidget.content;
        const seen = new Set<string>();
        Object.assign(globalThis, { seen });
        for (const cell of model.cells) {
          if (!cell.sharedModel.getSource().includes("watchTraining(")) continue;
          if (cell.sharedModel.getSource().startsWith("import")) continue;
          cell.outputs.changed.connect(() => {
            const text = cell.outputs.get(0)?.data["text/plain"];
            if (text) seen.add(String(text));
          });
        }
        // Not awaited: the page stays free to be asked.
        void jupyterapp.commands.execute("notebook:run-all-cells");
      });
      await page.waitForFunction(() => {
        const cells = ([...jupyterapp.shell.currentWidget.content.model.cells] as Node[])
          .filter((cell) => cell.type === "code");
        const failed = cells.some((cell) =>
          [...Array(cell.outputs.length).keys()]
            .some((i) => cell.outputs.get(i).type === "error")
        );
        const { status } = jupyterapp.shell.currentWidget.context.sessionContext.session
          .kernel;
        const empty = (cell: Node) => cell.sharedModel.getSource().trim() === "";
        return failed ||
          status === "idle" && cells.every((cell) => cell.executionCount !== null || empty(cell));
      }, patience);
      await new Promise((resolve) => setTimeout(resolve, 1000));
      const found = await page.evaluate(() => {
        const all = (selector: string) => [...document.querySelectorAll(selector)] as Node[];
        const size = (one: Node) => one.getBoundingClientRect();
        return {
          errors: all(
            '[data-mime-type="application/vnd.jupyter.error"], [data-mime-type="application/vnd.jupyter.stderr"]',
          ).map((one) => one.textContent),
          pictures: all(".jp-OutputArea-output img").map((one) => one.naturalWidth),
          charts: all(".vega-embed canvas, .vega-embed svg.marks").map((one) => size(one).width),
          tables: all(".jp-RenderedHTML table tbody tr").length,
          drawings: (globalThis as Node).seen.size as number,
        };
      });
      if (Deno.env.has("FLEETING_SCREENSHOTS")) {
        const file = join(Deno.env.get("FLEETING_SCREENSHOTS")!, "tour.png");
        const height = await page.evaluate(() =>
          document.querySelector(".jp-WindowedPanel-outer")!.scrollHeight
        );
        await page.setViewport({ width: 1280, height: Math.min(16_000, height + 200) });
        await page.evaluate(() =>
          document.querySelector(".jp-WindowedPanel-outer")!.scrollTo(0, 0)
        );
        await new Promise((resolve) => setTimeout(resolve, 1000));
        await page.screenshot({ path: file as `${string}.png` });
      }
      assert.deepEqual(found.errors, []);
      assert.ok(found.pictures.length >= 4 && found.pictures.every((width) => width > 0));
      assert.ok(found.charts.length >= 2 && found.charts.every((width) => width > 100));
      assert.ok(found.tables > 10);
      assert.ok(found.drawings >= 2, `the training was drawn ${found.drawings} times`);
    });
  },
});
