import assert from "node:assert/strict";
import { rng } from "lib/core/rng.ts";
import { openBackend, tf } from "lib/train/backend.ts";
import { add } from "./add.ts";
import { batchNorm } from "./batch_norm.ts";
import { dense } from "./dense.ts";
import { graph, mergeGraph } from "./graph.ts";
import { relu } from "./relu.ts";
import { flatten } from "./tree.ts";

await openBackend();

const mode = { training: true, rng: rng(1) };

Deno.test("graph() feeds nodes from the one before, or from those they name", () => {
  const block = graph({
    first: relu(),
    sum: { merge: add(), from: ["input", "first", "first"] },
    aside: { block: relu(), from: "input" },
    last: { merge: add(), from: ["sum", "aside"] },
  });
  const [y] = block.apply({}, {}, tf.tensor2d([[1, -2]]), mode);
  // By hand: x + 2 relu(x) + relu(x).
  assert.deepEqual([...y.dataSync()], [4, -2]);
  assert.deepEqual(block.nodes.map(({ name, from }) => [name, ...from]), [
    ["first", "input"],
    ["sum", "input", "first", "first"],
    ["aside", "input"],
    ["last", "sum", "aside"],
  ]);
});

Deno.test("graph() names parameters by their path and passes the state of each node on", () => {
  const inner = graph({ norm: batchNorm() });
  const { params, state, outputShape } = graph({ scores: dense({ units: 2 }), inner }).init(
    rng(1),
    [3],
  );
  const names = flatten(params).map(([name]) => name);
  assert.deepEqual(names, ["scores.kernel", "scores.bias", "inner.norm.gamma", "inner.norm.beta"]);
  assert.deepEqual(Object.keys(state), ["inner"]);
  assert.deepEqual(outputShape, [2]);
});

Deno.test("graph() draws for a node what it draws without the others", () => {
  const node = { scores: dense({ units: 2 }) };
  const kernel = (block: ReturnType<typeof graph>) =>
    flatten(block.init(rng(1), [3]).params).find(([name]) => name === "scores.kernel")?.[1].data;
  assert.deepEqual(kernel(graph({ ...node, more: dense({ units: 4 }) })), kernel(graph(node)));
});

Deno.test("mergeGraph() takes several inputs by name", () => {
  const merge = mergeGraph(["x", "y"], {
    twice: { merge: add(), from: ["y", "y"] },
    sum: { merge: add(), from: ["x", "twice"] },
  });
  const { params, state } = merge.init(rng(1), [[1], [1]]);
  assert.deepEqual([params, state], [{}, {}]);
  const [y] = merge.apply({}, {}, [tf.tensor2d([[1]]), tf.tensor2d([[3]])], mode);
  assert.deepEqual([...y.dataSync()], [7]);
});

Deno.test("graph() refuses nodes it cannot wire", () => {
  assert.throws(() => graph({}), /needs a node/);
  assert.throws(() => graph({ "1": relu() }), /not the number 1/);
  assert.throws(
    () => graph({ early: { block: relu(), from: "late" }, late: relu() }),
    /'early' is fed from 'late', which does not stand before it/,
  );
});
