/** What becomes of gradients on their way to the optimizer: clipping, accumulation, and the averages that a run leaves. */
import { describe, expect, it } from 'vitest';
import {
  adam,
  createEngine,
  dense,
  type Engine,
  type FitOptions,
  type Model,
  mlp,
  type Optimizer,
  sgd,
} from 'wasmlp';
import { relativeError } from '../support/numbers.js';
import { noise, smallNetwork } from '../support/problems.js';
import { engines } from '../support/public-engines.js';

type Parameters = Record<string, Float32Array>;

const problem = noise(24);
const RATE = 0.5;

/** Large enough for updates within products, with small parameters beside. */
function wide(engine: Engine): Promise<Model> {
  const layers = [dense(200, 'tanh'), dense(problem.classes)];
  return mlp({ inputs: problem.columns, layers, loss: 'softmaxCrossEntropy', seed: 4, engine });
}

/** By name: the step that one update makes, divided by the rate, beside the gradient that it was made from. */
async function oneStep(engine: Engine, options: FitOptions) {
  using model = await wide(engine);
  const before = model.getParameters();
  const { gradients } = model.gradients(problem.inputs, problem.labels);
  const whole = { epochs: 1, batchSize: 'all', optimizer: sgd({ learningRate: RATE }) } as const;
  await model.fit(problem.inputs, problem.labels, { ...whole, ...options });
  const after = model.getParameters();
  return Object.entries(gradients).map(([name, gradient]) => ({
    name,
    gradient,
    step: gradient.map((_, i) => (before[name]![i]! - after[name]![i]!) / RATE),
  }));
}

/** Steps are differences of parameters, so their error is that of the parameters. */
function expectSteps(steps: readonly { step: Float32Array; expected: Float32Array; name: string }[]): void {
  for (const { name, step, expected } of steps)
    step.forEach((value, i) => {
      expect(Math.abs(value - expected[i]!), `${name}[${i}]`).toBeLessThanOrEqual(1e-6);
    });
}

function norm(gradients: readonly Float32Array[]): number {
  return Math.sqrt(gradients.flatMap((g) => [...g]).reduce((sum, value) => sum + value * value, 0));
}

async function learned(
  engine: Engine,
  options: FitOptions,
  { inputs, labels } = problem,
): Promise<Parameters> {
  using model = await wide(engine);
  await model.fit(inputs, labels, { epochs: 3, shuffle: false, ...options });
  return model.getParameters();
}

/** Compared with the largest of all parameters: a bias near 0 is a sum of terms that are not. */
function expectSame(actual: Parameters, expected: Parameters, bound: number): void {
  const flat = (parameters: Parameters) => Object.values(parameters).flatMap((values) => [...values]);
  expect(Object.keys(actual)).toEqual(Object.keys(expected));
  expect(relativeError(flat(actual), flat(expected))).toBeLessThanOrEqual(bound);
}

