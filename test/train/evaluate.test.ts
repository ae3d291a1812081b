/** Predictions and metrics: batches that do not show, numbers worked out by hand, and the forms in which data may come. */
import { describe, expect, it } from 'vitest';
import { dense, type LossName, type Model, mlp, type Rows } from 'wasmlp';
import { relativeError } from '../support/numbers.js';
import { noise, smallNetwork, trained } from '../support/problems.js';
import { engines } from '../support/public-engines.js';

describe.each(engines)('on the $build build', ({ engine }) => {
  /** Two inputs that are the logits. */
  async function passing(loss: LossName): Promise<Model> {
    const model = await mlp({ inputs: 2, layers: [dense(2)], loss, engine });
    model.setParameters({ 'layers.0.weight': [1, 0, 0, 1] });
    return model;
  }

  it.each([1, 255, 256, 257, 700])('%i rows are predicted as each of them alone', async (rows) => {
    const { inputs, labels, columns, classes } = noise(rows);
    using model = await smallNetwork({ inputs, labels, columns, classes }, engine);
    const predictions = model.predict(inputs);
    expect(predictions).toHaveLength(rows * classes);
    let loss = 0;
    for (let row = 0; row < rows; row++) {
      const one = model.predict(inputs.slice(row * columns, (row + 1) * columns));
      const expected = predictions.slice(row * classes, (row + 1) * classes);
      expect(relativeError(one, expected), `row ${row}`).toBeLessThanOrEqual(1e-6);
      loss -= Math.log(expected[labels[row]!]!) / rows;
    }
    expect(relativeError([model.evaluate(inputs, labels).loss], [loss])).toBeLessThanOrEqual(1e-6);
  });

  it('classes: loss and accuracy, with labels as numbers or as distributions', async () => {
    using model = await passing('softmaxCrossEntropy');
    const logits = [
      [Math.log(3), 0],
      [0, Math.log(4)],
      [0, 0],
      [Math.log(9), 0],
    ];
    // probabilities of the first class: 3/4, 1/5, 1/2 and 9/10; of equal ones the first is chosen
    expect(relativeError(model.predict(logits), [0.75, 0.25, 0.2, 0.8, 0.5, 0.5, 0.9, 0.1])).toBeLessThan(
      1e-6,
    );
    const loss = -(Math.log(0.75) + Math.log(0.2) + Math.log(0.5) + Math.log(0.1)) / 4;
    const report = model.evaluate(logits, [0, 0, 0, 1]);
    expect(relativeError([report.loss], [loss])).toBeLessThan(1e-6);
    expect(report.accuracy).toBe(0.5);
    const distributions = [
      [1, 0],
      [1, 0],
      [1, 0],
      [0, 1],
    ];
    const same = model.evaluate(logits, distributions);
    expect(relativeError([same.loss], [loss])).toBeLessThan(1e-6);
    expect(same.accuracy).toBe(0.5);
  });

  it('yes or no: losses are summed over the outputs, and every output counts', async () => {
    using model = await passing('sigmoidCrossEntropy');
    const logits = [
      [Math.log(3), -Math.log(3)],
      [Math.log(3), Math.log(4)],
    ];
    const report = model.evaluate(logits, [
      [1, 1],
      [0, 1],
    ]);
    const loss = -(Math.log(0.75) + Math.log(0.25) + Math.log(0.25) + Math.log(0.8)) / 2;
    expect(relativeError([report.loss], [loss])).toBeLessThan(1e-6);
    expect(report.accuracy).toBe(0.5);
  });

  it('numbers: squared error, its roots, absolute error and R squared', async () => {
    using model = await passing('meanSquaredError');
    const report = model.evaluate(
      [
        [1, 10],
        [2, 10],
        [3, 10],
      ],
      [
        [1, 7],
        [3, 10],
        [5, 13],
      ],
    );
    // column 1: residual 0 + 1 + 4 of a total of 8; column 2: residual 9 + 0 + 9 of a total of 18
    const expected = {
      loss: 23 / 6,
      rootMeanSquaredError: (Math.sqrt(5 / 3) + Math.sqrt(6)) / 2,
      meanAbsoluteError: 1.5,
      r2: 0.1875,
    };
    for (const [name, value] of Object.entries(expected))
      expect(report[name as keyof typeof report], name).toBeCloseTo(value, 6);
  });

  it('rows come as lists, as floats of either size or flat', async () => {
    using model = await passing('meanSquaredError');
    const forms: Rows[] = [
      Float32Array.of(1, 2, 3, 4),
      Float64Array.of(1, 2, 3, 4),
      [
        [1, 2],
        [3, 4],
      ],
      [Float32Array.of(1, 2), Float64Array.of(3, 4)],
    ];
    for (const form of forms) expect([...model.predict(form)]).toEqual([1, 2, 3, 4]);
    using single = await mlp({ inputs: 1, layers: [dense(1)], loss: 'meanSquaredError', engine });
    single.setParameters({ 'layers.0.weight': [2] });
    expect([...single.predict([[1], [2]])]).toEqual([2, 4]);
  });

  it('labels come as lists or as integers of any size', async () => {
    const { inputs, labels, ...problem } = noise(6);
    using model = await smallNetwork({ inputs, labels, ...problem }, engine);
    const expected = model.evaluate(inputs, labels);
    const lists = labels.map((label) => [label]);
    for (const form of [lists, Uint8Array, Uint16Array, Int32Array, Uint32Array, Float32Array])
      expect(model.evaluate(inputs, typeof form === 'function' ? form.from(labels) : form)).toEqual(expected);
  });

  describe('bytes are pixels', () => {
    const pixels = Uint8Array.from({ length: 3 * 256 }, (_, i) => (i * 7) % 256);
    const problem = { ...noise(256), inputs: pixels as unknown as Float32Array };
    // the machine multiplies by the float32 nearest to 1 / 255: of 256 quotients, some differ in the last bit
    const scale = Math.fround(1 / 255);
    const scaled = Float32Array.from(pixels, (byte) => byte * scale);
    const divided = Float32Array.from(pixels, (byte) => byte / 255);

    it('in prediction, evaluation and gradients', async () => {
      using model = await smallNetwork(problem, engine);
      const { labels } = problem;
      expect(model.predict(pixels)).toEqual(model.predict(scaled));
      expect(model.evaluate(pixels, labels)).toEqual(model.evaluate(scaled, labels));
      expect(model.gradients(pixels, labels)).toEqual(model.gradients(scaled, labels));
      expect(relativeError(model.predict(pixels), model.predict(divided))).toBeLessThan(1e-6);
    });

    it('in training', async () => {
      const options = { epochs: 3, batchSize: 50 };
      const { parameters } = await trained(problem, engine, options);
      expect((await trained({ ...problem, inputs: scaled }, engine, options)).parameters).toEqual(parameters);
    });
  });
});
