/** L-BFGS through `fit`: minima as SciPy and scikit-learn find them, how a run ends, and what it is not for. */
import { describe, expect, it } from 'vitest';
import { dense, dropout, type EpochReport, type FitOptions, type LossName, lbfgs, mlp, sgd } from 'wasmlp';
import { relativeError } from '../support/numbers.js';
import { noise, smallNetwork, spirals } from '../support/problems.js';
import { engines } from '../support/public-engines.js';
import { outcome } from '../support/wrong.js';
import { minimumVectors } from '../vectors/vectors.js';

const { columns } = minimumVectors;

describe.each(engines)('on the $build build', ({ engine }) => {
  /** A linear model of one output, from zero. */
  async function linear(loss: LossName) {
    const layers = [dense(1, 'identity', { weightInitializer: 'zeros' })];
    return mlp({ inputs: columns, layers, loss, engine });
  }

  it.each([
    ['logistic', 'sigmoidCrossEntropy', 8, 0.02],
    // the largest rate that does not diverge is 0.01
    ['squares', 'meanSquaredError', 18, 0.008],
  ] as const)('finds the minimum of %s', async (name, loss, iterations, learningRate) => {
    const epochs = 40;
    const { inputs, targets, ...minimum } = minimumVectors[name];
    using model = await linear(loss);
    const history = await model.fit(Float32Array.from(inputs), targets, { epochs, optimizer: lbfgs() });
    expect(history.stopped).toBe('tolerance');
    const { 'layers.0.weight': weight, 'layers.0.bias': bias } = model.getParameters();
    expect(relativeError([...weight!, ...bias!], [...minimum.weight, ...minimum.bias])).toBeLessThanOrEqual(
      2e-4,
    );
    const { loss: reached } = model.evaluate(Float32Array.from(inputs), targets);
    expect(Math.abs(reached - minimum.loss)).toBeLessThanOrEqual(1e-6);
    // SciPy's L-BFGS-B ends after 8 and 22 iterations
    expect(history.loss[iterations]! - minimum.loss).toBeLessThan(1e-5);
    // every iteration goes down, but for the rounding of a float32 sum
    history.loss.slice(1).forEach((value, i) => {
      expect(value).toBeLessThanOrEqual(history.loss[i]! * (1 + 2 ** -22));
    });

    using slow = await linear(loss);
    const descent: FitOptions = { epochs, batchSize: 'all', optimizer: sgd({ learningRate }) };
    await slow.fit(Float32Array.from(inputs), targets, descent);
    expect(slow.evaluate(Float32Array.from(inputs), targets).loss - minimum.loss).toBeGreaterThan(1e-3);
  });

  it('follows a curved valley: two factors and their product', async () => {
    // (w1 w2 - 1)^2 from a point where the slopes differ by a factor of a hundred
    using model = await mlp({
      inputs: 1,
      layers: [dense(1, 'identity', { bias: false }), dense(1, 'identity', { bias: false })],
      loss: 'meanSquaredError',
      engine,
    });
    model.setParameters({ 'layers.0.weight': [10], 'layers.1.weight': [-0.1] });
    await model.fit([[1]], [1], { epochs: 60, optimizer: lbfgs() });
    expect(model.evaluate([[1]], [1]).loss).toBeLessThan(1e-9);
  });

  it('learns spirals in chunks of more rows than one', async () => {
    const { inputs, labels } = spirals(400);
    const layers = [dense(24, 'tanh'), dense(24, 'tanh'), dense(2)];
    using model = await mlp({ inputs: 2, layers, loss: 'softmaxCrossEntropy', seed: 2, engine });
    const { loss } = await model.fit(inputs, labels, { epochs: 300, optimizer: lbfgs({ memory: 20 }) });
    expect(loss.at(-1)).toBeLessThan(0.02);
    expect(model.evaluate(inputs, labels).accuracy).toBeGreaterThan(0.99);
  });

  it('takes pixels, and reports like any other run', async () => {
    const { labels } = noise(20, 4, 2);
    const inputs = Uint8Array.from({ length: 80 }, (_, i) => (i * 37) % 256);
    using model = await mlp({ inputs: 4, layers: [dense(2)], loss: 'softmaxCrossEntropy', engine });
    const before = model.evaluate(inputs, labels).loss;
    const reports: EpochReport[] = [];
    const history = await model.fit(inputs, labels, {
      epochs: 5,
      optimizer: lbfgs(),
      validation: { inputs, labels },
      onEpoch: (report) => reports.push(report),
    });
    expect(history.loss[0]).toBeCloseTo(before, 6);
    expect(reports.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4, 5]);
    // the loss is that before the step, validation comes after it
    expect(reports[0]!.validation!.loss).toBeCloseTo(history.loss[1]!, 6);
    expect(history.validation!.at(-1)).toEqual(model.evaluate(inputs, labels));
  });

  it('ends where tolerance and early stopping end it', async () => {
    const problem = noise(40);
    using model = await smallNetwork(problem, engine);
    const optimizer = lbfgs();
    const { loss } = await model.fit(problem.inputs, problem.labels, {
      epochs: 100,
      optimizer,
      tolerance: 0.01,
    });
    expect(Math.abs(loss.at(-1)! - loss.at(-2)!)).toBeLessThanOrEqual(0.01);
    expect(loss.length).toBeLessThan(100);

    using other = await smallNetwork(problem, engine);
    const held = noise(41);
    const history = await other.fit(problem.inputs, problem.labels, {
      epochs: 100,
      optimizer,
      validation: { inputs: held.inputs, labels: held.labels },
      earlyStopping: { patience: 3 },
    });
    expect(history.stopped).toBe('earlyStopping');
    const losses = history.validation!.map((report) => report.loss);
    expect(other.evaluate(held.inputs, held.labels).loss).toBe(Math.min(...losses));
  });

  it('an abort leaves the parameters of the last iteration', async () => {
    const problem = noise(40);
    using model = await smallNetwork(problem, engine);
    const stop = new AbortController();
    let last: unknown;
    const onEpoch = ({ epoch }: EpochReport) => {
      last = model.getParameters();
      if (epoch === 3) stop.abort(new Error('enough'));
    };
    const options = { epochs: 50, optimizer: lbfgs(), onEpoch, signal: stop.signal };
    await expect(model.fit(problem.inputs, problem.labels, options)).rejects.toThrow('enough');
    expect(model.getParameters()).toEqual(last);
  });

  it('names the layer where a run begins beyond the finite numbers', async () => {
    const problem = noise(10);
    using model = await smallNetwork(problem, engine);
    const weight = new Float32Array(16 * 3).fill(3e38);
    model.setParameters({ 'layers.1.weight': weight });
    const error = await outcome(() => model.fit(problem.inputs, problem.labels, { optimizer: lbfgs() }));
    expect(error).toMatchObject({ name: 'DivergenceError', layer: 'layers.1' });
    expect(model.getParameters()['layers.1.weight']).toEqual(weight);
  });
});

