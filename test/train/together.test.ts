/** What options of different files do together: weights of samples, accumulation, L-BFGS, averages, constraints, statistics. */
import { describe, expect, it } from 'vitest';
import {
  batchNormalization,
  dense,
  type FitOptions,
  l2,
  lbfgs,
  maxNorm,
  mlp,
  nonNegative,
  rbf,
  sgd,
} from 'wasmlp';
import { relativeError } from '../support/numbers.js';
import { noise, smallNetwork } from '../support/problems.js';
import { engines } from '../support/public-engines.js';

const problem = noise(22);
const sampleWeights = Array.from({ length: 22 }, (_, i) => (i * 7) % 5);

describe.each(engines)('build $build', ({ engine }) => {
  const learned = async (options: FitOptions) => {
    using model = await smallNetwork(problem, engine);
    const { loss } = await model.fit(problem.inputs, problem.labels, {
      epochs: 3,
      accuracy: false,
      ...options,
    });
    return { loss, parameters: model.getParameters() };
  };

  it.each([false, true])(
    'accumulated batches count what their samples weigh (shuffled: %s)',
    async (shuffle) => {
      const options = { optimizer: sgd({ learningRate: 0.5 }), sampleWeights, shuffle };
      const actual = await learned({ ...options, batchSize: 4, accumulate: 3 });
      const expected = await learned({ ...options, batchSize: 12 });
      for (const [name, values] of Object.entries(expected.parameters))
        expect(relativeError(actual.parameters[name]!, values), name).toBeLessThanOrEqual(1e-6);
    },
  );

  it('batches that weigh nothing at all change nothing', async () => {
    const weightless = new Array(22).fill(0);
    const { parameters } = await learned({ batchSize: 4, accumulate: 3, sampleWeights: weightless });
    using before = await smallNetwork(problem, engine);
    expect(parameters).toEqual(before.getParameters());
  });

  it('L-BFGS minimises the weighted loss, over several chunks too', async () => {
    const many = noise(1300);
    const weights = Array.from({ length: 1300 }, (_, i) => (i * 7) % 5);
    using model = await mlp({ inputs: 3, layers: [dense(3)], loss: 'softmaxCrossEntropy', seed: 2, engine });
    await model.fit(many.inputs, many.labels, { optimizer: lbfgs(), epochs: 60, sampleWeights: weights });
    const { gradients } = model.gradients(many.inputs, many.labels, { sampleWeights: weights });
    for (const [name, values] of Object.entries(gradients))
      for (const value of values) expect(Math.abs(value), name).toBeLessThanOrEqual(2e-5);
    const unweighted = model.gradients(many.inputs, many.labels);
    expect(Math.max(...unweighted.gradients['layers.0.weight']!.map(Math.abs))).toBeGreaterThan(1e-3);
  });

  it('averages are taken of weights as their constraints leave them', async () => {
    const layers = [
      dense(8, 'tanh', { weightConstraint: maxNorm(0.3) }),
      dense(3, 'identity', { weightConstraint: nonNegative() }),
    ];
    using model = await mlp({ inputs: 3, layers, loss: 'softmaxCrossEntropy', engine });
    const start = model.getParameters();
    for (const name of ['layers.0.weight', 'layers.1.weight']) start[name] = start[name]!.map(() => 0.1);
    model.setParameters(start);
    const options = { epochs: 5, batchSize: 4, optimizer: sgd({ learningRate: 2 }), averageWeights: 0.5 };
    await model.fit(problem.inputs, problem.labels, options);
    const after = model.getParameters();
    for (let unit = 0; unit < 8; unit++) {
      const incoming = [0, 1, 2].map((i) => after['layers.0.weight']![i * 8 + unit]!);
      expect(Math.hypot(...incoming)).toBeLessThanOrEqual(0.3 + 1e-6);
    }
    expect(Math.min(...after['layers.1.weight']!)).toBeGreaterThanOrEqual(0);
  });

  it.each([{}, { accumulate: 2 }])(
    'averages keep to constraints from the first update on (%j)',
    async (more) => {
      const layers = [
        dense(4, 'tanh', { weightConstraint: nonNegative() }),
        dense(5, 'tanh', { weightConstraint: maxNorm(0.1) }),
        dense(3),
      ];
      using model = await mlp({ inputs: 3, layers, loss: 'softmaxCrossEntropy', seed: 4, engine });
      const start = model.getParameters();
      expect(Math.min(...start['layers.0.weight']!)).toBeLessThan(-0.1);
      await model.fit(problem.inputs, problem.labels, {
        epochs: 1,
        batchSize: 11,
        averageWeights: 0.99,
        ...more,
      });
      const after = model.getParameters();
      expect(Math.min(...after['layers.0.weight']!)).toBeGreaterThanOrEqual(0);
      for (let unit = 0; unit < 5; unit++) {
        const incoming = [0, 1, 2, 3].map((i) => after['layers.1.weight']![i * 5 + unit]!);
        expect(Math.hypot(...incoming)).toBeLessThanOrEqual(0.1 * (1 + 1e-6));
      }
      // and no other weight: what is free moves by a hundredth of the way
      expect(relativeError(after['layers.2.weight']!, start['layers.2.weight']!)).toBeLessThanOrEqual(1e-3);
    },
  );

  it('averages leave the statistics of batches as training has made them', async () => {
    const made = () =>
      mlp({ inputs: 3, layers: [batchNormalization(), dense(3)], loss: 'softmaxCrossEntropy', engine });
    const options = { epochs: 4, batchSize: 11 };
    using plain = await made();
    await plain.fit(problem.inputs, problem.labels, options);
    using averaged = await made();
    await averaged.fit(problem.inputs, problem.labels, { ...options, averageWeights: 0.9 });
    const [expected, actual] = [plain.getParameters(), averaged.getParameters()];
    const running = Object.keys(expected).filter((name) => name.includes('running'));
    expect(running.length).toBeGreaterThan(0);
    for (const name of running) expect(actual[name], name).toEqual(expected[name]);
    expect(actual['layers.1.weight']).not.toEqual(expected['layers.1.weight']);
  });

  it('L-BFGS learns the weights of radial basis units whose centres stay', async () => {
    const layers = [rbf(6, { learned: false }), dense(3)];
    const regularizer = l2(0.01);
    using model = await mlp({ inputs: 3, layers, loss: 'softmaxCrossEntropy', seed: 2, engine, regularizer });
    const before = model.getParameters();
    const options = { optimizer: lbfgs(), epochs: 200 };
    const { stopped } = await model.fit(problem.inputs, problem.labels, options);
    expect(stopped).toBe('tolerance');
    const { gradients } = model.gradients(problem.inputs, problem.labels);
    expect(Object.keys(gradients)).toEqual(['layers.1.weight', 'layers.1.bias']);
    for (const [name, values] of Object.entries(gradients))
      for (const value of values) expect(Math.abs(value), name).toBeLessThanOrEqual(2e-5);
    const after = model.getParameters();
    expect(after['layers.0.centres']).toEqual(before['layers.0.centres']);
    expect(after['layers.1.weight']).not.toEqual(before['layers.1.weight']);
  });

  it.each([
    ['statistics', [batchNormalization(), dense(3)]],
    ['constrained', [dense(3, 'identity', { weightConstraint: maxNorm(1) })]],
  ])('L-BFGS is refused where layers have what it would pass over: %s', async (what, layers) => {
    using model = await mlp({ inputs: 3, layers, loss: 'softmaxCrossEntropy', engine });
    const run = model.fit(problem.inputs, problem.labels, { optimizer: lbfgs() });
    await expect(run).rejects.toThrow(
      new RegExp(`options\\.optimizer: expected another one than lbfgs .*${what}`),
    );
  });
});
