/** Dropout in training: expectation and variance, masks that follow the seed, and that nothing is dropped elsewhere. */
import { describe, expect, it } from 'vitest';
import { dense, dropout, type FitOptions, type Model, mlp, sgd } from 'wasmlp';
import { noise } from '../support/problems.js';
import { engines } from '../support/public-engines.js';

const RATE = 0.3;
const problem = noise(24);
/** A rate too small to change a weight. */
const still = sgd({ learningRate: 1e-30 });

describe.each(engines)('on the $build build', ({ engine }) => {
  const network = (rate: number, seed = 1): Promise<Model> => {
    const layers = [dense(12, 'tanh'), dropout(rate), dense(3)];
    return mlp({ inputs: 3, layers, loss: 'softmaxCrossEntropy', seed, engine });
  };

  /** Losses and parameters of a run whose weights begin the same for every seed. */
  async function run(rate: number, seed: number, more: FitOptions = {}) {
    using first = await network(rate, 1);
    using model = await network(rate, seed);
    model.setParameters(first.getParameters());
    const options = { epochs: 5, batchSize: 8, shuffle: false, ...more };
    const { loss } = await model.fit(problem.inputs, problem.labels, options);
    return { loss, parameters: model.getParameters() };
  }

  it('keeps the expectation and has the variance of inverted dropout', async () => {
    const x = [0.5, -1, 2, 0.25];
    const weights = [1, -0.5, 0.25, -2];
    const STEPS = 20_000;
    const meanLoss = async (target: number): Promise<number> => {
      const layers = [dropout(RATE), dense(1, 'identity', { bias: false })];
      using model = await mlp({ inputs: 4, layers, loss: 'meanSquaredError', seed: 3, engine });
      model.setParameters({ 'layers.1.weight': weights });
      const options = { epochs: STEPS, batchSize: 1, optimizer: still };
      const { loss } = await model.fit([x], [target], options);
      return loss.reduce((sum, value) => sum + value) / STEPS;
    };
    const [low, high] = [await meanLoss(-1), await meanLoss(1)];
    const terms = weights.map((weight, i) => weight * x[i]!);
    const mean = terms.reduce((sum, term) => sum + term);
    const variance = terms.reduce((sum, term) => sum + term * term, 0) * (RATE / (1 - RATE));
    // E (y + 1)^2 - E (y - 1)^2 = 4 E y, and their mean is E y^2 + 1; bounds are five standard errors
    expect(Math.abs((low - high) / 4 - mean)).toBeLessThan(5 * Math.sqrt(variance / STEPS));
    expect((low + high) / 2 - 1 - mean * mean).toBeCloseTo(variance, 1);
  });

  it('draws new masks at every step', async () => {
    const { loss } = await run(RATE, 1, { optimizer: still, batchSize: 24 });
    expect(new Set(loss).size).toBe(5);
    const without = await run(0, 1, { optimizer: still, batchSize: 24 });
    expect(new Set(without.loss).size).toBe(1);
  });

  it('masks follow the seed', async () => {
    const first = await run(RATE, 7);
    expect(await run(RATE, 7)).toEqual(first);
    expect((await run(RATE, 8)).loss).not.toEqual(first.loss);
  });

  it('changes what is learned', async () => {
    expect((await run(RATE, 1)).parameters).not.toEqual((await run(0, 1)).parameters);
  });

  it('is off in predict, evaluate and gradients', async () => {
    using model = await network(RATE);
    using plain = await mlp({
      inputs: 3,
      layers: [dense(12, 'tanh'), dense(3)],
      loss: 'softmaxCrossEntropy',
      engine,
    });
    const parameters = model.getParameters();
    plain.setParameters({
      'layers.0.weight': parameters['layers.0.weight']!,
      'layers.0.bias': parameters['layers.0.bias']!,
      'layers.1.weight': parameters['layers.2.weight']!,
      'layers.1.bias': parameters['layers.2.bias']!,
    });
    const { inputs, labels } = problem;
    expect(model.predict(inputs)).toEqual(plain.predict(inputs));
    expect(model.evaluate(inputs, labels)).toEqual(plain.evaluate(inputs, labels));
    expect(model.gradients(inputs, labels).inputs).toEqual(plain.gradients(inputs, labels).inputs);
  });
});
