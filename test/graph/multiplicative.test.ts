/** Powers, products of pairs, polynomials and maxout: against numbers worked out here, beyond what the table of operations is held to. */
import { describe, expect, it } from 'vitest';
import { add, gather, grad, input, maxout, pairProducts, polynomial, power, ROWS, sum } from 'wasmlp/graph';
import { awayFromZero, drawn, relativeError } from '../support/numbers.js';
import { engines } from '../support/public-engines.js';
import { run } from '../support/run.js';

const x = input('x', [ROWS, 3]);
const feeds = { x: [2, 3, 5, -1, 0.5, 4] };

describe.each(engines)('on the $build build', ({ engine }) => {
  const numbersOf = async (y: ReturnType<typeof power>) => Array.from((await run(engine, { y }, feeds)).y!);

  it('products of pairs come in order', async () => {
    expect(await numbersOf(pairProducts(x))).toEqual([6, 10, 15, -0.5, -4, 2]);
  });

  it('a polynomial has the terms of scikit-learn, in its order', async () => {
    expect(await numbersOf(polynomial(x, 2))).toEqual([
      ...[2, 3, 5, 4, 6, 10, 9, 15, 25],
      ...[-1, 0.5, 4, 1, -0.5, -4, 0.25, 2, 16],
    ]);
    // 000 001 002 011 012 022 111 112 122 222
    const cubes = (await numbersOf(polynomial(x, 3))).slice(9, 19);
    expect(cubes).toEqual([8, 12, 20, 18, 30, 50, 27, 45, 75, 125]);
    expect(await numbersOf(polynomial(x, 1))).toEqual(feeds.x);
  });

  it('whole powers are exact where the numbers are, whatever the sign', async () => {
    for (const n of [2, 3, 5, 8, 9])
      expect(await numbersOf(power(x, n))).toEqual(feeds.x.map((value) => value ** n));
    expect(await numbersOf(add(power(x, 0), x))).toEqual(feeds.x.map((value) => 1 + value));
    const inverse = await numbersOf(power(x, -3));
    expect(
      relativeError(
        inverse,
        feeds.x.map((value) => value ** -3),
      ),
    ).toBeLessThan(2e-7);
  });

  it('whole powers and their derivatives err by units in the last place', async () => {
    const values = drawn('powers', 300, awayFromZero(0.2, 3));
    for (const n of [7, 20, -5, 40]) {
      const y = power(x, n);
      const [dx] = grad(sum(y), [x]);
      const actual = await run(engine, { y, dx: dx! }, { x: values });
      const worst = (numbers: Float32Array, expected: (value: number) => number) =>
        Math.max(...values.map((value, i) => Math.abs(numbers[i]! / expected(value) - 1)));
      expect(worst(actual.y!, (value) => value ** n)).toBeLessThan(Math.abs(n) * 1.2e-7);
      expect(worst(actual.dx!, (value) => n * value ** (n - 1))).toBeLessThan(Math.abs(n) * 1.2e-7);
    }
  });

  it('other powers err as their docstring says', async () => {
    const base = input('base', [1, 2000]);
    const values = drawn('bases', 2000, (random) => 10 ** (6 * random.uniform() - 3));
    for (const a of [0.1, 1.5, 2.5, -0.75, 7.25]) {
      const { y } = await run(engine, { y: power(base, a) }, { base: values });
      values.forEach((value, i) => {
        const bound = 1.2e-7 * (1 + Math.abs(a * Math.log(value)));
        expect(Math.abs(y![i]! / value ** Math.fround(a) - 1)).toBeLessThanOrEqual(bound);
      });
    }
  });

  it('of equal pieces the first gets the gradient', async () => {
    const z = input('z', [2, 6]);
    const [dz] = grad(sum(maxout(z, 3)), [z]);
    // units 0 and 1, piece after piece
    const actual = await run(engine, { dz: dz! }, { z: [1, 5, 1, 5, 0, 5, -1, 2, 3, 2, 3, 1] });
    expect(Array.from(actual.dz!)).toEqual([1, 1, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0]);
  });

  it('rows and columns are gathered by numbers that are fed', async () => {
    const table = input('table', [3, 2]);
    const index = input('index', [1, 4]);
    const outputs = { rows: gather(table, index, 'rows'), columns: gather(table, [1, 0, 1], 'columns') };
    const actual = await run(engine, outputs, { table: [1, 2, 3, 4, 5, 6], index: [2, 0, 2, 7] });
    expect(Array.from(actual.rows!)).toEqual([5, 6, 1, 2, 5, 6, Number.NaN, Number.NaN]);
    expect(Array.from(actual.columns!)).toEqual([2, 1, 2, 4, 3, 4, 6, 5, 6]);
  });
});
