import assert from "node:assert/strict";
import { flatten, leafOf, mapTree, subtreeOf, unflatten } from "./tree.ts";

const leaf = (...shape: number[]) => ({ shape });
const tree = { b: leaf(2), a: { y: leaf(3, 1), x: { z: leaf(4) } } };

Deno.test("flatten() names arrays by their path, in the tree's order", () => {
  const expected = [["b", leaf(2)], ["a.y", leaf(3, 1)], ["a.x.z", leaf(4)]];
  assert.deepEqual(flatten(tree), expected);
  assert.deepEqual(flatten({}), []);
  assert.throws(() => flatten({ "a.b": leaf(1) }), /contains a dot/);
});

Deno.test("unflatten() is the inverse of flatten()", () => {
  assert.deepEqual(unflatten(tree, flatten(tree).map(([, array]) => array)), tree);
  assert.throws(() => unflatten(tree, [leaf(1)]), /1 arrays into a tree of 3/);
});

Deno.test("mapTree() passes the full name", () => {
  const names: string[] = [];
  const mapped = mapTree(tree, ({ shape }, name) => {
    names.push(name);
    return { shape: [...shape, 9] };
  });
  assert.deepEqual(names, ["b", "a.y", "a.x.z"]);
  assert.deepEqual(mapped.b, leaf(2, 9));
});

Deno.test("leafOf() and subtreeOf() tell arrays from trees", () => {
  assert.deepEqual(leafOf(tree, "b"), leaf(2));
  assert.throws(() => leafOf(tree, "a"), /no array 'a'/);
  assert.deepEqual(subtreeOf(tree.a, "x"), { z: leaf(4) });
  assert.deepEqual(subtreeOf(tree, "missing"), {});
  assert.throws(() => subtreeOf(tree, "b"), /is an array/);
});