describe('lbfgs is refused', () => {
  const { engine } = engines[0]!;
  const problem = noise(10);
  const attempt = async (options: FitOptions) => {
    using model = await smallNetwork(problem, engine);
    await model.fit(problem.inputs, problem.labels, { optimizer: lbfgs(), ...options });
  };

  it.each<[string, FitOptions]>([
    ['batchSize', { batchSize: 5 }],
    ['accumulate', { accumulate: 2 }],
    ['clipNorm', { clipNorm: 1 }],
    ['clipValue', { clipValue: 1 }],
    ['averageWeights', { averageWeights: 0.9 }],
  ])('with %s', async (name, options) => {
    await expect(attempt(options)).rejects.toThrow(new RegExp(`options\\.${name}: expected .* with lbfgs`));
  });

  it('on a stream, for a program of steps, and where layers are random', async () => {
    using model = await smallNetwork(problem, engine);
    const batches = () => [{ inputs: problem.inputs, labels: problem.labels }];
    await expect(model.fit(batches, { optimizer: lbfgs() })).rejects.toThrow(/options\.optimizer/);
    const described = model.describe({ optimizer: lbfgs() });
    await expect(described).rejects.toThrow(/options\.(optimizer|batchSize)/);
    using random = await mlp({
      inputs: 3,
      layers: [dense(4, 'tanh'), dropout(0.5), dense(3)],
      loss: 'softmaxCrossEntropy',
      engine,
    });
    const run = random.fit(problem.inputs, problem.labels, { optimizer: lbfgs() });
    await expect(run).rejects.toThrow(/options\.optimizer: expected another one than lbfgs/);
  });

  it('with members that are not its own', async () => {
    await expect(attempt({ optimizer: { ...lbfgs(), memory: 0 } })).rejects.toThrow(
      /options\.optimizer\.memory/,
    );
    await expect(attempt({ optimizer: { ...lbfgs(), speed: 1 } as never })).rejects.toThrow(
      /optimizer\.speed/,
    );
    await expect(attempt({ optimizer: { ...lbfgs(), kind: 'cg' } as never })).rejects.toThrow(
      /optimizer\.kind/,
    );
  });
});
