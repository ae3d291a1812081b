/**
 * Small networks of every activation with every loss: loss and all gradients, learned slopes among them, against float64, on every build. On
 * the sources, whose tables it walks through.
 */
import { describe, expect, it } from 'vitest';
import { dense, mlp } from 'wasmlp';
import { type ActivationName, activations } from '../../src/nn/activations.js';
import { allLosses } from '../../src/nn/losses/all.js';
import type { TargetKind } from '../../src/nn/losses/loss.js';
import { fetchLosses, type LossName, lossOf } from '../../src/nn/losses/table.js';
import { buildNetwork } from '../../src/nn/network.js';
import { evaluate, referenceGradients } from '../reference/evaluate.js';
import { between, drawn, normal, relativeError } from '../support/numbers.js';
import { engines } from '../support/public-engines.js';

await fetchLosses();

const ROWS = 6;
const OUTPUTS = 4;
const BOUND = 5e-6;
const x = drawn('pairings x', ROWS * 3, normal);

/** Targets that a loss takes: all distributions are shares, all shares numbers. */
function targetsOf(name: LossName, kind: TargetKind): Float32Array {
  const { outputsPerTarget = 1 } = lossOf(name);
  if (kind === 'class') return drawn('classes', ROWS, (random) => random.integer(OUTPUTS));
  const values = drawn('shares', (ROWS * OUTPUTS) / outputsPerTarget, between(0.1, 1));
  if (!lossOf(name).distribution) return values;
  const sums = Array.from({ length: ROWS }, (_, i) =>
    values.subarray(i * OUTPUTS, (i + 1) * OUTPUTS).reduce((sum, share) => sum + share),
  );
  return values.map((share, i) => share / sums[Math.floor(i / OUTPUTS)]!);
}

describe.each(engines)('on the $build build', ({ engine }) => {
  it.each(Object.keys(activations) as ActivationName[])('%s with every loss', async (activation) => {
    for (const loss of Object.keys(allLosses) as LossName[])
      for (const kind of lossOf(loss).targets) {
        const layers = [
          dense(5, activation, { biasInitializer: { normal: 0.5 } }),
          dense(4, activation, { biasInitializer: { normal: 0.5 } }),
          dense(OUTPUTS),
        ];
        using model = await mlp({ inputs: 3, layers, loss, seed: 5, engine });
        const targets = targetsOf(loss, kind);
        const actual = model.gradients(x, targets);

        const network = buildNetwork(model.architecture);
        const { loss: value } = network.objective(kind, false);
        const feeds = { ...model.getParameters(), inputs: x, targets };
        const [exact] = evaluate([value], feeds);
        const title = `${loss} of ${kind}`;
        expect(relativeError([actual.loss], exact!.values), title).toBeLessThanOrEqual(BOUND);
        const leaves = [network.x, ...network.parameters];
        referenceGradients(value, leaves, feeds).forEach(({ values }, i) => {
          const got = i === 0 ? actual.inputs : actual.gradients[leaves[i]!.name]!;
          expect(relativeError(got, values), `${title}, ${leaves[i]!.name}`).toBeLessThanOrEqual(BOUND);
        });
      }
  });
});
