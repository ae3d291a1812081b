/** Ten steps of every optimizer through `fit`, against PyTorch's in float64: every loss, every parameter, on every build. */
import { describe, expect, it } from 'vitest';
import { type ActivationName, dense, type EpochReport, mlp } from 'wasmlp';
import { relativeError } from '../support/numbers.js';
import { engines } from '../support/public-engines.js';
import { optimizerVectors } from '../vectors/vectors.js';
import { optimizerRuns } from './foreign-titles.js';
import { optimizerOf } from './optimizer-cases.js';

const { sizes, activations, rows, inputs, labels, initial } = optimizerVectors;

describe.each(engines)('on the $build build', ({ engine }) => {
  it.each(optimizerRuns)('$title', async (run) => {
    const layers = sizes
      .slice(1)
      .map((units, i) => dense(units, (activations[i] ?? 'identity') as ActivationName));
    using model = await mlp({ inputs: sizes[0]!, layers, loss: 'softmaxCrossEntropy', engine });
    model.setParameters(initial);
    const after: Record<string, Float32Array>[] = [];
    const history = await model.fit(Float32Array.from(inputs), labels, {
      epochs: run.steps.length,
      batchSize: rows,
      shuffle: false,
      optimizer: optimizerOf(run.algorithm, run.options),
      onEpoch: (_report: EpochReport) => after.push(model.getParameters()),
    });
    for (const [i, { loss, parameters }] of run.steps.entries()) {
      expect(relativeError([history.loss[i]!], [loss]), `loss of step ${i + 1}`).toBeLessThanOrEqual(1e-5);
      for (const [name, expected] of Object.entries(parameters))
        expect(relativeError(after[i]![name]!, expected), `${name} after step ${i + 1}`).toBeLessThanOrEqual(
          1e-5,
        );
    }
  });
});
