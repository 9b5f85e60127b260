/**
 * Loading a native library without the greetings it writes to standard error.
 *
 * TensorFlow prints two lines while it is being loaded, before it reads its own log level, so no
 * environment variable stops them. The file descriptor is turned away for the time of the load.
 *
 * @module
 */
import { closeSync, openSync, readFileSync, unlinkSync } from "node:fs";

/** Lines that a healthy load of TensorFlow prints: absl's notice and its log lines up to `E`. */
const chatter =
  /^(WARNING: All log messages before absl|[IWE]\d{4} [\d:.]+ |To enable the following|$)/;

const libc = Deno.build.os === "darwin" ? "libSystem.B.dylib" : "libc.so.6";

/**
 * Calls `load` while the process's standard error goes to a file, then puts it back and prints what
 * was not mere chatter. When `load` throws, everything it printed is printed.
 *
 * Does nothing special where the C library cannot be reached (other systems, no `--allow-ffi`).
 *
 * @param load must be synchronous: whatever the process prints meanwhile is held back too
 */
export function quietly<T>(load: () => T): T {
  const descriptors = openLibc();
  if (!descriptors) return load();
  const { dup, dup2, close } = descriptors.symbols;
  const path = Deno.makeTempFileSync({ prefix: "fleeting-load-" });
  const file = openSync(path, "w");
  const stderr = dup(2);
  dup2(file, 2);
  let loaded = false;
  try {
    const result = load();
    loaded = true;
    return result;
  } finally {
    dup2(stderr, 2);
    close(stderr);
    closeSync(file);
    const lines = readFileSync(path, "utf8").split("\n");
    unlinkSync(path);
    descriptors.close();
    const shown = loaded ? lines.filter((line) => !chatter.test(line)) : lines;
    if (shown.some((line) => line.trim())) console.error(shown.join("\n"));
  }
}

function openLibc() {
  try {
    return Deno.dlopen(
      libc,
      {
        dup: { parameters: ["i32"], result: "i32" },
        dup2: { parameters: ["i32", "i32"], result: "i32" },
        close: { parameters: ["i32"], result: "i32" },
      } as const,
    );
  } catch {
    return undefined;
  }
}
