/**
 * What keeps weights in bounds: penalties, which are part of the loss, and constraints, which every update ends with. Plain descriptions, as
 * model files keep them. The penalty's gradient is not here; it follows from the operations.
 */
import { checkBoolean, checkNumber, checkOptions } from '../errors.js';
import { sum } from '../graph/broadcast.js';
import { abs, add, div, maximum, mul, relu, sqrt, square } from '../graph/elementwise.js';
import type { Node } from '../graph/node.js';
import { type Choice, checkChoice, LARGEST, nameOf, numbersOf, type Settings } from './choice.js';

/** The penalty l1 times the sum of |w| plus l2 times the sum of w^2. */
export interface Regularizer {
  readonly l1: number;
  readonly l2: number;
  /** Whether biases are penalised as well. */
  readonly biases: boolean;
}

export interface RegularizerOptions {
  /** Default false. */
  biases?: boolean;
}

/** strength times the sum of |w|: the gradient is strength sign(w), and 0 at 0. */
export function l1(strength: number, options: RegularizerOptions = {}): Regularizer {
  return regularizer(checkNumber('strength', strength, 0, LARGEST), 0, options);
}

/** strength times the sum of w^2: the gradient is 2 strength w. */
export function l2(strength: number, options: RegularizerOptions = {}): Regularizer {
  return regularizer(0, checkNumber('strength', strength, 0, LARGEST), options);
}

/** Both (Zou and Hastie 2005). */
export function elastic(l1: number, l2: number, options: RegularizerOptions = {}): Regularizer {
  return regularizer(checkNumber('l1', l1, 0, LARGEST), checkNumber('l2', l2, 0, LARGEST), options);
}

function regularizer(l1: number, l2: number, options: RegularizerOptions): Regularizer {
  const { biases = false } = checkOptions('options', options, ['biases']);
  return { l1, l2, biases: checkBoolean('options.biases', biases) };
}

export function checkRegularizer(name: string, value: unknown): Regularizer {
  const { l1, l2, biases } = checkOptions(name, value as Regularizer, ['l1', 'l2', 'biases']);
  return {
    l1: checkNumber(`${name}.l1`, l1, 0, LARGEST),
    l2: checkNumber(`${name}.l2`, l2, 0, LARGEST),
    biases: checkBoolean(`${name}.biases`, biases),
  };
}

/** 1 x 1; null where nothing is penalised. */
export function penalty(parameter: Node, { l1, l2 }: Regularizer): Node | null {
  const parts = [
    ...(l1 > 0 ? [mul(sum(abs(parameter)), l1)] : []),
    ...(l2 > 0 ? [mul(sum(square(parameter)), l2)] : []),
  ];
  return parts.length > 0 ? parts.reduce((a, b) => add(a, b)) : null;
}

interface ConstraintRow {
  readonly settings?: Settings;
  /** The nearest weights that keep to it. */
  readonly project: (weights: Node, settings: Readonly<Record<string, number>>) => Node;
}

export const constraints = {
  nonNegative: { project: relu },
  /** No unit's incoming weights, a column, are longer than `limit`: longer ones are shortened (Srebro and Shraibman 2005). */
  maxNorm: {
    settings: { limit: { standard: 1, least: 2 ** -24 } },
    project: (weights, { limit }) => {
      const length = sqrt(sum(square(weights), 'rows'));
      return mul(weights, div(limit!, maximum(length, limit!)));
    },
  },
} as const satisfies Record<string, ConstraintRow>;
const rows: Readonly<Record<keyof typeof constraints, ConstraintRow>> = constraints;

export type Constraint = 'nonNegative' | { readonly name: 'maxNorm'; readonly limit: number };

/** After every update, what is below 0 becomes 0. */
export function nonNegative(): Constraint {
  return 'nonNegative';
}

/**
 * After every update, the incoming weights of a unit have a Euclidean length of at most `limit`. Where they were longer than 1.8e19, whose square float32
 * does not have, they are 0.
 */
export function maxNorm(limit: number): Constraint {
  return { name: 'maxNorm', limit: checkNumber('limit', limit, 2 ** -24, LARGEST) };
}

export function checkConstraint(name: string, value: unknown): Constraint {
  return checkChoice<Choice & Constraint>(name, value, rows);
}

export function project(weights: Node, constraint: Constraint): Node {
  const row = rows[nameOf<keyof typeof constraints>(constraint)];
  return row.project(weights, numbersOf(constraint, row.settings));
}
