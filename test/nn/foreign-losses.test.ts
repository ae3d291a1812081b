/** Losses, weights and label smoothing against PyTorch in float64: value and gradient with respect to the outputs, on every build. */
import { describe, expect, it } from 'vitest';
import { dense, type LossChoice, mlp } from 'wasmlp';
import { relativeError } from '../support/numbers.js';
import { engines } from '../support/public-engines.js';
import vectors from '../vectors/losses.json' with { type: 'json' };
import { lossCases } from './foreign-titles.js';

const { outputs, z } = vectors;

/** Outputs are inputs: times one, plus nothing. */
const unchanged = Float32Array.from({ length: outputs ** 2 }, (_, i) => Number(i % (outputs + 1) === 0));

describe.each(engines)('on the $build build', ({ engine }) => {
  it.each(lossCases)('$title', async ({ loss, targets, weights, value, gradient }) => {
    const layers = [dense(outputs, 'identity', { bias: false })];
    using model = await mlp({ inputs: outputs, layers, loss: loss as LossChoice, engine });
    model.setParameters({ 'layers.0.weight': unchanged });
    const inputs = Float32Array.from(z);
    const actual = model.gradients(inputs, Float32Array.from(targets), weights);
    expect(relativeError([actual.loss], [value])).toBeLessThanOrEqual(2e-6);
    expect(relativeError(actual.inputs, gradient)).toBeLessThanOrEqual(2e-6);
    const { loss: evaluated } = model.evaluate(inputs, Float32Array.from(targets), weights);
    expect(relativeError([evaluated], [value])).toBeLessThanOrEqual(2e-6);
  });
});
