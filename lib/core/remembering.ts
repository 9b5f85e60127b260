/**
 * Work that is done once.
 *
 * @module
 */

/**
 * The same work, done once for arguments of the same key; also its failure is kept.
 *
 * @param keyOf what the outcome depends on; by default all arguments as JSON
 */
export function remembering<Args extends readonly unknown[], T>(
  work: (...args: Args) => Promise<T>,
  keyOf: (...args: Args) => string = (...args) => JSON.stringify(args),
): (...args: Args) => Promise<T> {
  const known = new Map<string, Promise<T>>();
  return (...args) => {
    const key = keyOf(...args);
    const found = known.get(key) ?? work(...args);
    known.set(key, found);
    return found;
  };
}
