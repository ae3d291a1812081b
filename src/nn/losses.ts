/**
 * Losses by name, each with the predictions it implies: negative log-likelihoods (Goodfellow et al., ch. 6.2), errors of numbers, and margins.
 * Every row gives the loss of each sample from the last layer's outputs z; what is trained is their mean over the batch. Derivatives are not
 * here; they follow from the operations.
 */
import { slice } from '../graph/arrange.js';
import { sum } from '../graph/broadcast.js';
import {
  abs,
  add,
  div,
  equal,
  exp,
  greater,
  log,
  log1p,
  maximum,
  minimum,
  mul,
  neg,
  relu,
  select,
  sigmoid,
  square,
  step,
  sub,
  tanh,
} from '../graph/elementwise.js';
import { sigmoidCrossEntropy, softmax, softmaxCrossEntropy } from '../graph/likelihood.js';
import type { Node } from '../graph/node.js';
import { argmax, columnsOf, mean, oneHot } from '../graph/reduce.js';
import { type Choice, checkChoice, nameOf, numbersOf, type Settings } from './choice.js';

/** How targets are given: a class number for each row, or one number for each output. */
export type TargetKind = 'class' | 'values';

/** What predictions tell, and therefore how good they are: one of several classes, yes or no for each output, numbers. */
export type Told = 'class' | 'yesOrNo' | 'numbers';

export interface Loss {
  readonly tells: Told;
  /** What targets may be; the first is what a target with one column means. */
  readonly targets: readonly TargetKind[];
  /** What `values` must lie between, and whether each row must sum to 1. */
  readonly range: readonly [number, number];
  readonly distribution: boolean;
  /** Fewest outputs for which the loss means something. */
  readonly minOutputs: number;
  /** Outputs for each number of a target, default 1. */
  readonly outputsPerTarget?: number;
  /** Predictions above this say yes, default 0.5. */
  readonly boundary?: number;
  readonly settings?: Settings;
  /** Predictions from z. */
  readonly predict: (z: Node) => Node;
  /** The loss of every sample, rows x 1. */
  readonly build: (
    z: Node,
    target: Node,
    kind: TargetKind,
    settings: Readonly<Record<string, number>>,
  ) => Node;
}

const classes = {
  tells: 'class',
  targets: ['class', 'values'],
  range: [0, 1],
  distribution: true,
  minOutputs: 2,
} as const;
const yesOrNo = {
  tells: 'yesOrNo',
  targets: ['values'],
  range: [0, 1],
  distribution: false,
  minOutputs: 1,
} as const;
const numbers = {
  tells: 'numbers',
  targets: ['values'],
  range: [-Infinity, Infinity],
  distribution: false,
  minOutputs: 1,
  predict: (z: Node) => z,
} as const;

