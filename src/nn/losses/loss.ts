/**
 * What a loss must say: the predictions it implies and the loss of each sample. And what losses have in common, by what their predictions tell:
 * one of several classes, yes or no, numbers. The losses are in table.ts and, those that few networks have, in more.ts.
 */
import { softmaxCrossEntropy } from '../../graph/likelihood.js';
import type { Node } from '../../graph/node.js';
import type { Settings } from '../choice.js';

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

export const classes = {
  tells: 'class',
  targets: ['class', 'values'],
  range: [0, 1],
  distribution: true,
  minOutputs: 2,
} as const;
export const yesOrNo = {
  tells: 'yesOrNo',
  targets: ['values'],
  range: [0, 1],
  distribution: false,
  minOutputs: 1,
} as const;
export const numbers = {
  tells: 'numbers',
  targets: ['values'],
  range: [-Infinity, Infinity],
  distribution: false,
  minOutputs: 1,
  predict: (z: Node) => z,
} as const;

/** Of every row, rows x 1. */
export function crossEntropy(z: Node, target: Node, kind: TargetKind): Node {
  return softmaxCrossEntropy(z, target, kind === 'class' ? 'class' : 'distribution');
}
