/** Where the names at the ends of lines stand: at their values, or as far above as it takes not to cover each other. Not here: drawing. */

/**
 * @param {{ low: number, high: number, pixels: number, log?: boolean }} scale an axis, `pixels` high
 * @returns {{ position: (value: number) => number, value: (position: number) => number }} pixels above `low`, and back
 */
export function scaleOf({ low, high, pixels, log = false }) {
  const [to, from] = log ? [Math.log, Math.exp] : [Number, Number];
  const unit = (to(high) - to(low)) / pixels;
  return {
    position: (value) => (to(value) - to(low)) / unit,
    value: (position) => from(to(low) + position * unit),
  };
}

/**
 * @template {{ value: number }} P
 * @param {P[]} points
 * @param {ReturnType<typeof scaleOf>} scale
 * @param {number} gap least distance in pixels
 * @returns {P[]} from below, with moved values
 */
export function spread(points, scale, gap) {
  let free = Number.NEGATIVE_INFINITY;
  return [...points]
    .sort((a, b) => a.value - b.value)
    .map((point) => {
      const at = Math.max(scale.position(point.value), free);
      free = at + gap;
      return { ...point, value: scale.value(at) };
    });
}
