/** Losses that few networks have: a chunk of its own, fetched by those that do (table.ts). */
import { slice } from '../../graph/arrange.js';
import { sum } from '../../graph/broadcast.js';
import {
  abs,
  add,
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
} from '../../graph/elementwise.js';
import { sigmoidCrossEntropy, softmax } from '../../graph/likelihood.js';
import type { Node } from '../../graph/node.js';
import { argmax, columnsOf, mean, oneHot } from '../../graph/reduce.js';
import { classes, crossEntropy, type Loss, numbers, yesOrNo } from './loss.js';

export const moreLosses = {
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
  /** The same without the targets' entropy. */
  binaryKlDivergence: {
    ...yesOrNo,
    predict: sigmoid,
    build: (z, target) =>
      sum(add(sigmoidCrossEntropy(z, target), add(timesLog(target), timesLog(sub(1, target)))), 'columns'),
  },
  /**
   * Half the squared difference of the probability sigmoid(z) and the target, summed over the outputs: what sigmoid outputs were trained with
   * before cross-entropy. Its gradient vanishes with the sigmoid's slope, also where the answer is wrong.
   */
  sigmoidSquaredError: {
    ...yesOrNo,
    predict: sigmoid,
    build: (z, target) => mul(sum(square(sub(sigmoid(z), target)), 'columns'), 0.5),
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
   * Predictions are means, exp(z): infinite in float32 above z = 88.7, and the loss with them.
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
