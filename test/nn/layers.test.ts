/** Layers beyond dense ones against PyTorch in float64: predictions, gradients, training and what it leaves, saved and loaded; and their edges. */
import { describe, expect, it } from 'vitest';
import {
  batchNormalization,
  dense,
  type Layer,
  load,
  type Model,
  mlp,
  pairProducts,
  polynomial,
  rbf,
  sgd,
} from 'wasmlp';
import { drawn, normal, relativeError } from '../support/numbers.js';
import { engines } from '../support/public-engines.js';
import { type LayerPoint, layerVectors } from '../vectors/vectors.js';
import { foreignLayers, ownSuites } from './layer-cases.js';

const { rows, steps, rate, layers } = layerVectors;

const BOUND = 5e-6;

it('there is a foreign run of every layer', () => {
  expect(Object.keys(layers).sort()).toEqual(Object.keys(foreignLayers).sort());
});

describe.each(engines)('on the $build build', ({ engine }) => {
  const networkOf = (layer: Layer, inputs = 4): Promise<Model> =>
    mlp({ inputs, layers: [dense(6, 'tanh'), layer, dense(2)], loss: 'meanSquaredError', seed: 5, engine });

  describe.each(Object.entries(foreignLayers))('%s', (name, layer) => {
    const run = layers[name]!;
    const inputs = Float32Array.from(run.inputs);
    const targets = Float32Array.from(run.targets);
    const expectPoint = (model: Model, point: LayerPoint) => {
      expect(relativeError(model.predict(inputs), point.outputs)).toBeLessThanOrEqual(BOUND);
      const { loss, gradients, inputs: slopes } = model.gradients(inputs, targets);
      expect(Math.abs(loss / point.value - 1)).toBeLessThanOrEqual(BOUND);
      expect(relativeError(slopes, point.inputGradients)).toBeLessThanOrEqual(BOUND);
      expect(Object.keys(gradients).sort()).toEqual(Object.keys(point.gradients).sort());
      for (const [parameter, slope] of Object.entries(point.gradients))
        expect(relativeError(gradients[parameter]!, slope), parameter).toBeLessThanOrEqual(BOUND);
    };
    const started = async () => {
      const model = await networkOf(layer);
      expect(Object.keys(model.getParameters()).sort()).toEqual(Object.keys(run.parameters).sort());
      model.setParameters(run.parameters);
      return model;
    };
    const train = (model: Model) =>
      model.fit(inputs, targets, {
        epochs: steps,
        batchSize: rows,
        shuffle: false,
        optimizer: sgd({ learningRate: rate }),
      });

    it('predicts and differentiates as PyTorch does', async () => {
      using model = await started();
      expectPoint(model, run.before);
    });

    it('learns as PyTorch does, and predicts so after', async () => {
      using model = await started();
      const { loss } = await train(model);
      expect(relativeError(loss, run.losses)).toBeLessThanOrEqual(BOUND);
      for (const [parameter, values] of Object.entries(run.trained))
        expect(relativeError(model.getParameters()[parameter]!, values), parameter).toBeLessThanOrEqual(1e-5);
      const outputs = model.predict(inputs);
      expect(relativeError(outputs, run.after.outputs)).toBeLessThanOrEqual(1e-5);
    });

    it('is saved and loaded with all that it has learned and kept', async () => {
      using model = await started();
      await train(model);
      using copy = await load(await model.save(), { engine });
      expect(copy.architecture).toEqual(model.architecture);
      expect(copy.getParameters()).toEqual(model.getParameters());
      expect(copy.predict(inputs)).toEqual(model.predict(inputs));
      await train(model);
      await train(copy);
      expect(copy.getParameters()).toEqual(model.getParameters());
    });
  });

  const all = [
    ...Object.entries(foreignLayers),
    ...Object.entries(ownSuites).map(([name, { layer }]) => [name, layer] as const),
  ];
  describe.each(all)('%s', (_name, layer) => {
    it('takes one row, many rows, and batches whose last is shorter', async () => {
      using model = await networkOf(layer);
      const many = drawn('many', 300 * 4, normal);
      const together = model.predict(many);
      for (const first of [0, 255, 256, 299])
        expect(Array.from(model.predict(many.subarray(4 * first, 4 * first + 4)))).toEqual(
          Array.from(together.subarray(2 * first, 2 * first + 2)),
        );
      const labels = drawn('many targets', 600, normal);
      const { loss } = await model.fit(many, labels, {
        epochs: 2,
        batchSize: 23,
        optimizer: sgd({ learningRate: 0.01 }),
      });
      expect(loss.every(Number.isFinite)).toBe(true);
      await model.fit(many, labels, { epochs: 1, batchSize: 299, optimizer: sgd({ learningRate: 0.01 }) });
      for (const values of Object.values(model.getParameters()))
        expect(values.every(Number.isFinite)).toBe(true);
    });

    it('gives finite numbers for inputs of ±1e4, and at 0', async () => {
      // nothing before it, which would bound what reaches it
      const layers = [layer, dense(2)];
      using model = await mlp({ inputs: 4, layers, loss: 'meanSquaredError', seed: 5, engine });
      const extreme = Float32Array.of(1e4, -1e4, 1e4, 0, 0, 0, 0, 0, -1e4, -1e4, 1e-20, 1);
      const { loss, gradients, inputs: slopes } = model.gradients(extreme, new Float32Array(6));
      expect(Number.isFinite(loss)).toBe(true);
      for (const values of [...Object.values(gradients), slopes, model.predict(extreme)])
        expect(values.every(Number.isFinite)).toBe(true);
    });
  });

  describe.each([1e3, 1e4, -1e6])('radial basis units far from 0, at %d', (place) => {
    const around = (key: string, rows: number, spread: number) =>
      drawn(key, rows * 4, (random) => place + spread * random.normal());
    const bells = async (centres: Float32Array, epsilon: number) => {
      const units = centres.length / 4;
      const one = Float32Array.from({ length: units ** 2 }, (_, i) => (i % (units + 1) === 0 ? 1 : 0));
      const layers = [rbf(units, { epsilon }), dense(units, 'identity', { bias: false })];
      const model = await mlp({ inputs: 4, layers, loss: 'meanSquaredError', engine });
      model.setParameters({ 'layers.0.centres': centres, 'layers.1.weight': one });
      return model;
    };
    const distance = (x: Float32Array, row: number, centres: Float32Array, unit: number) =>
      Math.hypot(...[0, 1, 2, 3].map((i) => x[4 * row + i]! - centres[4 * unit + i]!));

    it.each([1, 0.01, 8])('are as exact as at 0 (epsilon %d)', async (epsilon) => {
      const centres = around('centres', 3, 1 / epsilon);
      const x = around('x', 5, 1 / epsilon);
      using model = await bells(centres, epsilon);
      const expected = Array.from({ length: 15 }, (_, i) =>
        Math.exp(-((epsilon * distance(x, Math.floor(i / 3), centres, i % 3)) ** 2)),
      );
      expect(Math.max(...expected)).toBeGreaterThan(0.1);
      expect(relativeError(model.predict(x), expected)).toBeLessThanOrEqual(BOUND);
      // every output is 1.5 too large, of 15: the gradient is a fifth of that of their sum
      const targets = Float32Array.from(model.predict(x), (bell) => bell - 1.5);
      const { inputs, gradients } = model.gradients(x, targets);
      const pull = (row: number, unit: number, i: number) =>
        (-2 * epsilon ** 2 * (x[4 * row + i]! - centres[4 * unit + i]!) * expected[3 * row + unit]!) / 5;
      const ofInputs = Array.from({ length: 20 }, (_, at) =>
        [0, 1, 2].reduce((sum, unit) => sum + pull(Math.floor(at / 4), unit, at % 4), 0),
      );
      const ofCentres = Array.from({ length: 12 }, (_, at) =>
        [0, 1, 2, 3, 4].reduce((sum, row) => sum - pull(row, Math.floor(at / 4), at % 4), 0),
      );
      expect(relativeError(inputs, ofInputs)).toBeLessThanOrEqual(BOUND);
      expect(relativeError(gradients['layers.0.centres']!, ofCentres)).toBeLessThanOrEqual(BOUND);
    });

    it('are never above 1, however far apart the centres are', async () => {
      const centres = around('far', 30, Math.abs(place));
      using model = await bells(centres, 1);
      const outputs = model.predict(centres);
      expect(outputs.every((bell) => bell >= 0 && bell <= 1)).toBe(true);
    });
  });

  it('fixed centres stay where they were put', async () => {
    using model = await networkOf(rbf(5, { learned: false }));
    const centres = drawn('centres', 30, normal);
    model.setParameters({ 'layers.1.centres': centres });
    await model.fit(drawn('x', 40, normal), drawn('y', 20, normal), { epochs: 3, batchSize: 5 });
    expect(model.getParameters()['layers.1.centres']).toEqual(centres);
  });

  it('a batch of one row leaves the running variance without a part of its own', async () => {
    using model = await networkOf(batchNormalization({ momentum: 0.5 }));
    await model.fit(drawn('x', 4, normal), [[1, 2]], { epochs: 1, batchSize: 1, shuffle: false });
    const parameters = model.getParameters();
    expect(parameters['layers.1.runningVariance']).toEqual(new Float32Array(6).fill(0.5));
    expect(parameters['layers.1.runningMean']!.some((value) => value !== 0)).toBe(true);
  });

  it('statistics go back with the parameters when training diverges', async () => {
    using model = await networkOf(batchNormalization());
    const x = drawn('x', 80, normal);
    x[79] = 3e38;
    const wild = Float32Array.from({ length: 40 }, (_, i) => (i === 39 ? 3e38 : 1));
    await expect(model.fit(x, wild, { epochs: 3, batchSize: 5, shuffle: false })).rejects.toThrow(/diverged/);
    for (const values of Object.values(model.getParameters()))
      expect(values.every(Number.isFinite)).toBe(true);
    expect(model.predict(drawn('x', 40, normal)).every(Number.isFinite)).toBe(true);
  });

  it('refuses widths that a layer cannot take', async () => {
    const wide = (layer: Layer, inputs: number) =>
      mlp({ inputs, layers: [layer, dense(1)], loss: 'meanSquaredError', engine });
    await expect(wide(pairProducts(), 1)).rejects.toThrow(
      /^columns: expected an integer from 2 to 1024, got 1/,
    );
    await expect(wide(pairProducts(), 2000)).rejects.toThrow(/^columns: .*got 2000/);
    await expect(wide(polynomial(5), 100)).rejects.toThrow(/^degree: expected at most 65536 products of 100/);
  });
});
