/**
 * Softmax, its logarithm and the two cross-entropies, from logits and stable: no probability is formed on the way to a loss. They have
 * rows of their own because their gradients are simpler, and more exact, than what their parts would give.
 */
import { wrongRange } from '../errors.js';
import { sum, sumTo } from './broadcast.js';
import { abs, add, exp, log, mul, neg, relu, sigmoid, softplus, sub } from './elementwise.js';
import { apply, type Operand } from './leaves.js';
import { broadcast, type Node, type Operation, sameShape, showShape } from './node.js';
import { columnsOf, maxColumns, oneHot } from './reduce.js';

export const likelihoodOperations = {
  softmax: {
    name: 'softmax',
    shape: ([z]) => z!.shape,
    gradient: [(dy, y) => mul(y, sub(dy, sum(mul(dy, y), 'columns')))],
    lowering: { kind: 'softmax' },
  },

  /** log softmax(z) = (z - m) - log sum exp(z - m), with m the largest logit of the row. */
  logSoftmax: {
    name: 'logSoftmax',
    shape: ([z]) => z!.shape,
    gradient: [(dy, y) => sub(dy, mul(exp(y), sum(dy, 'columns')))],
    lowering: {
      kind: 'expand',
      expand: ([z]) => {
        const shifted = sub(z!, maxColumns(z!));
        return sub(shifted, log(sum(exp(shifted), 'columns')));
      },
    },
  },

  /** Targets are class numbers, rows x 1. */
  classCrossEntropy: {
    name: 'classCrossEntropy',
    shape: ([z, target]) => {
      if (target!.shape[0] !== z!.shape[0] || target!.shape[1] !== 1)
        throw wrongRange('target', `class numbers, ${z!.shape[0]} x 1`, showShape(target!.shape));
      return target!.shape;
    },
    gradient: [(dy, _y, z, target) => mul(dy, sub(softmax(z!), oneHot(target!, columnsOf(z!)))), null],
    lowering: { kind: 'crossEntropy' },
  },

  /** Targets are distributions, one a row. Rows that do not sum to 1 weigh their sample by the sum. */
  distributionCrossEntropy: {
    name: 'distributionCrossEntropy',
    shape: ([z, target]) => {
      if (!sameShape(target!.shape, z!.shape))
        throw wrongRange('target', `a distribution, ${showShape(z!.shape)}`, showShape(target!.shape));
      return [z!.shape[0], 1];
    },
    gradient: [
      (dy, _y, z, target) => mul(dy, sub(mul(softmax(z!), sum(target!, 'columns')), target!)),
      (dy, _y, z) => neg(mul(dy, logSoftmax(z!))),
    ],
    lowering: { kind: 'crossEntropy' },
  },

  /** softplus((1 - 2t) z) for t in {0, 1}; for any t between, max(z, 0) - t z + softplus(-|z|). */
  sigmoidCrossEntropy: {
    name: 'sigmoidCrossEntropy',
    shape: ([z, target]) => broadcast('sigmoidCrossEntropy', z!.shape, target!.shape),
    gradient: [
      (dy, _y, z, target) => sumTo(mul(dy, sub(sigmoid(z!), target!)), z!.shape),
      (dy, _y, z, target) => sumTo(neg(mul(dy, z!)), target!.shape),
    ],
    lowering: {
      kind: 'expand',
      expand: ([z, target]) => add(sub(relu(z!), mul(target!, z!)), softplus(neg(abs(z!)))),
    },
  },
} as const satisfies Record<string, Operation>;

/** Every row as probabilities. */
export function softmax(z: Operand): Node {
  return apply(likelihoodOperations.softmax, [z]);
}

/** The logarithms of every row's probabilities. */
export function logSoftmax(z: Operand): Node {
  return apply(likelihoodOperations.logSoftmax, [z]);
}

/** Cross-entropy of each row's logits with a class number (rows x 1) or a distribution (rows x n): rows x 1. */
export function softmaxCrossEntropy(
  z: Operand,
  target: Operand,
  kind: 'class' | 'distribution' = 'class',
): Node {
  if (kind !== 'class' && kind !== 'distribution')
    throw wrongRange('kind', "'class' or 'distribution'", kind);
  const { classCrossEntropy, distributionCrossEntropy } = likelihoodOperations;
  return apply(kind === 'class' ? classCrossEntropy : distributionCrossEntropy, [z, target]);
}

/** Cross-entropy of each logit with a probability, elementwise. */
export function sigmoidCrossEntropy(z: Operand, target: Operand): Node {
  return apply(likelihoodOperations.sigmoidCrossEntropy, [z, target]);
}
