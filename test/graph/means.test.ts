/** Means over rows, columns and everything, on every build, against means taken in float64; their gradients spread evenly. */
import { describe, expect, it } from 'vitest';
import { type Axis, grad, input, mean, mul, ROWS, type Shape, sum } from 'wasmlp/graph';
import { sizes } from '../reference/matrix.js';
import { between, drawn, relativeError } from '../support/numbers.js';
import { engines } from '../support/public-engines.js';
import { run } from '../support/run.js';

const BATCH = 37;

const shapes: readonly Shape[] = [
  [1, 1],
  [1, 9],
  [9, 1],
  [3, 4],
  [5, 257],
  [401, 3],
  [ROWS, 1],
  [ROWS, 8],
  [ROWS, 300],
  [3, ROWS],
];

/** Which entry of the result an entry of x goes into, by the axis that is averaged. */
const places: Readonly<Record<string, (row: number, column: number) => number>> = {
  rows: (_row, column) => column,
  columns: (row) => row,
  all: () => 0,
};

/** Sum and count of every group, in float64. */
function naiveMeans(values: Float32Array, columns: number, place: (row: number, column: number) => number) {
  const sums: number[] = [];
  const counts: number[] = [];
  values.forEach((value, i) => {
    const at = place(Math.floor(i / columns), i % columns);
    sums[at] = (sums[at] ?? 0) + value;
    counts[at] = (counts[at] ?? 0) + 1;
  });
  return { means: sums.map((total, at) => total / counts[at]!), counts };
}

const trials = shapes.flatMap((shape) =>
  Object.entries(places).map(([axis, place]) => ({
    title: `${shape.join(' x ')}, ${axis}`,
    shape,
    axis,
    place,
  })),
);

describe.each(engines)('means on the $build build', ({ engine }) => {
  it.each(trials)('$title', async ({ shape, axis, place }) => {
    const [rows, columns] = sizes(shape, BATCH);
    const x = input('x', shape);
    const y = mean(x, axis === 'all' ? undefined : (axis as Axis));
    const weights = input('weights', y.shape);
    const [dx] = grad(sum(mul(y, weights)), [x]);
    // away from zero, so that a mean is not small against its terms
    const values = drawn(`mean ${shape}`, rows * columns, between(0.5, 1.5));
    const { means, counts } = naiveMeans(values, columns, place);
    const given = drawn(`weights ${shape}`, means.length, between(0.5, 1.5));
    const actual = await run(engine, { y, dx: dx! }, { x: values, weights: given });
    expect(relativeError(actual.y!, means)).toBeLessThanOrEqual(2e-6);
    const spread = Array.from(values, (_, i) => {
      const at = place(Math.floor(i / columns), i % columns);
      return given[at]! / counts[at]!;
    });
    expect(relativeError(actual.dx!, spread)).toBeLessThanOrEqual(2e-6);
  });
});
