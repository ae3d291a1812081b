/** When numbers leave the finite ones: which step and layer are named, and that the parameters are those of the last good step. */
import { describe, expect, it } from 'vitest';
import { DivergenceError, dense, type FitOptions, type Model, mlp, type Optimizer, sgd } from 'wasmlp';
import { drawn, normal } from '../support/numbers.js';
import { engines } from '../support/public-engines.js';

type Parameters = Record<string, Float32Array>;

const inputs = Float32Array.of(1, 2, -1, 0.5, 3, -2, 0, 1);
const labels = [1, -1, 2, 0];
const ROWS = 4;

const optimizers: readonly { title: string; optimizer: Optimizer }[] = [
  { title: 'a rate that is too large', optimizer: sgd({ learningRate: 20 }) },
  { title: 'with momentum', optimizer: sgd({ learningRate: 5, momentum: 0.9 }) },
  { title: 'a rate that overflows at once', optimizer: sgd({ learningRate: 1e36 }) },
  { title: 'an infinite rate', optimizer: sgd({ learningRate: 1e300 }) },
];

async function regression(engine: (typeof engines)[number]['engine']): Promise<Model> {
  const layers = [dense(4), dense(1)];
  return mlp({ inputs: 2, layers, loss: 'meanSquaredError', seed: 5, engine });
}

async function divergence(fit: Promise<unknown>): Promise<DivergenceError> {
  const error = await fit.then(
    () => new Error('fit ended well'),
    (reason) => reason,
  );
  expect(error).toBeInstanceOf(DivergenceError);
  return error as DivergenceError;
}

function allFinite(parameters: Parameters): boolean {
  return Object.values(parameters).every((values) => values.every(Number.isFinite));
}

/** One full-batch step an epoch. */
const steps = (optimizer: Optimizer, more: FitOptions = {}): FitOptions => ({
  epochs: 100_000,
  batchSize: ROWS,
  shuffle: false,
  optimizer,
  ...more,
});

describe.each(engines)('on the $build build', ({ engine }) => {
  describe.each(optimizers)('$title', ({ optimizer }) => {
    it('leaves the parameters with which the last good step began', async () => {
      using model = await regression(engine);
      const start = model.getParameters();
      const error = await divergence(model.fit(inputs, labels, steps(optimizer)));
      expect(error.layer).toMatch(/^layers\.[01]$/);
      expect(error.message).toContain(`step ${error.step}: ${error.layer}`);
      expect(allFinite(model.getParameters())).toBe(true);

      using replayed = await regression(engine);
      const good = Math.max(0, error.step - 1);
      if (good > 0) await replayed.fit(inputs, labels, steps(optimizer, { epochs: good }));
      else expect(model.getParameters()).toEqual(start);
      expect(model.getParameters()).toEqual(replayed.getParameters());
    });

    it.each(['reported epochs', 'a stream'])('does so step by step, with %s', async (way) => {
      using whole = await regression(engine);
      const expected = await divergence(whole.fit(inputs, labels, steps(optimizer)));
      using model = await regression(engine);
      const options = steps(optimizer, { onEpoch: () => {} });
      const error = await divergence(
        way === 'a stream'
          ? model.fit(() => [{ inputs, labels }], options)
          : model.fit(inputs, labels, options),
      );
      expect([error.step, error.layer]).toEqual([expected.step, expected.layer]);
      expect(model.getParameters()).toEqual(whole.getParameters());
    });
  });

  it('goes back across slices, epochs and orders of the rows, wherever it comes', async () => {
    // so many rows that the order of two epochs, 16 steps, is laid out at once
    const many = drawn('divergence', 30_000 * 2, normal);
    const answers = many.filter((_, i) => i % 2 === 0);
    const ordinary = sgd({ learningRate: 0.01, momentum: 0.9 });
    /** What is left of a run that has another rate from step `at` on. */
    const parametersWith = async (at: number, rate: number): Promise<Parameters> => {
      const optimizer: Optimizer = {
        ...ordinary,
        writeScalars(scalars, moment) {
          ordinary.writeScalars(scalars, moment);
          if (moment.step >= at) scalars[0] = rate;
        },
      };
      using model = await regression(engine);
      const run = model.fit(many, answers, { epochs: 6, batchSize: 4000, optimizer });
      if (rate > 1) expect((await divergence(run)).step).toBe(at);
      else await run;
      return model.getParameters();
    };
    for (let at = 1; at < 48; at++) {
      // a rate of 0 leaves the parameters as that step found them
      expect(await parametersWith(at, 1e30), `step ${at}`).toEqual(await parametersWith(at, 0));
    }
  });

  it('is found in the first step, which changes nothing', async () => {
    using model = await regression(engine);
    model.setParameters({ 'layers.0.weight': new Float32Array(8).fill(3e38) });
    const before = model.getParameters();
    const error = await divergence(model.fit(inputs, labels, steps(sgd({ learningRate: 0.1 }))));
    expect([error.step, error.layer]).toEqual([0, 'layers.0']);
    expect(model.getParameters()).toEqual(before);
  });

  it.each([
    [
      'layers.1',
      { 'layers.0.weight': new Float32Array(8).fill(1e20), 'layers.1.weight': [1e20, 1e20, 1e20, 1e20] },
    ],
    ['layers.1', { 'layers.1.weight': [1e25, 1e25, 1e25, 1e25] }],
  ])('names %s, where the numbers end', async (layer, parameters) => {
    using model = await regression(engine);
    model.setParameters(parameters);
    const error = await divergence(model.fit(inputs, labels, steps(sgd({ learningRate: 0.1 }))));
    expect(error.layer).toBe(layer);
  });

  it('is found after the last step too', async () => {
    using model = await regression(engine);
    const before = model.getParameters();
    const options = steps(sgd({ learningRate: 1e300 }), { epochs: 1 });
    const error = await divergence(model.fit(inputs, labels, options));
    expect(error.step).toBe(0);
    expect(model.getParameters()).toEqual(before);
  });

  it('is not the end: a smaller rate learns on', async () => {
    using model = await regression(engine);
    await divergence(model.fit(inputs, labels, steps(sgd({ learningRate: 20 }))));
    using fresh = await regression(engine);
    model.setParameters(fresh.getParameters());
    const { loss } = await model.fit(inputs, labels, steps(sgd({ learningRate: 0.02 }), { epochs: 300 }));
    expect(loss.at(-1)).toBeLessThan(loss[0]! / 2);
  });
});
