/**
 * Finding a method by name: the folder `lib/methods` is the list.
 *
 * @module
 */
import { join, toFileUrl } from "@std/path";
import { didYouMean, ParameterError } from "lib/core/errors.ts";
import { root } from "lib/experiment/find.ts";
import type { Method } from "lib/train/method.ts";

/** The module of a method, as a path in the repository. */
export function methodModule(id: string): string {
  return `lib/methods/${id.replaceAll("-", "_")}.ts`;
}

/** The names of all methods, sorted. */
export function listMethods(): string[] {
  return [...Deno.readDirSync(join(root, "lib", "methods"))]
    .map((entry) => entry.name)
    .filter((name) => name.endsWith(".ts") && !name.endsWith("_test.ts"))
    .map((name) => name.slice(0, -".ts".length).replaceAll("_", "-"))
    .sort();
}

/**
 * Loads a method.
 *
 * @throws ParameterError when there is no such method
 */
export async function findMethod(id: string): Promise<Method> {
  if (!listMethods().includes(id)) {
    throw new ParameterError(`Unknown method '${id}'`, { fix: didYouMean(id, listMethods()) });
  }
  const module = await import(toFileUrl(join(root, methodModule(id))).href);
  const method = module.method as Method | undefined;
  if (method?.id !== id) {
    throw new Error(`${methodModule(id)} must export a 'method' with the id '${id}'`);
  }
  return method;
}
