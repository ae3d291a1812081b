/** Samples and classes that count more than others: as if their rows stood there several times, for every loss and everything that has one. */
import { describe, expect, it } from 'vitest';
import { type Batch, dense, type LossName, type Model, mlp, sgd } from 'wasmlp';
import { lossReferences } from '../reference/losses.js';
import { drawn, normal, relativeError } from '../support/numbers.js';
import { engines } from '../support/public-engines.js';
import { type Argument, expectRefusals } from '../support/wrong.js';

const ROWS = 9;
const OUTPUTS = 4;
const x = drawn('weights x', ROWS * 3, normal);
const rowsOf = (values: ArrayLike<number>, columns: number) =>
  Array.from({ length: values.length / columns }, (_, i) =>
    Array.from(values).slice(i * columns, (i + 1) * columns),
  );

/** Labels that the loss takes: class numbers, or rows of numbers from 0 to 1. */
function labelsOf(name: string): number[] | number[][] {
  const { targets, outputsPerTarget = 1 } = lossReferences[name]!;
  if (targets === 'classes') return Array.from({ length: ROWS }, (_, i) => (i * i) % OUTPUTS);
  const columns = OUTPUTS / outputsPerTarget;
  return rowsOf(
    drawn('labels', ROWS * columns, (random) => random.uniform()),
    columns,
  );
}

const counts = [1, 2, 0, 3, 1, 1, 0, 4, 2];
/** Each item as often as its row counts. */
const repeated = <T>(items: readonly T[]): T[] =>
  items.flatMap((item, i) => new Array<T>(counts[i]!).fill(item));
/** A step so small that float32 does not see it: losses of a run are those of its beginning. */
const standing = sgd({ learningRate: 1e-30 });

describe.each(engines)('on the $build build', ({ engine }) => {
  const made = (loss: LossName, outputs = OUTPUTS): Promise<Model> =>
    mlp({ inputs: 3, layers: [dense(5, 'tanh'), dense(outputs)], loss, seed: 3, engine });

  it.each(Object.keys(lossReferences) as LossName[])('%s: a weight is a number of rows', async (loss) => {
    using model = await made(loss);
    const labels = labelsOf(loss);
    const weighed = model.gradients(x, labels as number[][], { sampleWeights: counts });
    const whole = model.gradients(repeated(rowsOf(x, 3)), repeated<number | number[]>(labels) as number[][]);
    expect(relativeError([weighed.loss], [whole.loss])).toBeLessThanOrEqual(2e-6);
    for (const [name, gradient] of Object.entries(whole.gradients))
      expect(relativeError(weighed.gradients[name]!, gradient), name).toBeLessThanOrEqual(5e-6);
    const { loss: evaluated } = model.evaluate(x, labels as number[][], { sampleWeights: counts });
    expect(relativeError([evaluated], [whole.loss])).toBeLessThanOrEqual(2e-6);
    expect(model.evaluate(x, labels as number[][]).loss).not.toBeCloseTo(evaluated, 6);
  });

  it('a step follows the weighted loss, and only its size is relative', async () => {
    using model = await made('softmaxCrossEntropy');
    const labels = labelsOf('softmaxCrossEntropy') as number[];
    const before = model.getParameters();
    const { gradients } = model.gradients(x, labels, { sampleWeights: counts });
    const half = model.gradients(x, labels, { sampleWeights: counts.map((count) => count / 2) });
    expect(half.gradients).toEqual(gradients);
    await model.fit(x, labels, {
      epochs: 1,
      batchSize: ROWS,
      optimizer: sgd({ learningRate: 0.5 }),
      sampleWeights: counts,
    });
    for (const [name, after] of Object.entries(model.getParameters())) {
      const expected = before[name]!.map((w, i) => w - 0.5 * gradients[name]![i]!);
      expect(relativeError(after, expected), name).toBeLessThanOrEqual(2e-6);
    }
  });

  it('the loss of an epoch is that of its samples, however they are batched or streamed', async () => {
    using model = await made('softmaxCrossEntropy');
    const labels = labelsOf('softmaxCrossEntropy') as number[];
    const classWeights = [1, 3, 0.5, 0];
    const options = { epochs: 2, batchSize: 2, optimizer: standing, classWeights };
    const { loss: exact } = model.evaluate(x, labels, { sampleWeights: counts, classWeights });
    for (const accuracy of [true, false]) {
      const history = await model.fit(x, labels, { ...options, accuracy, sampleWeights: counts });
      expect(relativeError(history.loss, [exact, exact])).toBeLessThanOrEqual(2e-6);
    }
    function* batches(): Generator<Batch> {
      for (const [from, to] of [
        [0, 5],
        [5, 9],
      ] as const)
        yield {
          inputs: x.subarray(from * 3, to * 3),
          labels: labels.slice(from, to),
          sampleWeights: counts.slice(from, to),
        };
    }
    const streamed = await model.fit(batches, options);
    expect(relativeError(streamed.loss, [exact, exact])).toBeLessThanOrEqual(2e-6);
  });

  it('evaluates as one what takes several batches', async () => {
    using model = await made('meanSquaredError', 1);
    const many = drawn('many', 700 * 3, normal);
    const labels = drawn('many labels', 700, normal);
    const weights = Float32Array.from({ length: 700 }, (_, i) => (i < 300 ? 0 : i % 7));
    const predictions = model.predict(many);
    let sum = 0;
    let total = 0;
    weights.forEach((weight, i) => {
      sum += weight * (predictions[i]! - labels[i]!) ** 2;
      total += weight;
    });
    const { loss } = model.evaluate(many, labels, { sampleWeights: weights });
    expect(relativeError([loss], [sum / total])).toBeLessThanOrEqual(2e-6);
  });

  it('a class weighs its rows, shares of classes their mean, yes or no its output', async () => {
    const classWeights = [2, 1, 0, 5];
    const labels = labelsOf('softmaxCrossEntropy') as number[];
    using model = await made('softmaxCrossEntropy');
    const byClass = model.gradients(x, labels, { classWeights });
    const sampleWeights = labels.map((label) => classWeights[label]!);
    expect(byClass).toEqual(model.gradients(x, labels, { sampleWeights }));
    const oneHot = labels.map((label) => classWeights.map((_, j) => Number(j === label)));
    expect(model.evaluate(x, oneHot, { classWeights }).loss).toBeCloseTo(byClass.loss, 6);
    const shares = labels.map((_, i) => (i % 2 ? [0.25, 0.25, 0.25, 0.25] : [0.5, 0, 0, 0.5]));
    const expected = labels.map((_, i) => (i % 2 ? 2 : 3.5));
    expect(model.gradients(x, shares, { classWeights })).toEqual(
      model.gradients(x, shares, { sampleWeights: expected }),
    );
    using binary = await made('sigmoidCrossEntropy', 1);
    const yes = labels.map((label) => Number(label > 0));
    expect(binary.gradients(x, yes, { classWeights: [0.5, 4] })).toEqual(
      binary.gradients(x, yes, { sampleWeights: yes.map((one) => (one ? 4 : 0.5)) }),
    );
  });

  it('what weighs nothing teaches nothing, and is no divergence', async () => {
    using model = await made('softmaxCrossEntropy');
    const before = model.getParameters();
    const labels = labelsOf('softmaxCrossEntropy') as number[];
    const options = { epochs: 2, batchSize: 4, sampleWeights: new Float32Array(ROWS) };
    const history = await model.fit(x, labels, { ...options, optimizer: sgd({ learningRate: 1 }) });
    expect(history.loss).toEqual([0, 0]);
    expect(model.getParameters()).toEqual(before);
  });

  it('keeps the weights with their rows where some are split off', async () => {
    using model = await made('meanSquaredError', 1);
    const labels = Float32Array.from({ length: ROWS }, (_, i) => i);
    const options = { epochs: 1, batchSize: 2, optimizer: standing, sampleWeights: counts };
    const { loss, validation } = await model.fit(x, labels, { ...options, validationSplit: 1 / 3 });
    const { loss: kept } = model.evaluate(x.subarray(0, 18), labels.subarray(0, 6), {
      sampleWeights: counts.slice(0, 6),
    });
    expect(relativeError(loss, [kept])).toBeLessThanOrEqual(2e-6);
    // validation is measured without weights
    const { loss: out } = model.evaluate(x.subarray(18), labels.subarray(6));
    expect(relativeError([validation![0]!.loss], [out])).toBeLessThanOrEqual(2e-6);
  });
});

