import assert from "node:assert/strict";
import { movingClips } from "lib/features/lbp/clips_testing.ts";
import { localStrips } from "lib/networks/lgccon.ts";
import { lit, showSpotting } from "./lgccon_view.ts";

const face = { width: 100, height: 2, values: new Float32Array(200).fill(1) };

Deno.test("lit() keeps what the most convinced strip covers bright, and the rest at a fifth", () => {
  const best = 1;
  const [from, to] = localStrips[best]!;
  const scores = localStrips.map((_, i) => i === best ? 3 : -1);
  const { values } = lit(face, scores);
  for (let x = 0; x < 100; x++) {
    const inside = (x + 0.5) / 100 >= from && (x + 0.5) / 100 <= to;
    assert.equal(values[x], inside ? 1 : 0.2, `column ${x}`);
    assert.equal(values[100 + x], values[x]);
  }
});

Deno.test("lit() leaves the face as it is when all strips say the same", () => {
  const { values } = lit(face, localStrips.map(() => 0.5));
  assert.deepEqual(Array.from(values), Array.from(face.values));
});

Deno.test("showSpotting() names the clip that is not there", async () => {
  const samples = movingClips(1);
  const data = { name: "d", synthetic: true, classes: ["a"], channels: ["grey"], digest: "" };
  await assert.rejects(
    showSpotting({ data: { ...data, samples }, parameters: {} }, 99),
    new RegExp(`^RangeError: d has ${samples.length} clips and no clip 99$`),
  );
});
