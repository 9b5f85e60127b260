import assert from "node:assert/strict";
import { workbook } from "./workbook.ts";

Deno.test("workbook() gives equal bytes for equal cells, whenever it is called", async () => {
  const rows = [["Subject", "", "Onset"], [1, "", 46], ["006", "/", 0.5]];
  const first = await workbook("page", rows);
  await new Promise((resolve) => setTimeout(resolve, 2100)); // Times in a ZIP file count two seconds.
  assert.deepEqual(await workbook("page", rows), first);
  assert.notDeepEqual(await workbook("page", rows.slice(1)), first);
});
