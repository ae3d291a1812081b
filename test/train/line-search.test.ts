/** The line search alone, on functions of two variables that have given many a search trouble. On the sources. */
import { describe, expect, it } from 'vitest';
import { searchLine } from '../../src/train/line-search.js';

type Pair = readonly [number, number];
interface Surface {
  readonly value: (at: Pair) => number;
  readonly gradient: (at: Pair) => Pair;
}

const surfaces: Readonly<Record<string, Surface>> = {
  'a bowl': { value: ([x, y]) => x * x + 5 * y * y, gradient: ([x, y]) => [2 * x, 10 * y] },
  'Rosenbrock’s valley': {
    value: ([x, y]) => (1 - x) ** 2 + 100 * (y - x * x) ** 2,
    gradient: ([x, y]) => [-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)],
  },
  'a slope that ends in a wall': {
    value: ([x]) => (x < 3 ? (x - 2) ** 2 : Number.NaN),
    gradient: ([x]) => [2 * (x - 2), 0],
  },
  'waves on a slope': {
    value: ([x]) => -x + Math.sin(8 * x) / 4 + 0.02 * x * x,
    gradient: ([x]) => [-1 + 2 * Math.cos(8 * x) + 0.04 * x, 0],
  },
};

const starts: readonly Pair[] = [
  [-1.2, 1],
  [0, 0.5],
  [2.5, -3],
];

/** Along steepest descent from a point. */
function line({ value, gradient }: Surface, [x, y]: Pair) {
  const [gx, gy] = gradient([x, y]);
  const at = (t: number) => {
    const place: Pair = [x - t * gx, y - t * gy];
    const [dx, dy] = gradient(place);
    return { t, value: value(place), slope: -(dx * gx + dy * gy) };
  };
  return { at: async (t: number) => at(t), start: at(0) };
}

describe.each(Object.entries(surfaces))('%s', (_name, surface) => {
  it.each(starts.flatMap((start) => [1e-3, 1, 1e3].map((first) => ({ start, first }))))(
    'from $start with a first step of $first: lower, and flatter',
    async ({ start: place, first }) => {
      const { at, start } = line(surface, place);
      expect(start.slope).toBeLessThan(0);
      const found = await searchLine(at, start, first);
      expect(found).not.toBeNull();
      expect(found!.value).toBeLessThanOrEqual(
        start.value + 1e-4 * found!.t * start.slope + 1e-6 * Math.abs(start.value),
      );
      expect(Math.abs(found!.slope)).toBeLessThanOrEqual(-0.9 * start.slope);
    },
  );
});

it('finds nothing where nothing is lower', async () => {
  const rising = async (t: number) => ({ t, value: 1.1 + t, slope: 1 });
  expect(await searchLine(rising, { t: 0, value: 1, slope: -1 }, 1)).toBeNull();
});
