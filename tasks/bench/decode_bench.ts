/**
 * Our decoding of frames alone, for work on it: `deno bench -A tasks/bench/decode_bench.ts`. The
 * comparison with OpenCV is `deno task bench preprocessing`.
 *
 * @module
 */
import { decodeFrame } from "lib/data/frames.ts";
import { drawFrame, encodeAs, formats } from "./drawn_frames.ts";

for (const format of formats) {
  const bytes = await encodeAs(format, drawFrame(1));
  Deno.bench({
    name: `decoding ${format}, 640×480, colour`,
    fn: async () => void await decodeFrame(bytes, `frame.${format}`),
  });
}
