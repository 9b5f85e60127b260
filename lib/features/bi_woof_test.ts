import assert from "node:assert/strict";
import { rng } from "lib/core/rng.ts";
import { volume } from "lib/core/volume.ts";
import { biWoof, type StrainedFlow, strainedFlow } from "./bi_woof.ts";

type Vector = readonly [u: number, v: number, strain: number];

/** A field from a function of the pixel. */
function field(
  [width, height]: readonly [number, number],
  at: (x: number, y: number) => Vector,
): StrainedFlow {
  const pixels = Array.from(
    { length: width * height },
    (_, i) => at(i % width, Math.floor(i / width)),
  );
  const plane = (k: number) => Float32Array.from(pixels, (pixel) => pixel[k]!);
  return { width, height, u: plane(0), v: plane(1), strain: plane(2) };
}

/** A random field whose vectors keep away from the edges between bins. */
function randomField(turn = 0, scale = 1): StrainedFlow {
  const stream = rng(5, "field");
  return field([14, 11], () => {
    const angle = (stream.integer(8) + 0.2 + 0.6 * stream.next()) * Math.PI / 4 + turn;
    const magnitude = scale * stream.next();
    return [magnitude * Math.cos(angle), magnitude * Math.sin(angle), stream.next()];
  });
}

function near(actual: Iterable<number>, expected: Iterable<number>): void {
  const [a, b] = [[...actual], [...expected]];
  assert.equal(a.length, b.length);
  a.forEach((value, i) => assert.ok(Math.abs(value - b[i]!) < 1e-6, `${i}: ${value}, ${b[i]}`));
}

Deno.test("biWoof() puts each direction into its bin of [-180°, 180°)", () => {
  const directions = [
    ...[[-1, 0, 0], [-1, -0.5, 0], [-0.5, -1, 1], [0, -1, 2], [0.5, -1, 2], [1, -0.5, 3]],
    ...[[1, 0, 4], [1, 0.5, 4], [1, 1, 5], [0, 1, 6], [-0.5, 1, 6], [-1, 0.5, 7]],
  ] as const;
  for (const [u, v, bin] of directions) {
    const descriptor = biWoof(field([4, 4], () => [u, v, 1]), { blocks: 1, bins: 8 });
    assert.deepEqual([...descriptor], [0, 1, 2, 3, 4, 5, 6, 7].map((k) => Number(k === bin)));
  }
});

Deno.test("biWoof() weighs pixels by magnitude and blocks by mean strain", () => {
  // Left block: 3 px right and 1 px down, strain 2. Right block: 5 px left, strain 1.
  const flow = field([2, 2], (x, y) => x === 1 ? [-5, 0, 1] : y === 0 ? [3, 0, 2] : [0, 1, 2]);
  const twoWide = biWoof(
    { ...field([4, 2], (x, y) => at(flow, x >> 1, y)), height: 2 },
    { blocks: 2, bins: 4 },
  );
  // Bins of 90°: left −180°, up −90°, right 0°, down 90°; blocks: top left, top right, bottom ….
  const unscaled = [[0, 0, 2, 0], [1, 0, 0, 0], [0, 0, 0, 2], [1, 0, 0, 0]].flat();
  near(twoWide, unscaled.map((value) => value / Math.sqrt(10)));
  // In one block: (3·right + 1·down + 10·left) / 14.
  const oneBlock = biWoof(flow, { blocks: 1, bins: 4 });
  near(oneBlock, [10, 0, 3, 1].map((value) => value / Math.sqrt(110)));
});

function at({ u, v, strain, width }: StrainedFlow, x: number, y: number): Vector {
  const i = y * width + x;
  return [u[i]!, v[i]!, strain[i]!];
}

Deno.test("biWoof() of a field turned by 45° has its bins moved on by one", () => {
  const options = { blocks: 3, bins: 8 };
  const before = biWoof(randomField(), options);
  const after = biWoof(randomField(Math.PI / 4), options);
  near(after, before.map((_, i) => before[i - i % 8 + (i + 7) % 8]!));
});

Deno.test("biWoof() does not change with the scale of flow or of strain", () => {
  const options = { blocks: 4, bins: 8 };
  const flow = randomField();
  near(biWoof(randomField(0, 50), options), biWoof(flow, options));
  near(biWoof({ ...flow, strain: flow.strain.map((s) => 7 * s) }, options), biWoof(flow, options));
});

Deno.test("biWoof() uses every pixel once when the side does not divide evenly", () => {
  // 28 pixels in 5 blocks: edges at 0, 6, 11, 17, 22, 28. A pixel alone decides its block.
  const edges = [0, 6, 11, 17, 22, 28];
  for (let x = 0; x < 28; x++) {
    const flow = field([28, 28], (px, py) => px === x && py === 27 ? [1, 0.1, 1] : [0, 0, 1]);
    const descriptor = biWoof(flow, { blocks: 5, bins: 8 });
    const column = edges.findLastIndex((edge) => edge <= x);
    assert.equal(descriptor.indexOf(1), (4 * 5 + column) * 8 + 4);
  }
});

Deno.test("biWoof() has norm 1, and is zero without flow or without strain", () => {
  const options = { blocks: 3, bins: 8 };
  assert.ok(Math.abs(Math.hypot(...biWoof(randomField(), options)) - 1) < 1e-12);
  const still = biWoof(field([6, 6], () => [0, 0, 1]), options);
  const rigid = biWoof(field([6, 6], () => [1, 0, 0]), options);
  assert.deepEqual([...still, ...rigid], new Array(2 * 72).fill(0));
});

Deno.test("strainedFlow() takes the planes of a field apart, and nothing but a field", () => {
  const flow = strainedFlow(volume(Float32Array.from([1, 2, 3, 4, 5, 6]), [2, 1, 3]));
  const [u, v, strain] = [[1, 4], [2, 5], [3, 6]].map((values) => Float32Array.from(values));
  assert.deepEqual(flow, { width: 1, height: 2, u, v, strain });
  assert.throws(() => strainedFlow(volume(new Float32Array(4), [2, 1, 2])), RangeError);
});

Deno.test("biWoof() refuses planes and options that do not fit", () => {
  const flow = randomField();
  assert.throws(() => biWoof({ ...flow, width: 13 }, { blocks: 3, bins: 8 }), RangeError);
  assert.throws(() => biWoof({ ...flow, strain: new Float32Array(3) }, { blocks: 3, bins: 8 }));
  for (
    const options of [{ blocks: 12, bins: 8 }, { blocks: 0, bins: 8 }, { blocks: 3, bins: 1.5 }]
  ) {
    assert.throws(() => biWoof(flow, options), RangeError);
  }
});