describe.each(engines)('on the $build build', ({ engine }) => {
  it('clipValue bounds every entry', async () => {
    const clipValue = 0.004;
    const steps = await oneStep(engine, { clipValue });
    const expected = steps.map(({ gradient }) =>
      gradient.map((value) => Math.max(-clipValue, Math.min(clipValue, value))),
    );
    expectSteps(steps.map((step, i) => ({ ...step, expected: expected[i]! })));
    expect(steps.some(({ gradient }) => gradient.some((value) => Math.abs(value) > 2 * clipValue))).toBe(
      true,
    );
  });

  it('clipNorm scales all gradients together, and none that are short enough', async () => {
    const all = norm((await oneStep(engine, {})).map(({ gradient }) => gradient));
    for (const [clipNorm, factor] of [
      [all / 3, 1 / 3],
      [all * 3, 1],
    ] as const) {
      const steps = await oneStep(engine, { clipNorm });
      const expected = steps.map(({ gradient }) => gradient.map((value) => value * factor));
      expectSteps(steps.map((step, i) => ({ ...step, expected: expected[i]! })));
    }
  });

  it('clips values before the norm', async () => {
    const [clipValue, clipNorm] = [0.004, 0.01];
    const steps = await oneStep(engine, { clipValue, clipNorm });
    const bounded = steps.map(({ gradient }) =>
      gradient.map((value) => Math.max(-clipValue, Math.min(clipValue, value))),
    );
    const factor = clipNorm / norm(bounded);
    expect(factor).toBeLessThan(0.9);
    expectSteps(steps.map((step, i) => ({ ...step, expected: bounded[i]!.map((value) => value * factor) })));
  });

  const optimizers: readonly (readonly [string, () => Optimizer])[] = [
    ['sgd with momentum', () => sgd({ learningRate: 0.1, momentum: 0.9, weightDecay: 0.01 })],
    // with the usual epsilon it divides slopes by their own size, and so what rounding does to the small ones too
    ['adam', () => adam({ learningRate: 0.01, epsilon: 0.01, schedule: 'cosine' })],
  ];

  describe.each(optimizers)('accumulate with %s', (_name, optimizer) => {
    it.each([
      ['batches that fit', 24, 3, 4],
      ['a shorter last batch', 22, 3, 4],
      ['a shorter last update', 20, 4, 3],
      ['one update an epoch', 24, 5, 100],
    ])('does what the larger batch does: %s', async (_what, rows, batchSize, accumulate) => {
      const some = noise(rows);
      const options = { optimizer: optimizer(), accuracy: false };
      const actual = await learned(engine, { ...options, batchSize, accumulate }, some);
      const expected = await learned(engine, { ...options, batchSize: batchSize * accumulate }, some);
      expectSame(actual, expected, 1e-6);
      expect(
        relativeError(actual['layers.0.weight']!, (await initial(engine))['layers.0.weight']!),
      ).toBeGreaterThan(1e-3);
    });
  });

  it('accumulates before it clips', async () => {
    const options = { optimizer: sgd({ learningRate: 0.5 }), clipNorm: 0.05, epochs: 1 };
    const actual = await learned(engine, { ...options, batchSize: 6, accumulate: 4 });
    expectSame(actual, await learned(engine, { ...options, batchSize: 24 }), 1e-6);
  });

  it('averageWeights leaves the running average of the parameters after every update', async () => {
    const keep = 0.8;
    const options = { epochs: 6, batchSize: 24, shuffle: false, optimizer: sgd({ learningRate: 0.5 }) };
    using plain = await smallNetwork(problem, engine);
    const averages = Object.fromEntries(
      Object.entries(plain.getParameters()).map(([name, values]) => [name, Float64Array.from(values)]),
    );
    await plain.fit(problem.inputs, problem.labels, {
      ...options,
      onEpoch: () => {
        for (const [name, values] of Object.entries(plain.getParameters()))
          values.forEach((value, i) => {
            averages[name]![i] = keep * averages[name]![i]! + (1 - keep) * value;
          });
      },
    });
    using model = await smallNetwork(problem, engine);
    const { loss } = await model.fit(problem.inputs, problem.labels, { ...options, averageWeights: keep });
    for (const [name, values] of Object.entries(model.getParameters()))
      expect(relativeError(values, averages[name]!), name).toBeLessThanOrEqual(1e-6);
    // what is trained is not the average
    expect(loss.at(-1)).toBeLessThan(model.evaluate(problem.inputs, problem.labels).loss);
  });

  it('shows the averages to validation and reports, which change nothing', async () => {
    const options: FitOptions = { epochs: 4, batchSize: 5, averageWeights: 0.9, accumulate: 2 };
    const seen: Parameters[] = [];
    using model = await smallNetwork(problem, engine);
    const history = await model.fit(problem.inputs, problem.labels, {
      ...options,
      validation: { inputs: problem.inputs, labels: problem.labels },
      onEpoch: () => seen.push(model.getParameters()),
    });
    expect(seen.at(-1)).toEqual(model.getParameters());
    expect(history.validation!.at(-1)).toEqual(model.evaluate(problem.inputs, problem.labels));
    using unseen = await smallNetwork(problem, engine);
    await unseen.fit(problem.inputs, problem.labels, options);
    expect(unseen.getParameters()).toEqual(model.getParameters());
  });

  it('keeps averages of a stream, and of what an abort left', async () => {
    const options = { epochs: 3, batchSize: 24, shuffle: false, averageWeights: 0.7 };
    using model = await smallNetwork(problem, engine);
    await model.fit(problem.inputs, problem.labels, options);
    using streamed = await smallNetwork(problem, engine);
    await streamed.fit(() => [{ inputs: problem.inputs, labels: problem.labels }], options);
    expect(streamed.getParameters()).toEqual(model.getParameters());

    using aborted = await smallNetwork(problem, engine);
    const stop = new AbortController();
    const onEpoch = ({ epoch }: { epoch: number }) => epoch === 3 && stop.abort(new Error('enough'));
    const run = aborted.fit(problem.inputs, problem.labels, {
      ...options,
      epochs: 9,
      onEpoch,
      signal: stop.signal,
    });
    await expect(run).rejects.toThrow('enough');
    expect(aborted.getParameters()).toEqual(model.getParameters());
  });

  it('gives the same bits on two threads', async () => {
    using two = await createEngine({ threads: 2, reproducible: engine.info.build === 'plain' });
    const options = { batchSize: 5, accumulate: 2, clipNorm: 0.1, clipValue: 0.05, averageWeights: 0.9 };
    expect(await learned(two, options)).toEqual(await learned(engine, options));
  });
});

async function initial(engine: Engine): Promise<Parameters> {
  using model = await wide(engine);
  return model.getParameters();
}

describe('the program of a step', () => {
  const engine = engines[0]!.engine;
  /** The end of an instruction that writes a parameter; the derivative of tanh has another one after it. */
  const WRITES = /neg_mul_add +\d/;
  /** Instructions that write a parameter, by how they do it. */
  const updates = async (options: FitOptions) => {
    using model = await wide(engine);
    const text = await model.describe({
      batchSize: 24,
      optimizer: sgd({ learningRate: 0.1 }),
      ...(options as object),
    });
    const lines = text.split('\n').filter((line) => WRITES.test(line));
    return { text, within: lines.filter((line) => line.includes('GEMM')).length };
  };

  it('is what it was where nothing is asked for', async () => {
    const { text, within } = await updates({});
    expect(within).toBe(2);
    expect(text).toBe((await updates({ accumulate: 1 })).text);
    expect(text).not.toMatch(/sqrt|select|minimum/);
  });

  it('bounds values within the products that give gradients', async () => {
    expect((await updates({ clipValue: 1 })).within).toBe(2);
  });

  it('has all gradients before it scales the first one', async () => {
    const { text, within } = await updates({ clipNorm: 1 });
    expect(within).toBe(0);
    const lines = text.split('\n');
    const root = lines.findIndex((line) => line.includes('sqrt'));
    const last = lines.findLastIndex((line) => line.includes('GEMM'));
    const first = lines.findIndex((line) => WRITES.test(line));
    expect(last).toBeLessThan(root);
    expect(root).toBeLessThan(first);
  });
});
