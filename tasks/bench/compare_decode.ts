/**
 * Decoding frames beside `cv2.imdecode`.
 *
 * @module
 */
import { join } from "@std/path";
import { decodeFrame } from "lib/data/frames.ts";
import { type BenchPlace, compare, millisecondsOf } from "./compare.ts";
import { drawFrame, encodeAs, formats } from "./drawn_frames.ts";
import type { Comparison } from "./preprocessing_table.ts";

/** Files in a turn. */
const count = 10;

/** Compares for the formats in which databases come. */
export async function compareDecode({ peers, folder, rounds }: BenchPlace): Promise<Comparison[]> {
  const rows: Comparison[] = [];
  const frames = Array.from({ length: count }, (_, i) => drawFrame(i + 1));
  for (const format of formats) {
    const contents = await Promise.all(frames.map((frame) => encodeAs(format, frame)));
    const files = contents.map((_, i) => join(folder, `frame${i}.${format}`));
    await Promise.all(files.map((file, i) => Deno.writeFile(file, contents[i]!)));
    const out = join(folder, "decoded.u8");
    const ours = async () =>
      await millisecondsOf(async () => {
        for (const [i, bytes] of contents.entries()) await decodeFrame(bytes, files[i]!);
      }) / count;
    rows.push(
      ...await compare({
        what: `decoding ${format.toUpperCase()}, 640×480, colour`,
        unit: "frames/s",
        ours,
        rivals: [{
          beside: `${peers.title("OpenCV")} (pip)`,
          missing: peers.missing("NumPy", "OpenCV"),
          run: async () => Number((await peers.ask({ do: "decode", files, out })).ms),
          async note() {
            const { data } = await decodeFrame(contents[0]!, files[0]!);
            return describeDifference(data, await Deno.readFile(out));
          },
        }],
      }, rounds),
    );
  }
  return rows;
}

function describeDifference(ours: ArrayLike<number>, theirs: Uint8Array): string {
  if (ours.length !== theirs.length) return `${ours.length} values, theirs ${theirs.length}`;
  const largest = theirs.reduce((most, value, i) => Math.max(most, Math.abs(value - ours[i]!)), 0);
  return largest === 0 ? "equal" : `differs by up to ${largest} of 255`;
}
