import assert from "node:assert/strict";
import { rng } from "lib/core/rng.ts";
import { openBackend, tf } from "../backend.ts";
import { codes, type GraphNode } from "./graph_def.ts";
import { openSession } from "./session.ts";

await openBackend();

const T = { type: codes().TF_FLOAT };

function placeholder(name: string, size = 2): GraphNode {
  const shape = { shape: [size] };
  return { name, operation: "Placeholder", inputs: [], attributes: { dtype: T, shape } };
}

function sum(name: string, a: string, b: string): GraphNode {
  return { name, operation: "AddV2", inputs: [a, b], attributes: { T } };
}

/** In float32; one value goes with each of the other's. */
function combine(
  operation: "AddV2" | "Mul",
  a: Float32Array,
  b: Float32Array,
): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: Math.max(a.length, b.length) }, (_, i) => {
    const [x, y] = [a[i % a.length]!, b[i % b.length]!];
    return operation === "Mul" ? x * y : x + y;
  });
}

Deno.test("openSession() adds and multiplies in the order of the graph, for the last digits' sake", () => {
  for (const operation of ["AddV2", "Mul"] as const) {
    const draw = rng(1, operation);
    const terms = Array.from(
      { length: 24 },
      (_, i) => ({ name: `term${i}`, size: i % 3 === 0 ? 1 : 3 }),
    );
    const values = new Map(
      terms.map(({ name, size }) => [name, Float32Array.from({ length: size }, draw.normal)]),
    );
    const nodes = terms.map(({ name, size }) => placeholder(name, size));
    const feeds = Object.fromEntries([...values].map(([name, data]) => [name, tf.tensor1d(data)]));
    // A random tree.
    const open = [...values.keys()];
    while (open.length > 1) {
      const [a, b] = [0, 1].map(() => open.splice(draw.integer(open.length), 1)[0]!) as [
        string,
        string,
      ];
      const name = `node${nodes.length}`;
      nodes.push({ name, operation, inputs: [a, b], attributes: { T } });
      values.set(name, combine(operation, values.get(a)!, values.get(b)!));
      open.push(name);
    }
    const session = openSession(nodes);
    const [found] = session.run(feeds, open) as [tf.Tensor];
    assert.deepEqual([...found.dataSync()], [...values.get(open[0]!)!], operation);
    tf.dispose([found, ...Object.values(feeds)]);
    session.close();
  }
});

Deno.test("openSession() computes any of its nodes, and leaks nothing", () => {
  const before = tf.memory().numTensors;
  const session = openSession([
    placeholder("a"),
    placeholder("b"),
    sum("c", "a", "b"),
    sum("d", "c", "b"),
  ]);
  tf.tidy(() => {
    const feeds = { a: tf.tensor1d([1, 2]), b: tf.tensor1d([3, 5]) };
    const [d, c] = session.run(feeds, ["d", "c"]) as [tf.Tensor, tf.Tensor];
    assert.deepEqual([...c.dataSync(), ...d.dataSync()], [4, 7, 7, 12]);
  });
  session.close();
  assert.equal(tf.memory().numTensors, before);
});
