import assert from "node:assert/strict";
import { volume } from "lib/core/volume.ts";
import { mapFields } from "./map_field.ts";

Deno.test("mapFields() moves u and v to their zero level and leaves strain as it is", () => {
  // u is 0.5, 0.5, 1 and v 0, 1, 0: medians 0.5 and 0.
  const input = volume(Float32Array.from([0.5, 0, 0.25, 0.5, 1, 0, 1, 0, 1]), [1, 3, 3]);
  const sample = { clip: "a/b/c", subject: "a/b", database: "a", label: 0, input };
  const dataset = { name: "maps", synthetic: true, classes: ["x"], channels: ["u", "v", "strain"] };
  const [field] = mapFields({ ...dataset, digest: "", samples: [sample] }).samples;
  assert.deepEqual(field, {
    ...sample,
    input: volume(Float32Array.from([0, 0, 0.25, 0, 1, 0, 0.5, 0, 1]), [1, 3, 3]),
  });
});
