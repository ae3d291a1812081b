/** Standardising: by hand, and its promise on any numbers. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkScaling, fitScaling, median, standardise } from '../../src/data/scaling.js';

describe('fitScaling', () => {
  it('gives mean and standard deviation, dividing by n', () => {
    expect(fitScaling(Float64Array.of(2, 4, 4, 4, 5, 5, 7, 9))).toEqual({
      transform: 'none',
      unit: 1,
      mean: 5,
      scale: 2,
    });
  });

  it('gives scale 1 to a constant', () => {
    expect(fitScaling(Float64Array.of(3, 3))).toEqual({ transform: 'none', unit: 1, mean: 3, scale: 1 });
  });

  it('bends what grows exponentially, in units of its smallest positive value', () => {
    const prices = Float64Array.from({ length: 20 }, (_, i) => 0.5 * 2 ** i);
    const scaling = fitScaling(prices);
    expect(scaling).toMatchObject({ transform: 'asinh', unit: 0.5 });
    const first = standardise(scaling, prices[0]!);
    expect(first).toBeCloseTo((Math.asinh(1) - scaling.mean) / scaling.scale, 12);
    // Zero is in reach of the transform, and so is a negative number.
    expect(standardise(scaling, 0)).toBeLessThan(first);
    expect(standardise(scaling, -3)).toBeLessThan(standardise(scaling, 0));
  });

  it('leaves a skewed column alone that has negative numbers or that bending does not help', () => {
    const skewed = Array.from({ length: 20 }, (_, i) => 2 ** i);
    expect(fitScaling(Float64Array.of(-1, ...skewed)).transform).toBe('none');
    expect(fitScaling(Float64Array.of(...Array(19).fill(0), 1)).transform).toBe('none');
    expect(fitScaling(Float64Array.of(0, 0, 9e-16, 5e-324)).transform).toBe('none');
  });

  it('makes mean 0 and deviation 1 of any numbers, bent or not', () => {
    const plain = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    const skewed = fc.double({ min: 0, max: 12, noNaN: true }).map(Math.exp);
    const columns = [plain, skewed].map((number) => fc.array(number, { minLength: 2, maxLength: 30 }));
    fc.assert(
      fc.property(fc.oneof(...columns), (values) => {
        fc.pre(Math.max(...values) - Math.min(...values) > 1e-3);
        const scaling = fitScaling(Float64Array.from(values));
        const z = values.map((x) => standardise(scaling, x));
        const mean = z.reduce((sum, x) => sum + x, 0) / z.length;
        const variance = z.reduce((sum, x) => sum + (x - mean) ** 2, 0) / z.length;
        expect(mean).toBeCloseTo(0, 5);
        expect(variance).toBeCloseTo(1, 5);
      }),
    );
  });
});

it('median is the middle, or the mean of the two in the middle', () => {
  expect(median(Float64Array.of(10, 9, 100))).toBe(10);
  expect(median(Float64Array.of(10, 9, 100, -1))).toBe(9.5);
});

it.each([
  [{ transform: 'log', unit: 1, mean: 0, scale: 1 }, 'transform: expected one of none, asinh, found "log"'],
  [{ transform: 'none', unit: 0, mean: 0, scale: 1 }, 'unit: expected a positive number, found 0'],
  [{ transform: 'none', unit: 1, mean: null, scale: 1 }, 'mean: expected a finite number, found null'],
  [{ transform: 'none', unit: 1, mean: 0, scale: -1 }, 'scale: expected a positive number, found -1'],
  [[], 'expected an object'],
])('checkScaling refuses %j', (value, message) => {
  expect(() => checkScaling(value, 's')).toThrow(message);
});
