/** What training starts from, and the figures that the defaults promise on real data. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hyperParameters } from '../../src/cli/defaults.js';
import { DATA, HAS_DATA, NEEDS_DATA } from '../data/helpers.js';
import { lastJson, useProgram } from './program.js';

const { run } = useProgram();

describe('hyper-parameters', () => {
  it('give small tables about a thousand steps, large ones twenty epochs', () => {
    expect(hyperParameters('table', 1000, {})).toMatchObject({ epochs: 32, batch: 32, weightDecay: 0.004 });
    expect(hyperParameters('table', 100_000, {})).toMatchObject({
      epochs: 20,
      batch: 128,
      weightDecay: 4e-5,
    });
    expect(hyperParameters('table', 10, {})).toMatchObject({ epochs: 500, weightDecay: 0.02 });
    expect(hyperParameters('images', 30_000, {})).toMatchObject({ epochs: 5, batch: 128, weightDecay: 0 });
  });

  it('give way to what was chosen, zero included', () => {
    const chosen = {
      hidden: [3],
      weightDecay: 0,
      momentum: 0,
      schedule: 'cosine',
      epochs: undefined,
    } as const;
    expect(hyperParameters('table', 1000, chosen)).toMatchObject({ ...chosen, epochs: 32 });
  });

  it('count epochs in the batches that were chosen, and give Adam a rate of its own', () => {
    expect(hyperParameters('table', 1000, { batch: 64 }).epochs).toBe(64);
    expect(hyperParameters('table', 1000, { optimizer: 'adam' }).learningRate).toBe(0.001);
    expect(hyperParameters('table', 1000, { optimizer: 'adam', learningRate: 0.1 }).learningRate).toBe(0.1);
  });
});

const SETS: [string, string, string, number][] = [
  ['iris.csv', '', 'testAccuracy', 0.93],
  ['penguins.csv', '--target species', 'testAccuracy', 0.97],
  ['titanic.csv', '--target survived --drop alive', 'testAccuracy', 0.78],
  ['mpg.csv', '--target mpg', 'testR2', 0.82],
  ['diamonds.csv', '--target price', 'testR2', 0.96],
];

describe.skipIf(!HAS_DATA)(`with nothing but data, the median of five seeds${NEEDS_DATA}`, () => {
  it.each(SETS)(
    '%s %s: %s of at least %f',
    async (name, options, figure, bound) => {
      const figures: number[] = [];
      for (const seed of ['1', '2', '3', '4', '5']) {
        const more = options === '' ? [] : options.split(' ');
        const { stdout } = await run('train', join(DATA, 'csv', name), ...more, '--seed', seed, '--json');
        figures.push(lastJson(stdout)[figure]!);
      }
      expect(figures.sort((a, b) => a - b)[2]).toBeGreaterThanOrEqual(bound);
    },
    300_000,
  );
});

describe.skipIf(!HAS_DATA)(`MNIST${NEEDS_DATA}`, () => {
  it('784-256-128-10 with momentum: at least 97.8 % of the test images after ten epochs', async () => {
    const options = '--hidden 256,128 --epochs 10 --lr 0.1 --momentum 0.9 --json'.split(' ');
    const { status, stdout } = await run('train', join(DATA, 'mnist'), ...options);
    expect(status).toBe(0);
    expect(lastJson(stdout)).toMatchObject({ trainRows: 60_000, testRows: 10_000, epochs: 10 });
    expect(lastJson(stdout).testAccuracy).toBeGreaterThanOrEqual(0.978);
  }, 300_000);
});

describe('train without DATA', () => {
  it('learns digits: at least 97 % of those it has not seen', async () => {
    const { stdout } = await run('train', '--json');
    expect(lastJson(stdout)).toMatchObject({ trainRows: 30_000, testRows: 4000 });
    expect(lastJson(stdout).testAccuracy).toBeGreaterThan(0.97);
    expect(lastJson(stdout).seconds).toBeLessThan(30);
  }, 180_000);
});
