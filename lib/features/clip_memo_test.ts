import assert from "node:assert/strict";
import { volume } from "lib/core/volume.ts";
import { oncePerClip } from "./clip_memo.ts";

Deno.test("oncePerClip() computes once for each clip and each options", () => {
  let calls = 0;
  const first = oncePerClip(({ data }, { times }: { times: number }) => {
    calls++;
    return data[0]! * times;
  });
  const [a, b] = [volume(Float32Array.of(3), [1]), volume(Float32Array.of(3), [1])];
  assert.deepEqual([first(a, { times: 2 }), first(a, { times: 2 }), calls], [6, 6, 1]);
  assert.deepEqual([first(a, { times: 5 }), first(b, { times: 2 }), calls], [15, 6, 3]);
});
