/** Loss, predictions and every gradient of small networks, each activation with each loss, against PyTorch in float64. */
import { describe, expect, it } from 'vitest';
import { dense, type LossName, mlp } from 'wasmlp';
import { relativeError } from '../support/numbers.js';
import { engines } from '../support/public-engines.js';
import { type Loss, type NetworkPoint, networkVectors } from '../vectors/vectors.js';

const { sizes, rows, inputs, targets, parameters, points } = networkVectors;
const outputs = sizes.at(-1)!;
const BOUND = 5e-6;

/** What a foreign loss is called here, how predictions follow from logits, and by what ours is larger. */
const ours: Readonly<
  Record<Loss, { loss: LossName; predict: (logits: number[]) => number[]; factor: number }>
> = {
  'softmaxCrossEntropy.classes': { loss: 'softmaxCrossEntropy', predict: probabilities, factor: 1 },
  'softmaxCrossEntropy.distributions': { loss: 'softmaxCrossEntropy', predict: probabilities, factor: 1 },
  'sigmoidCrossEntropy.sum': { loss: 'sigmoidCrossEntropy', predict: logistic, factor: 1 },
  // ours sums over the outputs, where this one averages
  'sigmoidCrossEntropy.mean': { loss: 'sigmoidCrossEntropy', predict: logistic, factor: outputs },
  meanSquaredError: { loss: 'meanSquaredError', predict: (logits) => logits, factor: 1 },
};

function logistic(logits: number[]): number[] {
  return logits.map((z) => 1 / (1 + Math.exp(-z)));
}

function probabilities(logits: number[]): number[] {
  const weights = logits.map(Math.exp);
  const total = weights.reduce((sum, weight) => sum + weight);
  return weights.map((weight) => weight / total);
}

/** Applies a function of one row to every row. */
function byRow(values: number[], f: (row: number[]) => number[]): number[] {
  return Array.from({ length: rows }, (_, i) => f(values.slice(i * outputs, (i + 1) * outputs))).flat();
}

async function modelOf({ activation, loss }: NetworkPoint, engine: (typeof engines)[number]['engine']) {
  const [first, ...widths] = sizes;
  const layers = widths.map((units, i) => dense(units, i < widths.length - 1 ? activation : 'identity'));
  const model = await mlp({ inputs: first!, layers, loss: ours[loss].loss, engine });
  model.setParameters(parameters);
  return model;
}

describe.each(engines)('on the $build build', ({ engine }) => {
  it.each(points)('$activation with $loss', async (point) => {
    const { predict, factor } = ours[point.loss];
    const scaled = (values: number[]) => values.map((value) => value * factor);
    using model = await modelOf(point, engine);
    const result = model.gradients(Float32Array.from(inputs), Float32Array.from(targets[point.loss]));

    expect(relativeError([result.loss], scaled([point.value])), 'loss').toBeLessThanOrEqual(BOUND);
    expect(relativeError(result.inputs, scaled(point.inputGradients)), 'inputs').toBeLessThanOrEqual(BOUND);
    expect(Object.keys(result.gradients)).toEqual(Object.keys(point.gradients));
    for (const [name, expected] of Object.entries(point.gradients))
      expect(relativeError(result.gradients[name]!, scaled(expected)), name).toBeLessThanOrEqual(BOUND);

    const predictions = model.predict(Float32Array.from(inputs));
    expect(relativeError(predictions, byRow(point.outputs, predict)), 'predictions').toBeLessThanOrEqual(
      BOUND,
    );
    const report = model.evaluate(Float32Array.from(inputs), Float32Array.from(targets[point.loss]));
    expect(relativeError([report.loss], scaled([point.value])), 'evaluated loss').toBeLessThanOrEqual(BOUND);
  });
});
