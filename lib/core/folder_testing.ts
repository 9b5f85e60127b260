/**
 * Folders for tests.
 *
 * @module
 */

/** Runs a test with a new folder, which is removed after it however the test ends. */
export async function withFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "fleeting-test-" });
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
