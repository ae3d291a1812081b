/**
 * A line search for the strong Wolfe conditions (Nocedal and Wright 2006, algorithms 3.5 and 3.6): first a step that is too long, then between
 * there and the best one so far. Values come from float32: differences within their rounding count as none.
 */

/** A point on the line: its distance, the value there and the slope along the line. */
export interface Point {
  readonly t: number;
  readonly value: number;
  readonly slope: number;
}

/** A step must keep this share of the decrease that the slope at its beginning promises, and lose this share of that slope. */
const SUFFICIENT_DECREASE = 1e-4;
const CURVATURE = 0.9;
/** Relative error of a sum of float32 values. */
const ROUNDING = 2 ** -22;
const ATTEMPTS = 25;

/** The point found, or null where none is lower than the start. The slope at the start, t = 0, is negative. */
export async function searchLine<P extends Point>(
  at: (t: number) => Promise<P>,
  start: Point,
  first: number,
): Promise<P | null> {
  const tooHigh = ({ t, value }: Point) =>
    !(value <= start.value + SUFFICIENT_DECREASE * t * start.slope + ROUNDING * Math.abs(start.value));
  const flat = ({ slope }: Point) => Math.abs(slope) <= -CURVATURE * start.slope;

  let low: Point = start;
  let best: P | null = null;
  let high: Point | null = null;
  let t = first;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const point = await at(t);
    if (tooHigh(point) || (best && point.value > best.value)) high = point;
    else {
      if (flat(point)) return point;
      // where it rises again at this end, the minimum lies between here and the last low point
      if (point.slope * ((high?.t ?? Infinity) - low.t) >= 0) high = low;
      low = best = point;
    }
    t = high ? between(low, high) : 2 * t;
  }
  return best;
}

/** The minimum of the cubic through two points, kept away from both. */
function between(low: Point, high: Point): number {
  const width = high.t - low.t;
  const d1 = low.slope + high.slope - (3 * (low.value - high.value)) / (low.t - high.t);
  const root = Math.sign(width) * Math.sqrt(d1 * d1 - low.slope * high.slope);
  const share = 1 - (high.slope + root - d1) / (high.slope - low.slope + 2 * root);
  return low.t + width * (share >= 0.1 && share <= 0.9 ? share : 0.5);
}
