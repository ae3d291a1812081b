/**
 * One weight under Quickprop in float64, from the text of Fahlman 1988, "An empirical study of learning speed in back-propagation networks",
 * section 3.3: a parabola through the last two slopes; no step larger than mu times the one before, and that one where the parabola opens
 * downwards or its step leads uphill; epsilon times the slope besides, unless the slope has turned.
 */
export interface Quickprop {
  readonly epsilon: number;
  readonly mu: number;
}

/** The weight after every slope, from weight 0. */
export function quickprop(slopes: readonly number[], { epsilon, mu }: Quickprop): number[] {
  let weight = 0;
  let step = 0;
  let before = 0;
  return slopes.map((slope) => {
    let next = 0;
    if (step !== 0) {
      const jump = (slope / (before - slope)) * step;
      const usable = Number.isFinite(jump) && Math.abs(jump) <= mu * Math.abs(step) && jump * slope <= 0;
      next = usable ? jump : mu * step;
    }
    if (slope * before >= 0) next -= epsilon * slope;
    weight += next;
    step = next;
    before = slope;
    return weight;
  });
}