describe('wrong weights are refused by name', async () => {
  const [{ engine }] = engines as [(typeof engines)[number]];
  const model = await mlp({ inputs: 3, layers: [dense(4)], loss: 'softmaxCrossEntropy', engine });
  const labels = labelsOf('softmaxCrossEntropy') as number[];
  const uses: readonly ((options: object) => unknown)[] = [
    (options) => model.evaluate(x, labels, options),
    (options) => model.gradients(x, labels, options),
    (options) => model.fit(x, labels, { epochs: 1, ...options }),
  ];
  const doors = uses.flatMap((use): Argument[] => [
    { name: 'options.classWeights', use: (classWeights) => use({ classWeights }), fine: ['undefined'] },
    { name: 'options.sampleWeights', use: (sampleWeights) => use({ sampleWeights }), fine: ['undefined'] },
    {
      name: 'options.classWeights[1]',
      use: (weight) => use({ classWeights: [1, weight, 1, 1] }),
      fine: ['0.5'],
    },
  ]);
  it.each(doors.map((door, i) => ({ ...door, title: `${door.name} (${i + 1})` })))('$title', expectRefusals);

  it('classes where rows have none, weights of rows of a stream, batches that disagree', async () => {
    using numbers = await mlp({ inputs: 3, layers: [dense(1)], loss: 'meanSquaredError', engine });
    expect(() => numbers.evaluate(x, labels, { classWeights: [1, 1] })).toThrow(
      /^options\.classWeights: expected a loss whose rows are of one class each/,
    );
    const stream = (...batches: Batch[]) => model.fit(() => batches, { epochs: 1, batchSize: ROWS });
    await expect(model.fit(() => [], { sampleWeights: [1] })).rejects.toThrow(
      /^options\.sampleWeights: expected nothing for a stream/,
    );
    const batch = { inputs: x, labels };
    await expect(stream(batch, { ...batch, sampleWeights: counts })).rejects.toThrow(
      /^batch\.sampleWeights: expected none, as in the first batch/,
    );
    await expect(stream({ ...batch, sampleWeights: [1] })).rejects.toThrow(
      /^batch\.sampleWeights: expected 9 numbers/,
    );
  });
});
