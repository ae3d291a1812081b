/** Runs that end before their last epoch: the loss stands still, validation does not improve any more; and whose parameters are left. */
import { describe, expect, it } from 'vitest';
import { dense, type EpochReport, type FitOptions, type Model, mlp, sgd } from 'wasmlp';
import { noise, smallNetwork } from '../support/problems.js';
import { engines } from '../support/public-engines.js';
import { expectRefusals } from '../support/wrong.js';

/** The sign of the first column, and every fourth time the opposite: first the rule is learned, then the rows themselves. */
function withMistakes(rows: number) {
  const { inputs, ...rest } = noise(rows, 3, 2);
  const labels = rest.labels.map((_, i) => (inputs[3 * i]! > 0 === i % 4 > 0 ? 1 : 0));
  return { ...rest, inputs, labels };
}

const problem = withMistakes(30);
const { inputs, labels } = withMistakes(31);
const validation = { inputs, labels };

const options: FitOptions = { epochs: 200, batchSize: 10, optimizer: sgd({ learningRate: 0.5 }), validation };

describe.each(engines)('on the $build build', ({ engine }) => {
  /** A run with the parameters after each of its epochs. */
  async function run(model: Model, more: FitOptions) {
    const parameters: Record<string, Float32Array>[] = [];
    const onEpoch = () => parameters.push(model.getParameters());
    const history = await model.fit(problem.inputs, problem.labels, { ...options, onEpoch, ...more });
    return { history, parameters };
  }

  it('full-batch descent ends when the loss changes by no more than the tolerance', async () => {
    const whole: FitOptions = { epochs: 5000, batchSize: 'all', optimizer: sgd({ learningRate: 0.3 }) };
    using model = await smallNetwork(problem, engine);
    const tolerance = 2e-4;
    const { loss, epochs, stopped } = await model.fit(problem.inputs, problem.labels, {
      ...whole,
      tolerance,
    });
    expect(stopped).toBe('tolerance');
    expect(loss).toHaveLength(epochs);
    const changes = loss.slice(1).map((value, i) => Math.abs(value - loss[i]!));
    expect(changes.at(-1)).toBeLessThanOrEqual(tolerance);
    for (const change of changes.slice(0, -1)) expect(change).toBeGreaterThan(tolerance);

    using limited = await smallNetwork(problem, engine);
    const cut = { ...whole, epochs: epochs - 1, tolerance };
    expect(await limited.fit(problem.inputs, problem.labels, cut)).not.toHaveProperty('stopped');
    using plain = await smallNetwork(problem, engine);
    await plain.fit(problem.inputs, problem.labels, { ...whole, epochs });
    expect(plain.getParameters()).toEqual(model.getParameters());
  });

  it('batchSize all is one step an epoch over all rows, in any order', async () => {
    using all = await smallNetwork(problem, engine);
    using counted = await smallNetwork(problem, engine);
    const history = await all.fit(problem.inputs, problem.labels, {
      epochs: 3,
      batchSize: 'all',
      shuffle: false,
    });
    await counted.fit(problem.inputs, problem.labels, { epochs: 3, batchSize: 30, shuffle: false });
    expect(history.steps).toBe(3);
    expect(all.getParameters()).toEqual(counted.getParameters());
  });

  it('ends when patience does, with the parameters of the best epoch', async () => {
    using model = await smallNetwork(problem, engine);
    const { history, parameters } = await run(model, { earlyStopping: { patience: 4 } });
    const losses = history.validation!.map(({ loss }) => loss);
    const best = losses.indexOf(Math.min(...losses));
    expect(history).toMatchObject({ stopped: 'earlyStopping', bestEpoch: best + 1, epochs: best + 5 });
    expect(best).toBeGreaterThan(0);
    expect(model.getParameters()).toEqual(parameters[best]);
    expect(model.evaluate(validation.inputs, validation.labels).loss).toBe(losses[best]);
  });

  it('restoreBest: false leaves those of the last', async () => {
    using model = await smallNetwork(problem, engine);
    const { history, parameters } = await run(model, { earlyStopping: { patience: 4, restoreBest: false } });
    expect(history.stopped).toBe('earlyStopping');
    expect(model.getParameters()).toEqual(parameters.at(-1));
    expect(parameters.at(-1)).not.toEqual(parameters[history.bestEpoch! - 1]);
  });

  it('restores the best parameters of a run that came to its last epoch too', async () => {
    using model = await smallNetwork(problem, engine);
    const { history, parameters } = await run(model, { epochs: 60, earlyStopping: { patience: 1000 } });
    expect(history).not.toHaveProperty('stopped');
    expect(history.epochs).toBe(60);
    expect(history.bestEpoch).toBeLessThan(60);
    expect(model.getParameters()).toEqual(parameters[history.bestEpoch! - 1]);
  });

  it('minDelta: what is not better by that much is no better', async () => {
    using model = await smallNetwork(problem, engine);
    const { history } = await run(model, { earlyStopping: { patience: 3, minDelta: 100 } });
    expect(history).toMatchObject({ stopped: 'earlyStopping', bestEpoch: 1, epochs: 4 });
  });

  it('monitors what grows better when it grows', async () => {
    using model = await smallNetwork(problem, engine);
    const { history } = await run(model, { earlyStopping: { patience: 5, monitor: 'accuracy' } });
    const accuracies = history.validation!.map(({ accuracy }) => accuracy!);
    expect(history.bestEpoch).toBe(accuracies.indexOf(Math.max(...accuracies)) + 1);
    expect(history.epochs).toBe(history.bestEpoch! + 5);
  });

  it('monitors errors, which grow better when they shrink', async () => {
    using model = await mlp({
      inputs: 3,
      layers: [dense(8, 'tanh'), dense(1)],
      loss: 'meanSquaredError',
      engine,
    });
    const history = await model.fit(problem.inputs, problem.labels, {
      ...options,
      optimizer: sgd({ learningRate: 0.05 }),
      earlyStopping: { patience: 6, monitor: 'meanAbsoluteError' },
    });
    const errors = history.validation!.map(({ meanAbsoluteError }) => meanAbsoluteError!);
    expect(history.bestEpoch).toBe(errors.indexOf(Math.min(...errors)) + 1);
  });

  it('does all that with a stream, and with a share of the rows', async () => {
    using model = await smallNetwork(problem, engine);
    const stream = () => [{ inputs: problem.inputs, labels: problem.labels }];
    const seen: Record<string, Float32Array>[] = [];
    const history = await model.fit(stream, {
      ...options,
      earlyStopping: { patience: 3 },
      onEpoch: () => seen.push(model.getParameters()),
    });
    expect(history.stopped).toBe('earlyStopping');
    expect(model.getParameters()).toEqual(seen[history.bestEpoch! - 1]);

    using split = await smallNetwork(problem, engine);
    const { validation: _none, ...rest } = options;
    const shared = { ...rest, validationSplit: 0.3, earlyStopping: { patience: 3 } };
    expect((await split.fit(problem.inputs, problem.labels, shared)).stopped).toBe('earlyStopping');
  });

  it('the best of averaged parameters are averaged ones', async () => {
    using model = await smallNetwork(problem, engine);
    const { history, parameters } = await run(model, { averageWeights: 0.9, earlyStopping: { patience: 4 } });
    expect(model.getParameters()).toEqual(parameters[history.bestEpoch! - 1]);
    expect(model.evaluate(validation.inputs, validation.labels)).toEqual(
      history.validation![history.bestEpoch! - 1],
    );
  });

  it('a report that stops the run reports it', async () => {
    using model = await smallNetwork(problem, engine);
    const reports: EpochReport[] = [];
    const { history } = await run(model, {
      earlyStopping: { patience: 2 },
      onEpoch: (report) => reports.push(report),
    });
    expect(reports).toHaveLength(history.epochs);
  });
});

