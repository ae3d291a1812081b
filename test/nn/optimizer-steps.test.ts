/**
 * The update of every optimizer alone, as a compiled function of slopes of one's choice: Quickprop, which PyTorch lacks, against float64 from its
 * paper; every optimizer with slopes from nothing to enormous.
 */
import { describe, expect, it } from 'vitest';
import type { Engine, Moment, Optimizer } from 'wasmlp';
import { compile, input, parameter } from 'wasmlp/graph';
import { quickprop as reference } from '../reference/quickprop.js';
import { drawn } from '../support/numbers.js';
import { engines } from '../support/public-engines.js';
import { optimizerCases, optimizerOf } from './optimizer-cases.js';

/** The weights after each list of slopes, which are one for each weight, of two at least. */
async function weightsAfter(
  engine: Engine,
  optimizer: Optimizer,
  slopes: readonly (readonly number[])[],
  initial: number,
): Promise<Float32Array[]> {
  const shape = [1, slopes[0]!.length] as const;
  const names = ['weight', ...optimizer.state];
  const [weight, ...state] = names.map((name) => parameter(name, shape));
  const scalars = optimizer.scalars.map((name) => input(name, [1, 1]));
  const next = optimizer.update(weight!, parameter('gradient', shape), state, scalars);
  const outputs = Object.fromEntries(names.map((name, i) => [name, [next.parameter, ...next.state][i]!]));
  const run = await compile(outputs, { engine });
  let values: Record<string, Float32Array> = Object.fromEntries(
    names.map((name) => [
      name,
      new Float32Array(shape[1]).fill(name === 'weight' ? initial : (optimizer.start?.[name] ?? 0)),
    ]),
  );
  const numbers = new Float64Array(optimizer.scalars.length);
  const after = slopes.map((slope, i) => {
    const moment: Moment = { step: i + 1, epoch: 0, progress: 0, losses: [] };
    optimizer.writeScalars(numbers, moment);
    const rates = Object.fromEntries(optimizer.scalars.map((name, j) => [name, numbers[j]!]));
    values = run({ ...values, ...rates, gradient: slope }) as Record<string, Float32Array>;
    return values.weight!;
  });
  run.dispose();
  return after;
}

describe.each(engines)('on the $build build', ({ engine }) => {
  describe('quickprop', () => {
    const options = { epsilon: 0.05, mu: 1.75 };
    const cases: Readonly<Record<string, readonly number[]>> = {
      'a slope that shrinks: the parabola': [1, 0.6, 0.3, 0.1, 0.02, 0.004],
      'a slope that turns: back between': [1, -0.5, 0.2, -0.1, 0.04, -0.01],
      'a slope that grows: at most mu times the step': [1, 1.5, 2, 4, 8, 9],
      'a slope that stays: no division by zero': [0.5, 0.5, 0.5, 0.5, 0.5, 0.5],
      'no slope: no step': [0, 0, 0, 0, 0, 0],
      'a slope that ends': [1, 0, 0, 1, 0.5, 0],
      'slopes at random': [...drawn('quickprop', 6)],
    };

    it.each(Object.entries(cases))('%s', async (_what, slopes) => {
      const optimizer = optimizerOf('quickprop', { learningRate: options.epsilon, maxGrowth: options.mu });
      const weights = await weightsAfter(
        engine,
        optimizer,
        slopes.map((slope) => [slope, 0]),
        0,
      );
      const expected = reference(slopes, options);
      expected.forEach((value, i) => {
        expect(Math.abs(weights[i]![0]! - value), `step ${i + 1}`).toBeLessThanOrEqual(
          1e-5 * Math.abs(value),
        );
      });
    });
  });

  describe.each(Object.keys(optimizerCases))('%s', (name) => {
    const slopes = [0, 1e-38, -1e-30, 1e-10, 1, -1e4, 1e10, -1e18];
    const plain = 'weightDecay' in optimizerCases[name]!.numbers ? { weightDecay: 0 } : {};

    it('goes down where a slope is, stands where there is none, and stays finite whatever its size', async () => {
      const [first, ...later] = await weightsAfter(
        engine,
        optimizerOf(name, plain),
        [slopes, slopes, slopes],
        0,
      );
      slopes.forEach((slope, i) => {
        const move = first![i]!;
        if (Math.abs(slope) >= 1e-10) expect(Math.sign(move), `slope ${slope}`).toBe(-Math.sign(slope));
        else expect(move * slope, `slope ${slope}`).toBeLessThanOrEqual(0);
        for (const weights of [first!, ...later])
          expect(weights[i], `slope ${slope}`).toSatisfy(Number.isFinite);
      });
      for (const weights of [first!, ...later]) expect(weights[0]).toBeCloseTo(0, 30);
    });

    it('halves its first step with half the rate, or takes steps of a size of its own', async () => {
      if (!('learningRate' in optimizerCases[name]!.numbers)) return;
      const [whole] = await weightsAfter(
        engine,
        optimizerOf(name, { ...plain, learningRate: 0.02 }),
        [[1, 1]],
        0,
      );
      const [half] = await weightsAfter(
        engine,
        optimizerOf(name, { ...plain, learningRate: 0.01 }),
        [[1, 1]],
        0,
      );
      expect(half![0]! / whole![0]!).toBeCloseTo(0.5, 6);
    });
  });
});
