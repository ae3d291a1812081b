/**
 * Losses by name, each with the predictions it implies: negative log-likelihoods (Goodfellow et al., ch. 6.2), errors of numbers, and margins.
 * Every row gives the loss of each sample from the last layer's outputs z; what is trained is their mean over the batch. Derivatives are not
 * here; they follow from the operations. Rows that few networks use are in more.ts.
 */
import { sum } from '../../graph/broadcast.js';
import { add, div, equal, greater, maximum, mul, sigmoid, square, sub } from '../../graph/elementwise.js';
import { sigmoidCrossEntropy, softmax } from '../../graph/likelihood.js';
import type { Node } from '../../graph/node.js';
import { argmax, columnsOf, mean, oneHot } from '../../graph/reduce.js';
import { type Choice, checkChoice, nameOf, numbersOf } from '../choice.js';
import { classes, crossEntropy, type Loss, numbers, type TargetKind, yesOrNo } from './loss.js';
import type { moreLosses } from './more.js';

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
  /** Independent yes-or-no outputs, targets from 0 to 1: summed over the outputs. */
  sigmoidCrossEntropy: {
    ...yesOrNo,
    predict: sigmoid,
    build: (z, target) => sum(sigmoidCrossEntropy(z, target), 'columns'),
  },
  /** Numbers: the squared difference, its mean over the outputs. */
  meanSquaredError: { ...numbers, build: (z, target) => mean(square(sub(z, target)), 'columns') },
} as const satisfies Record<string, Loss>;

export type LossName = keyof typeof losses | keyof typeof moreLosses;
/** Those at hand: the rest comes when it is asked for, and stays. */
const rows: Record<string, Loss> = { ...losses };

/** Before a loss is checked: fetches all of them, unless this one is at hand. */
export async function fetchLosses(choice?: unknown): Promise<void> {
  const name = choice !== null && typeof choice === 'object' && 'name' in choice ? choice.name : choice;
  if (typeof name === 'string' && Object.hasOwn(rows, name)) return;
  Object.assign(rows, (await import('./more.js')).moreLosses);
}

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
  return rows[nameOf(choice)]!;
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