describe('wrong options', () => {
  const { engine } = engines[0]!;
  const attempt = async (more: object) => {
    using model = await smallNetwork(problem, engine);
    await model.fit(problem.inputs, problem.labels, { ...options, epochs: 1, ...more });
  };
  const stopping = (part: object) => attempt({ earlyStopping: { patience: 2, ...part } });
  const place = 'options.earlyStopping';

  it.each([
    {
      name: 'options.tolerance',
      use: (tolerance: never) => attempt({ tolerance }),
      fine: ['undefined', '0.5', 'a huge number'],
    },
    {
      name: place,
      use: (earlyStopping: never) => attempt({ earlyStopping }),
      fine: ['undefined'],
      lacks: `${place}.patience`,
    },
    { name: `${place}.patience`, use: (patience: never) => stopping({ patience }) },
    {
      name: `${place}.minDelta`,
      use: (minDelta: never) => stopping({ minDelta }),
      fine: ['undefined', '0.5', 'a huge number'],
    },
    { name: `${place}.monitor`, use: (monitor: never) => stopping({ monitor }), fine: ['undefined'] },
    {
      name: `${place}.restoreBest`,
      use: (restoreBest: never) => stopping({ restoreBest }),
      fine: ['undefined', 'a truth value'],
    },
    {
      name: 'options.clipValue',
      use: (clipValue: never) => attempt({ clipValue }),
      fine: ['undefined', '0.5', 'a huge number'],
    },
    {
      name: 'options.clipNorm',
      use: (clipNorm: never) => attempt({ clipNorm }),
      fine: ['undefined', '0.5', 'a huge number'],
    },
    { name: 'options.accumulate', use: (accumulate: never) => attempt({ accumulate }), fine: ['undefined'] },
    {
      name: 'options.averageWeights',
      use: (averageWeights: never) => attempt({ averageWeights }),
      fine: ['undefined', '0.5'],
    },
  ])('$name', expectRefusals as never);

  it.each([
    [
      'early stopping without validation',
      { validation: undefined, earlyStopping: { patience: 1 } },
      /options\.earlyStopping: expected validation data/,
    ],
    [
      'what no report holds',
      { earlyStopping: { patience: 1, monitor: 'r2' } },
      /monitor: expected one of loss, accuracy.*got "r2"/,
    ],
    ['clipping to nothing', { clipNorm: 0 }, /options\.clipNorm: expected more than 0, got 0/],
    [
      'a misspelt option',
      { earlyStopping: { patience: 1, delta: 0 } },
      /earlyStopping\.delta: expected one of patience/,
    ],
  ])('%s', async (_what, more, message) => {
    await expect(attempt(more)).rejects.toThrow(message);
  });

  it.each([
    ['accumulate', 2],
    ['batchSize', 'all'],
  ])('%s means nothing to a stream', async (name, value) => {
    using model = await smallNetwork(problem, engine);
    const run = model.fit(() => [{ inputs: problem.inputs, labels: problem.labels }], { [name]: value });
    await expect(run).rejects.toThrow(new RegExp(`options\\.${name}: expected .* for a stream`));
  });
});
