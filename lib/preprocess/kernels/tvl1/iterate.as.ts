/**
 * The inner iterations: thresholding, divergence, primal and dual step in one sweep over the image.
 */
import {
  firstLanes,
  GX,
  GY,
  NEXT_U1,
  NEXT_U2,
  P11,
  P12,
  P21,
  P22,
  RECORD,
  recordsOf,
  RHO,
  STEP,
  U1,
  U2,
} from "./records.as";

// DEVIATION: rows are summed in double precision; OpenCV sums all pixels in single precision, which
// loses digits the more pixels there are.
let error: f64 = 0;

/** The sum of squared changes of the flow in the last iteration. */
export function lastError(): f64 {
  return error;
}

/** a · b + c, rounded twice: fused multiply-add would differ between processors. */
// @ts-ignore: decorator
@inline
function madd(a: v128, b: v128, c: v128): v128 {
  return f32x4.add(f32x4.mul(a, b), c);
}

// @ts-ignore: decorator
@inline
function sumOfLanes(v: v128): f64 {
  return <f64> f32x4.extract_lane(v, 0) + <f64> f32x4.extract_lane(v, 1) +
    <f64> f32x4.extract_lane(v, 2) + <f64> f32x4.extract_lane(v, 3);
}

/**
 * The primal step of one record: thresholding and u ← v + θ div p, the dual variables being stored
 * as p · θ/τ.
 *
 * The record to the left of a row's first one is the last of the row before. Its last lane is 0 in
 * P11 and P21, spare or not, as is right for a pixel without a left neighbour.
 *
 * @param up the record in the row above; read unless `first`
 * @param first constant: there is no row above
 * @returns the squared change of the flow
 */
// @ts-ignore: decorator
@inline
function primal(at: usize, up: usize, limit: v128, minusLimit: v128, tau: v128, first: bool): v128 {
  const u1 = v128.load(at, U1), u2 = v128.load(at, U2);
  const gx = v128.load(at, GX), gy = v128.load(at, GY);
  // Thresholding is a clamp: -rho / |g|² between -λθ and λθ.
  const rho = madd(gy, u2, madd(gx, u1, v128.load(at, RHO)));
  const k = f32x4.pmin(limit, f32x4.pmax(minusLimit, f32x4.mul(rho, v128.load(at, STEP))));
  const p11 = v128.load(at, P11), left11 = v128.load(at - RECORD, P11);
  const p21 = v128.load(at, P21), left21 = v128.load(at - RECORD, P21);
  let div1 = f32x4.add(f32x4.sub(p11, i32x4.shuffle(left11, p11, 3, 4, 5, 6)), v128.load(at, P12));
  let div2 = f32x4.add(f32x4.sub(p21, i32x4.shuffle(left21, p21, 3, 4, 5, 6)), v128.load(at, P22));
  if (!first) {
    div1 = f32x4.sub(div1, v128.load(up, P12));
    div2 = f32x4.sub(div2, v128.load(up, P22));
  }
  const change1 = madd(tau, div1, f32x4.mul(k, gx));
  const change2 = madd(tau, div2, f32x4.mul(k, gy));
  v128.store(at, f32x4.add(u1, change1), U1);
  v128.store(at, f32x4.add(u2, change2), U2);
  return madd(change1, change1, f32x4.mul(change2, change2));
}

/** rate / (rate + |∇u|) */
// @ts-ignore: decorator
@inline
function shrink(dx: v128, dy: v128, rate: v128): v128 {
  return f32x4.div(rate, f32x4.add(rate, f32x4.sqrt(madd(dx, dx, f32x4.mul(dy, dy)))));
}

/**
 * The dual step of one record, p ← (p + τ/θ ∇u) / (1 + τ/θ |∇u|), for p scaled by rate = θ/τ.
 *
 * @param down the record in the row below; `at` itself in the last row
 * @param edge the lanes that have a neighbour to their right; read only if `last`
 * @param last constant: this is the last record of a row
 */
// @ts-ignore: decorator
@inline
function dual(at: usize, down: usize, rate: v128, edge: v128, last: bool): void {
  const u1 = v128.load(at, U1), u2 = v128.load(at, U2);
  let x1 = f32x4.sub(i32x4.shuffle(u1, v128.load(at, NEXT_U1), 1, 2, 3, 4), u1);
  let x2 = f32x4.sub(i32x4.shuffle(u2, v128.load(at, NEXT_U2), 1, 2, 3, 4), u2);
  if (last) {
    x1 = v128.and(x1, edge);
    x2 = v128.and(x2, edge);
  }
  const y1 = f32x4.sub(v128.load(down, U1), u1), y2 = f32x4.sub(v128.load(down, U2), u2);
  const shrink1 = shrink(x1, y1, rate), shrink2 = shrink(x2, y2, rate);
  v128.store(at, f32x4.mul(f32x4.add(v128.load(at, P11), x1), shrink1), P11);
  v128.store(at, f32x4.mul(f32x4.add(v128.load(at, P12), y1), shrink1), P12);
  v128.store(at, f32x4.mul(f32x4.add(v128.load(at, P21), x2), shrink2), P21);
  v128.store(at, f32x4.mul(f32x4.add(v128.load(at, P22), y2), shrink2), P22);
}

/**
 * Iterates until the sum of squared changes is at most `stop`, or `most` times.
 *
 * A sweep takes the primal step of a row together with the dual step of the row above, whose old
 * dual variables nothing needs any more. The dual step follows one record behind, so that its
 * square roots and divisions do not wait for the primal step's results. Rows go from right to left:
 * the record at the edge comes first, and the loop behind it need not ask.
 *
 * @param lambdaTheta λ · θ
 * @returns the number of iterations; {@linkcode lastError} tells the last sum
 */
export function iterate(
  rows: usize,
  stride: usize,
  width: i32,
  height: i32,
  lambdaTheta: f32,
  tau: f32,
  theta: f32,
  most: i32,
  stop: f64,
): i32 {
  const limit = f32x4.splat(lambdaTheta), minusLimit = f32x4.splat(-lambdaTheta);
  const step = f32x4.splat(tau), rate = f32x4.splat(theta / tau);
  const count = recordsOf(width), edge = firstLanes(width - 4 * count + 3);
  const toLast = <usize> (count - 1) * RECORD, end = rows + stride * <usize> height;
  let done = 0;
  do {
    let changes = f32x4.splat(0);
    for (let at = rows + toLast; at >= rows; at -= RECORD) {
      changes = f32x4.add(changes, primal(at, at, limit, minusLimit, step, true));
    }
    error = sumOfLanes(changes);
    for (let row = rows + stride; row < end; row += stride) {
      let at = row + toLast, up = at - stride;
      changes = primal(at, up, limit, minusLimit, step, false);
      dual(up, at, rate, edge, true);
      at -= RECORD;
      up -= RECORD;
      changes = f32x4.add(changes, primal(at, up, limit, minusLimit, step, false));
      while (at > row) {
        const right = at, upRight = up;
        at -= RECORD;
        up -= RECORD;
        changes = f32x4.add(changes, primal(at, up, limit, minusLimit, step, false));
        dual(upRight, right, rate, edge, false);
      }
      dual(up, at, rate, edge, false);
      error += sumOfLanes(changes);
    }
    const last = end - stride;
    dual(last + toLast, last + toLast, rate, edge, true);
    for (let at = last + toLast - RECORD; at >= last; at -= RECORD) {
      dual(at, at, rate, edge, false);
    }
    done++;
  } while (done < most && error > stop);
  return done;
}
