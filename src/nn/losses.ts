/**
 * Losses by name, each with the outputs it implies: the negative log-likelihood of a multinoulli, of Bernoullis and of a Gaussian
 * (Goodfellow et al., ch. 6.2). Every loss is built from logits and is a mean over the batch.
 */
import { sum } from '../graph/broadcast.js';
import { equal, greater, sigmoid, square, sub } from '../graph/elementwise.js';
import { sigmoidCrossEntropy, softmax, softmaxCrossEntropy } from '../graph/likelihood.js';
import type { Node } from '../graph/node.js';
import { argmax, mean } from '../graph/reduce.js';

/** How targets are given: a class number for each row, or one number for each output. */
export type TargetKind = 'class' | 'values';

export interface Loss {
  /** What targets may be; the first is what a target with one column means. */
  readonly targets: readonly TargetKind[];
  /** What `values` must lie between, and whether each row must sum to 1. */
  readonly range: readonly [number, number];
  readonly distribution: boolean;
  /** Fewest outputs for which the loss means something. */
  readonly minOutputs: number;
  /** Predictions from logits. */
  readonly predict: (z: Node) => Node;
  /** The loss of a batch, 1 x 1. */
  readonly build: (z: Node, target: Node, kind: TargetKind) => Node;
  /** Correct predictions (in units of rows) in a batch, 1 x 1; absent where there is nothing to be correct about. */
  readonly correct?: (z: Node, target: Node, kind: TargetKind) => Node;
}

export const losses = {
  /** Classes that exclude each other. -log p of the class, or the cross-entropy with a distribution. */
  softmaxCrossEntropy: {
    targets: ['class', 'values'],
    range: [0, 1],
    distribution: true,
    minOutputs: 2,
    predict: softmax,
    build: (z, target, kind) =>
      mean(softmaxCrossEntropy(z, target, kind === 'class' ? 'class' : 'distribution')),
    correct: (z, target, kind) => sum(equal(argmax(z), kind === 'class' ? target : argmax(target))),
  },
  /** Independent yes-or-no outputs: summed over the outputs, averaged over the batch. */
  sigmoidCrossEntropy: {
    targets: ['values'],
    range: [0, 1],
    distribution: false,
    minOutputs: 1,
    predict: sigmoid,
    build: (z, target) => mean(sum(sigmoidCrossEntropy(z, target), 'columns')),
    correct: (z, target) => sum(mean(equal(greater(z, 0), greater(target, 0.5)), 'columns')),
  },
  /** Numbers: the mean over batch and outputs of the squared difference. */
  meanSquaredError: {
    targets: ['values'],
    range: [-Infinity, Infinity],
    distribution: false,
    minOutputs: 1,
    predict: (z) => z,
    build: (z, target) => mean(square(sub(z, target))),
  },
} as const satisfies Record<string, Loss>;

export type LossName = keyof typeof losses;

export function lossOf(name: LossName): Loss {
  return losses[name];
}
