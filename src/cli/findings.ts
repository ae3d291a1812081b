/**
 * How good a model is on samples with known labels: its report in the units of the data, as JSON for programs and, with
 * summary.ts, as text for people.
 */
import type { Target } from '../data/index.js';
import type { Model } from '../index.js';
import type { Samples } from './samples.js';

export interface Findings {
  readonly samples: Samples;
  readonly target: Target;
  /** rows x outputs, as the network gives them. */
  readonly predictions: Float32Array;
  /** Mean over the samples, as the network has it: of standardised numbers where the target is one. */
  readonly loss: number;
  readonly metrics: Metrics;
}

/** Share of right classes; or share of the variance explained, and errors in the unit of the target. */
export type Metrics =
  | { readonly accuracy: number }
  | { readonly r2: number; readonly rootMeanSquaredError: number; readonly meanAbsoluteError: number };

export function examine(model: Model, samples: Samples, target: Target): Findings {
  const { loss, accuracy, r2, rootMeanSquaredError, meanAbsoluteError } = model.evaluate(
    samples.inputs,
    samples.labels,
  );
  const metrics =
    target.kind === 'classes'
      ? { accuracy: accuracy! }
      : {
          r2: r2!,
          rootMeanSquaredError: rootMeanSquaredError! * target.scale,
          meanAbsoluteError: meanAbsoluteError! * target.scale,
        };
  return { samples, target, predictions: model.predict(samples.inputs), loss, metrics };
}

/** 'accuracy' as 'testAccuracy', and so on. */
export function prefixed(prefix: string, values: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [prefix + name[0]!.toUpperCase() + name.slice(1), value]),
  );
}
