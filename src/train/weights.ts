/**
 * How much each sample counts: its own weight times that of its class. The loss of a batch is then the sum of w times the loss over the sum
 * of w, as PyTorch's weighted cross-entropy has it; what is correct is counted without weights.
 */
import { wrongRange, wrongType } from '../errors.js';
import type { Network } from '../nn/network.js';
import type { Targets } from './matrix.js';

export interface Weighting {
  /** One number of at least 0 a class: a row weighs what its class does, one with shares of classes the mean of theirs. */
  classWeights?: ArrayLike<number> | undefined;
  /** One number of at least 0 a row. */
  sampleWeights?: ArrayLike<number> | undefined;
}

/** The targets with the weights of their rows, where any are given. Those of samples are named after what brings them. */
export function weigh(
  targets: Targets,
  network: Network,
  { classWeights, sampleWeights }: Weighting,
  bringer = 'options',
): Targets {
  if (classWeights === undefined && sampleWeights === undefined) return targets;
  const weights =
    sampleWeights === undefined
      ? new Float32Array(targets.rows).fill(1)
      : checkWeights(`${bringer}.sampleWeights`, sampleWeights, targets.rows);
  if (classWeights !== undefined) {
    const classes = classesOf('options.classWeights', classWeights, network);
    const numbers = checkWeights('options.classWeights', classWeights, classes);
    for (let row = 0; row < targets.rows; row++) weights[row]! *= classWeightOf(targets, row, numbers);
  }
  return { ...targets, weights };
}

/** Rows [first, last) of what is as long as the targets. */
export function weightsOf({ weights }: Targets, first: number, last: number): Float32Array | null {
  return weights?.subarray(first, last) ?? null;
}

/** What the rows [first, last) count for together. */
export function weightOf(targets: Targets, first: number, last: number): number {
  return weightsOf(targets, first, last)?.reduce((sum, weight) => sum + weight, 0) ?? last - first;
}

/** One class an output; of one output that says yes or no, two. */
function classesOf(name: string, value: unknown, { loss, outputs }: Network): number {
  if (loss.tells === 'class') return outputs;
  if (loss.tells === 'yesOrNo' && outputs === 1) return 2;
  throw wrongRange(name, 'a loss whose rows are of one class each', value);
}

/** The weight of the class of a row, or what is expected of its shares. */
function classWeightOf({ kind, values, columns }: Targets, row: number, weights: Float32Array): number {
  if (kind === 'class') return weights[values[row]!]!;
  const first = row * columns;
  if (columns === 1) return weights[0]! + values[first]! * (weights[1]! - weights[0]!);
  let sum = 0;
  for (let j = 0; j < columns; j++) sum += values[first + j]! * weights[j]!;
  return sum;
}

function checkWeights(name: string, value: unknown, length: number): Float32Array {
  if (!Array.isArray(value) && !(ArrayBuffer.isView(value) && 'length' in value))
    throw wrongType(name, `${length} numbers`, value);
  const list = value as unknown as ArrayLike<unknown>;
  if (list.length !== length) throw wrongRange(name, `${length} numbers`, value);
  const weights = new Float32Array(length);
  for (let i = 0; i < length; i++) {
    const weight = list[i];
    if (typeof weight !== 'number') throw wrongType(`${name}[${i}]`, 'a number', weight);
    weights[i] = weight;
    if (!(weight >= 0 && Number.isFinite(weights[i]!)))
      throw wrongRange(`${name}[${i}]`, 'a finite number of at least 0', weight);
  }
  return weights;
}
