/** All operations by name: what tests walk through, so that no row is without its tests. */
import { arrangements } from './arrange.js';
import { sums } from './broadcast.js';
import { elementwiseOperations } from './elementwise.js';
import { gatherOperations } from './gather.js';
import { leaves } from './leaves.js';
import { likelihoodOperations } from './likelihood.js';
import { linearOperations } from './linear.js';
import { multiplicativeOperations } from './multiplicative.js';
import type { Operation } from './node.js';
import { maxima } from './reduce.js';
import { stochasticOperations } from './stochastic.js';

export const operations: Readonly<Record<string, Operation>> = {
  ...leaves,
  ...sums,
  ...elementwiseOperations,
  ...linearOperations,
  ...maxima,
  ...likelihoodOperations,
  ...stochasticOperations,
  ...arrangements,
  ...gatherOperations,
  ...multiplicativeOperations,
};
