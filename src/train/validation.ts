/** Which rows are learned from and which only measured. */
import { wrongRange } from '../errors.js';
import type { Network } from '../nn/network.js';
import { type Matrix, type Targets, toInputs, toTargets } from './matrix.js';
import type { FitSettings } from './settings.js';
import type { TrainingData } from './trainee.js';
import { weightsOf } from './weights.js';

/** The validation data that the options bring. */
export function givenValidation(
  network: Network,
  { validation }: FitSettings,
): { inputs: Matrix; targets: Targets } | null {
  if (!validation) return null;
  const inputs = toInputs('options.validation.inputs', validation.inputs, network.architecture.inputs);
  return { inputs, targets: toTargets('options.validation.labels', validation.labels, inputs.rows, network) };
}

/** Keeps the last rows out of training, where the options ask for a share of them. */
export function splitOff(inputs: Matrix, targets: Targets, share: number): TrainingData {
  const kept = Math.round(inputs.rows * (1 - share));
  if (kept === 0 || kept === inputs.rows)
    throw wrongRange(
      'options.validationSplit',
      `a share that leaves rows on both sides of ${inputs.rows}`,
      share,
    );
  return {
    inputs: rowsOf(inputs, 0, kept),
    targets: targetRowsOf(targets, 0, kept),
    validation: {
      inputs: rowsOf(inputs, kept, inputs.rows),
      targets: { ...rowsOf(targets, kept, inputs.rows), weights: null },
    },
  };
}

/** Rows [first, last) of a matrix, not copied. */
export function rowsOf<M extends Matrix>(matrix: M, first: number, last: number): M {
  const { values, columns } = matrix;
  return { ...matrix, values: values.subarray(first * columns, last * columns), rows: last - first };
}

/** The same of targets and their weights. */
export function targetRowsOf(targets: Targets, first: number, last: number): Targets {
  return { ...rowsOf(targets, first, last), weights: weightsOf(targets, first, last) };
}
