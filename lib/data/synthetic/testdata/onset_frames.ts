/**
 * Writes the onset frames of all `demo` clips to stdout, for `dlib_points.py`: a line of JSON, then
 * the frame's bytes in red, green and blue.
 *
 * @module
 */
import { toRgb8 } from "lib/face/pixels.ts";
import { recordings } from "../recordings.ts";

for (const set of ["smic", "samm", "casme2"] as const) {
  for (const clip of recordings(set, "demo")) {
    const { subject, name, width, height, onset, truth: { landmarks } } = clip;
    const head = { set, subject, name, width, height, landmarks: [...landmarks] };
    writeAll(new TextEncoder().encode(`${JSON.stringify(head)}\n`));
    writeAll(toRgb8(clip.frame(onset)));
  }
}

function writeAll(bytes: Uint8Array): void {
  for (let sent = 0; sent < bytes.length;) sent += Deno.stdout.writeSync(bytes.subarray(sent));
}
