/** Every metric against scikit-learn's values, against values worked out by hand, and at its door. */
import { describe, expect, it } from 'vitest';
import * as metrics from 'wasmlp/metrics';
import { type Argument, expectRefusals, outcome } from '../support/wrong.js';
import vectors from '../vectors/metrics.json' with { type: 'json' };

const { labels, predicted, binary, guesses, scores, probabilities, values, predictions, expected } = vectors;
const { accuracy, confusionMatrix, f1, logLoss, meanAbsoluteError, precision, predictedClasses } = metrics;
const { r2, recall, rocAuc, rootMeanSquaredError, topKAccuracy } = metrics;

const every = <T>(list: readonly T[], step: number): T[] => list.filter((_, i) => i % step === 0);
const calibrated = scores.map((score) => (8 * score + 1) / 20);

/** What each metric gives on scikit-learn's data, and what scikit-learn has. No metric without. */
const cases: Readonly<
  Record<keyof typeof metrics, readonly (readonly [number | number[], number | number[]])[]>
> = {
  accuracy: [[accuracy(predicted, labels), expected.accuracy]],
  confusionMatrix: [[[...confusionMatrix(predicted, labels)], expected.confusionMatrix]],
  precision: averages(precision, expected.precision),
  recall: averages(recall, expected.recall),
  f1: averages(f1, expected.f1),
  topKAccuracy: [1, 2, 3].map((k) => [topKAccuracy(probabilities, labels, k), expected.topK[k - 1]!]),
  rocAuc: [[rocAuc(scores, binary), expected.rocAuc]],
  logLoss: [
    [logLoss(probabilities, labels), expected.logLoss],
    [logLoss(calibrated, binary), expected.binaryLogLoss],
  ],
  meanAbsoluteError: [[meanAbsoluteError(predictions, values), expected.meanAbsoluteError]],
  rootMeanSquaredError: [
    [rootMeanSquaredError(predictions, values, 2), expected.rootMeanSquaredError],
    [rootMeanSquaredError(every(predictions, 2), every(values, 2)), expected.firstRootMeanSquaredError],
  ],
  r2: [
    [r2(predictions, values, 2), expected.r2],
    [r2(every(predictions, 2), every(values, 2)), expected.firstR2],
  ],
  // numpy's argmax: the first of the largest
  predictedClasses: [[[...predictedClasses([0.2, 0.5, 0.3, 4, 1, 4, 0, 0, 0], 3)], [1, 0, 0]]],
};

function averages(
  metric: typeof precision,
  { binary: positive1, positive0, macro, micro }: typeof expected.precision,
): [number, number][] {
  return [
    [metric(guesses, binary), positive1],
    [metric(guesses, binary, { positive: 0 }), positive0],
    [metric(predicted, labels, { average: 'macro' }), macro],
    [metric(predicted, labels, { average: 'micro' }), micro],
  ];
}

it.each(Object.entries(cases))('%s is scikit-learn’s', (_name, pairs) => {
  for (const [actual, wanted] of pairs) {
    expect([actual].flat()).toHaveLength([wanted].flat().length);
    [wanted].flat().forEach((number, i) => {
      expect([actual].flat()[i]).toBeCloseTo(number, 12);
    });
  }
});

it('there is no metric without a case', () => {
  expect(Object.keys(cases).sort()).toEqual(Object.keys(metrics).sort());
});

describe('at the edges', () => {
  it('scores that are all equal say nothing: an area of one half; the first classes are the top ones', () => {
    expect(rocAuc([1, 1, 1, 1], [0, 1, 1, 0])).toBe(0.5);
    expect(rocAuc([1, 2, 3], [0, 0, 1])).toBe(1);
    expect(rocAuc([3, 2, 1], [0, 0, 1])).toBe(0);
    expect(topKAccuracy([5, 5, 5, 5, 5, 5], [1, 2], 2)).toBe(0.5);
  });

  it('a share of nothing is 0', () => {
    expect(precision([0, 0], [0, 1])).toBe(0);
    expect(recall([0, 1], [0, 0])).toBe(0);
    expect(f1([0, 0], [0, 0])).toBe(0);
    expect(f1([0, 0], [0, 0], { positive: 7 })).toBe(0);
  });

  it('a certainty that was wrong costs 52 log 2, whatever the float', () => {
    expect(logLoss(Float32Array.of(0, 1), [1, 1])).toBeCloseTo((52 * Math.LN2) / 2, 10);
    expect(logLoss(Float64Array.of(1, 0, 0, 1), [0, 1])).toBeCloseTo(0, 15);
  });

  it('constant values have nothing to explain', () => {
    expect(r2([1, 2], [3, 3])).toBe(0);
    expect(rootMeanSquaredError([1, 5], [1, 1])).toBeCloseTo(Math.sqrt(8), 12);
  });

  it('a confusion matrix has room for classes that do not occur', () => {
    expect([...confusionMatrix([0, 1], Uint8Array.of(0, 0), 3)]).toEqual([1, 1, 0, 0, 0, 0, 0, 0, 0]);
  });
});