export const losses = {
  /**
   * Classes that exclude each other: -log p of the class, or the cross-entropy with a distribution. With labelSmoothing s, of the
   * distribution (1 - s) t + s / outputs.
   */
  softmaxCrossEntropy: {
    ...classes,
    settings: { labelSmoothing: { standard: 0, least: 0, most: 1 } },
    predict: softmax,
    build: (z, target, kind, { labelSmoothing: share = 0 }) => {
      if (share === 0) return crossEntropy(z, target, kind);
      const columns = columnsOf(z);
      const hard = kind === 'class' ? oneHot(target, columns) : target;
      return crossEntropy(z, add(mul(hard, 1 - share), share / columns), 'values');
    },
  },
  /** Kullback and Leibler's divergence of the predicted distribution from the target: the cross-entropy without the target's entropy. */
  klDivergence: {
    ...classes,
    predict: softmax,
    build: (z, target, kind) =>
      kind === 'class'
        ? crossEntropy(z, target, kind)
        : add(crossEntropy(z, target, kind), sum(timesLog(target), 'columns')),
  },
  /**
   * The multiclass support vector machine of Weston and Watkins (1999): the sum over the other classes j of max(0, 1 + z_j - z_class);
   * subgradient 0 at its kinks. Of a distribution the first of the most probable classes counts. Predictions are z.
   */
  multiclassHinge: {
    ...classes,
    predict: (z) => z,
    build: (z, target, kind) => {
      const own = oneHot(kind === 'class' ? target : argmax(target), columnsOf(z));
      const margins = relu(add(sub(z, sum(mul(z, own), 'columns')), 1));
      return sum(mul(margins, sub(1, own)), 'columns');
    },
  },

  /** Independent yes-or-no outputs, targets from 0 to 1: summed over the outputs. */
  sigmoidCrossEntropy: {
    ...yesOrNo,
    predict: sigmoid,
    build: (z, target) => sum(sigmoidCrossEntropy(z, target), 'columns'),
  },
  /** The same without the targets' entropy. */
  binaryKlDivergence: {
    ...yesOrNo,
    predict: sigmoid,
    build: (z, target) =>
      sum(add(sigmoidCrossEntropy(z, target), add(timesLog(target), timesLog(sub(1, target)))), 'columns'),
  },
  /**
   * Targets 1 for yes and 0 for no: max(0, 1 - z) for yes, max(0, 1 + z) for no, summed over the outputs; subgradient 0 at the kink.
   * Predictions are z: above 0 is yes.
   */
  hinge: {
    ...yesOrNo,
    boundary: 0,
    predict: (z) => z,
    build: (z, target) => expected(z, target, (margin) => relu(sub(1, margin))),
  },
  /** The squares of those. */
  squaredHinge: {
    ...yesOrNo,
    boundary: 0,
    predict: (z) => z,
    build: (z, target) => expected(z, target, (margin) => square(relu(sub(1, margin)))),
  },
  /**
   * Rosenblatt's criterion (step(z) - t) z, summed over the outputs: |z| where z is on the wrong side, else 0. Its gradient is
   * step(z) - t, and w := w - rate (step(z) - t) x his rule; at 0, which step takes for no, it is -1 for yes and 0 for no.
   */
  perceptron: {
    ...yesOrNo,
    predict: step,
    build: (z, target) => sum(mul(sub(step(z), target), z), 'columns'),
  },

  /** Numbers: the squared difference, its mean over the outputs. */
  meanSquaredError: { ...numbers, build: (z, target) => mean(square(sub(z, target)), 'columns') },
  /** Its sum over the outputs. */
  sumSquaredError: { ...numbers, build: (z, target) => sum(square(sub(z, target)), 'columns') },
  /** Half its sum over the outputs: the gradient is the difference. */
  halfSquaredError: { ...numbers, build: (z, target) => mul(sum(square(sub(z, target)), 'columns'), 0.5) },
  /** |z - t|, its mean over the outputs; subgradient 0 at 0. */
  meanAbsoluteError: { ...numbers, build: (z, target) => mean(abs(sub(z, target)), 'columns') },
  /** Half the squared difference up to `delta`, from there on a straight line (Huber 1964); its mean over the outputs. */
  huber: {
    ...numbers,
    settings: { delta: { standard: 1, least: 2 ** -24 } },
    build: (z, target, _kind, { delta }) => {
      const distance = abs(sub(z, target));
      const near = minimum(distance, delta!);
      return mean(mul(near, sub(distance, mul(near, 0.5))), 'columns');
    },
  },
  /** log cosh(z - t), its mean over the outputs. */
  logCosh: { ...numbers, build: (z, target) => mean(logCosh(sub(z, target)), 'columns') },
  /**
   * Counts, of which z is the logarithm of the mean: exp(z) - t z, summed over the outputs; log t! is left out, as it has no gradient.
   * Predictions are means, exp(z).
   */
  poisson: {
    ...numbers,
    range: [0, Infinity],
    predict: exp,
    build: (z, target) => sum(sub(exp(z), mul(target, z)), 'columns'),
  },
  /**
   * Numbers whose noise is learned. The first half of the outputs are means m, the second half logarithms of variances v:
   * (log v + (t - m)^2 / v) / 2, summed over the targets; log(2 pi) / 2 is left out. A variance below `leastVariance` counts as that.
   * Predictions are z.
   */
  gaussian: {
    ...numbers,
    minOutputs: 2,
    outputsPerTarget: 2,
    settings: { leastVariance: { standard: 1e-6, least: 1e-30, most: 1 } },
    build: (z, target, _kind, { leastVariance }) => {
      const count = columnsOf(target);
      const means = slice(z, 'columns', 0, count);
      const logVariances = maximum(Math.log(leastVariance!), slice(z, 'columns', count, 2 * count));
      const squares = mul(square(sub(target, means)), exp(neg(logVariances)));
      return mul(sum(add(logVariances, squares), 'columns'), 0.5);
    },
  },
} as const satisfies Record<string, Loss>;

export type LossName = keyof typeof losses;
const rows: Readonly<Record<LossName, Loss>> = losses;

/** A name, or a name with numbers in place of those of the table. */
export type LossChoice =
  | LossName
  | { readonly name: 'softmaxCrossEntropy'; readonly labelSmoothing?: number }
  | { readonly name: 'huber'; readonly delta?: number }
  | { readonly name: 'gaussian'; readonly leastVariance?: number };

export function checkLoss(argument: string, value: unknown): LossChoice {
  return checkChoice<Choice & LossChoice>(argument, value, rows);
}

export function lossOf(choice: LossChoice): Loss {
  return rows[nameOf(choice)];
}

/** Mean over the batch, 1 x 1; weighted where there are `weights`, rows x 1. Of a batch that weighs nothing it is 0. */
export function meanLoss(
  choice: LossChoice,
  z: Node,
  target: Node,
  kind: TargetKind,
  weights: Node | null = null,
): Node {
  const { build, settings } = lossOf(choice);
  const each = build(z, target, kind, numbersOf(choice, settings));
  return weights ? div(sum(mul(each, weights)), maximum(sum(weights), 2 ** -126)) : mean(each);
}

/** Correct predictions (in units of rows) in a batch, 1 x 1; null where there is nothing to be correct about. */
export function countCorrect({ tells }: Loss, z: Node, target: Node, kind: TargetKind): Node | null {
  if (tells === 'class') return sum(equal(argmax(z), kind === 'class' ? target : argmax(target)));
  return tells === 'yesOrNo' ? sum(mean(equal(greater(z, 0), greater(target, 0.5)), 'columns')) : null;
}

function crossEntropy(z: Node, target: Node, kind: TargetKind): Node {
  return softmaxCrossEntropy(z, target, kind === 'class' ? 'class' : 'distribution');
}

/** t log t, and 0 for t = 0. */
function timesLog(t: Node): Node {
  return mul(t, log(maximum(t, 2 ** -126)));
}

/** A loss of margins, z for yes and -z for no, as the target expects it: summed over the outputs. */
function expected(z: Node, target: Node, loss: (margin: Node) => Node): Node {
  return sum(add(mul(target, loss(z)), mul(sub(1, target), loss(neg(z)))), 'columns');
}

/** Near 0 by way of tanh, where all digits are kept; far from it without forming a cosh. */
function logCosh(x: Node): Node {
  const size = abs(x);
  const near = minimum(size, 1);
  const far = maximum(size, 1);
  const nearValue = mul(log1p(neg(square(tanh(near)))), -0.5);
  const farValue = sub(add(far, log1p(exp(mul(far, -2)))), Math.LN2);
  return select(greater(size, 1), farValue, nearValue);
}
