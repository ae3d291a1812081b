/** Gaussian noise: normal numbers by their moments and tails, in training alone, new at every step, following the seed. */
import { describe, expect, it } from 'vitest';
import { dense, gaussianNoise, mlp, sgd } from 'wasmlp';
import { normal } from 'wasmlp/graph';
import { engines } from '../support/public-engines.js';
import { run } from '../support/run.js';

/** A rate too small to change a weight. */
const still = sgd({ learningRate: 1e-30 });

describe.each(engines)('on the $build build', ({ engine }) => {
  it('numbers are those of the standard normal distribution', async () => {
    const COUNT = 200 * 500;
    const { z } = await run(engine, { z: normal([200, 500], { seed: 5, stream: 9 }) }, {});
    const moment = (power: number) => z!.reduce((sum, entry) => sum + entry ** power, 0) / COUNT;
    // five standard errors: the variances of z, z^2, z^3 and z^4 are 1, 2, 15 and 96
    expect(Math.abs(moment(1))).toBeLessThan(5 * Math.sqrt(1 / COUNT));
    expect(Math.abs(moment(2) - 1)).toBeLessThan(5 * Math.sqrt(2 / COUNT));
    expect(Math.abs(moment(3))).toBeLessThan(5 * Math.sqrt(15 / COUNT));
    expect(Math.abs(moment(4) - 3)).toBeLessThan(5 * Math.sqrt(96 / COUNT));
    for (const [beyond, share] of [
      [1, 0.3173],
      [2, 0.0455],
      [3, 0.0027],
    ] as const) {
      const found = z!.filter((entry) => Math.abs(entry) > beyond).length / COUNT;
      expect(Math.abs(found - share)).toBeLessThan(5 * Math.sqrt(share / COUNT));
    }
    const neighbours = z!.reduce((sum, entry, i) => sum + entry * (z![i + 1] ?? 0), 0) / COUNT;
    expect(Math.abs(neighbours)).toBeLessThan(5 * Math.sqrt(1 / COUNT));
    expect(z!.every(Number.isFinite)).toBe(true);
  });

  const made = (deviation: number, seed = 3) =>
    mlp({
      inputs: 2,
      layers: [
        gaussianNoise(deviation),
        dense(1, 'identity', { bias: false, weightInitializer: { constant: 1 } }),
      ],
      loss: 'meanSquaredError',
      seed,
      engine,
    });
  const losses = async (deviation: number, seed?: number): Promise<readonly number[]> => {
    using model = await made(deviation, seed);
    return (await model.fit([[1, 2]], [3], { epochs: 4000, batchSize: 1, optimizer: still })).loss;
  };

  it('adds its variance to every input in training, and nothing elsewhere', async () => {
    // the output is 3 plus two numbers of deviation 0.5: the loss their squared sum, of mean 0.5 and deviation 0.5 sqrt(2)
    const loss = await losses(0.5);
    const mean = loss.reduce((sum, entry) => sum + entry) / loss.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan((5 * 0.5 * Math.SQRT2) / Math.sqrt(loss.length));
    expect(new Set(loss).size).toBeGreaterThan(3900);
    using model = await made(0.5);
    expect([...model.predict([[1, 2]])]).toEqual([3]);
    expect(model.gradients([[1, 2]], [3]).loss).toBe(0);
    expect((await losses(0)).every((entry) => entry === 0)).toBe(true);
  });

  it('follows the seed', async () => {
    const first = await losses(0.5, 7);
    expect(await losses(0.5, 7)).toEqual(first);
    expect(await losses(0.5, 8)).not.toEqual(first);
  });
});
