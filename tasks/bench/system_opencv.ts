/**
 * The OpenCV that the operating system packages: built otherwise than pip's, and faster.
 *
 * @module
 */
import { join } from "@std/path";
import { root } from "lib/experiment/find.ts";
import { runChild } from "lib/setup/child.ts";
import { findCompilers } from "lib/setup/prerequisites.ts";
import { type BenchProcess, startProcess } from "./process.ts";

const installHint = "Debian, Ubuntu: apt install g++ libopencv-contrib-dev";

/**
 * Compiles `system_opencv.cpp` against the system's OpenCV and starts it.
 *
 * @param folder for the program
 * @returns the process, or what is missing and how to get it
 */
export async function openSystemOpenCv(
  folder: string,
): Promise<BenchProcess | { readonly missing: string }> {
  const [compiler] = await findCompilers().catch(() => []);
  if (compiler === undefined) return { missing: `no C++ compiler (${installHint})` };
  const program = join(folder, "system_opencv");
  const compiled = await runChild([
    compiler,
    // Where Debian keeps the headers.
    ..."-O2 -std=c++17 -I/usr/include/opencv4".split(" "),
    join(root, "tasks", "bench", "system_opencv.cpp"),
    ...["-o", program],
    ..."-lopencv_optflow -lopencv_video -lopencv_imgproc -lopencv_core".split(" "),
  ]);
  if (!compiled.ok) return { missing: `not installed (${installHint})` };
  const { output } = await runChild([
    "dpkg-query",
    ..."-W -f ${Version} libopencv-contrib-dev".split(" "),
  ]);
  return await startProcess([program, output.trim()]);
}