describe('wrong arguments are refused by name', () => {
  const lists = (name: string, use: (value: never) => unknown): Argument => ({ name, use });
  const doors: readonly Argument[] = [
    lists('predicted', (value) => accuracy(value, [0])),
    lists('labels', (value) => accuracy([0], value)),
    lists('predicted', (value) => confusionMatrix(value, [0])),
    lists('labels', (value) => confusionMatrix([0], value)),
    { name: 'classes', use: (value) => confusionMatrix([0], [0], value), fine: ['undefined'] },
    ...[precision, recall, f1].flatMap((metric): Argument[] => [
      lists('predicted', (value) => metric(value, [0])),
      lists('labels', (value) => metric([0], value)),
      { name: 'options', use: (value) => metric([0], [0], value), fine: ['undefined', 'an object'] },
      { name: 'options.average', use: (average) => metric([0], [0], { average }), fine: ['undefined'] },
      { name: 'options.positive', use: (positive) => metric([0], [0], { positive }), fine: ['undefined'] },
    ]),
    lists('scores', (value) => predictedClasses(value, 2)),
    lists('classes', (value) => predictedClasses([0, 1], value)),
    lists('scores', (value) => topKAccuracy(value, [0], 1)),
    lists('labels', (value) => topKAccuracy([0, 1], value, 1)),
    lists('k', (value) => topKAccuracy([0, 1], [0], value)),
    lists('scores', (value) => rocAuc(value, [0, 1])),
    lists('labels', (value) => rocAuc([0, 1], value)),
    lists('probabilities', (value) => logLoss(value, [0, 1])),
    lists('labels', (value) => logLoss([0, 1], value)),
    ...[meanAbsoluteError, rootMeanSquaredError, r2].flatMap((metric): Argument[] => [
      lists('predictions', (value) => metric(value, [0, 1])),
      lists('values', (value) => metric([0, 1], value)),
    ]),
    ...[rootMeanSquaredError, r2].map((metric): Argument => {
      return { name: 'outputs', use: (value) => metric([0, 1], [0, 1], value), fine: ['undefined'] };
    }),
  ];
  it.each(doors.map((door, i) => ({ ...door, title: `${door.name} (${i + 1})` })))('$title', expectRefusals);

  it.each(Object.entries({ precision, recall, f1 }))(
    '%s of more than two classes, none of them meant',
    (_name, metric) => {
      expect(() => metric([0, 3], [0, 1])).toThrow(
        /^predicted\[1\]: expected 0 or 1, or options.average or options.positive for more classes, got 3$/,
      );
      expect(() => metric([0, 1], [2, 1])).toThrow(/^labels\[0\]: expected 0 or 1, or .*, got 2$/);
      expect(() => metric([0, 1], [2, 1], { average: undefined as never })).toThrow(/^labels\[0\]/);
      expect(metric([0, 1], [2, 1], { positive: 1 })).toBe(1);
      expect(metric([0, 1], [2, 1], { average: 'binary' })).toBe(1);
    },
  );

  it.each([
    ['lists of two lengths', () => accuracy([0, 1], [0]), /^predicted: expected 1 numbers/],
    ['a class of half', () => accuracy([0.5], [0]), /^predicted\[0\]: expected a class number/],
    ['a word', () => accuracy([0], ['x'] as never), /^labels\[0\]: expected a class number.*, got "x"/],
    ['NaN', () => r2([0, Number.NaN], [0, 1]), /^predictions\[1\]: expected a finite number, got NaN/],
    ['a label beyond the columns', () => topKAccuracy([0, 1], [2], 1), /^labels\[0\]: .* from 0 to 1, got 2/],
    [
      'columns that are not whole',
      () => logLoss([0, 1, 1], [0, 1]),
      /^probabilities: expected rows for each/,
    ],
    ['a probability of 2', () => logLoss([2], [1]), /^probabilities\[0\]: expected a number from 0 to 1/],
    ['one class alone', () => rocAuc([1, 2], [1, 1]), /^labels: expected both 0 and 1/],
    ['outputs that do not divide', () => r2([1, 2, 3], [1, 2, 3], 2), /^values: expected rows of 2 numbers/],
  ])('%s', async (_what, call, message) => {
    const error = (await outcome(call)) as Error;
    expect(error instanceof TypeError || error instanceof RangeError).toBe(true);
    expect(error.message).toMatch(message);
  });
});
