/** Means, and the largest of a row: what is not its own inverse under differentiation, unlike sums (broadcast.ts). */
import { ARGMAX_COLUMNS, MAX_COLUMNS } from '../../assembly/isa.js';
import { checkInteger, wrongRange } from '../errors.js';
import { type Axis, reducedShape, sum } from './broadcast.js';
import { div, equal, mul } from './elementwise.js';
import { apply, constant, type Operand, rowCount, toNode } from './leaves.js';
import { type Node, type Operation, ROWS, showShape } from './node.js';

export const maxima = {
  maxColumns: {
    name: 'maxColumns',
    shape: ([x]) => [x!.shape[0], 1],
    gradient: [(dy, _y, x) => mul(dy, oneHot(argmax(x!), columnsOf(x!)))],
    lowering: { kind: 'reduce', code: MAX_COLUMNS },
  },
  argmaxColumns: {
    name: 'argmaxColumns',
    shape: ([x]) => [x!.shape[0], 1],
    gradient: [null],
    lowering: { kind: 'reduce', code: ARGMAX_COLUMNS },
  },
} as const satisfies Record<string, Operation>;

/** Mean over an axis, or over everything (1 x 1). */
export function mean(x: Operand, axis?: Axis): Node {
  const node = toNode(x);
  const reduced = reducedShape(node.shape, axis);
  let fixed = 1;
  let count: Node | undefined;
  for (const i of [0, 1] as const) {
    const size = node.shape[i];
    if (reduced[i] === size) continue;
    if (size === ROWS) count = count ? mul(count, rowCount()) : rowCount();
    else fixed *= size;
  }
  return div(sum(node, axis), count ? mul(count, fixed) : fixed);
}

/** Largest entry of every row, rows x 1. The gradient goes to the first of the largest. */
export function maxColumns(x: Operand): Node {
  return apply(maxima.maxColumns, [x]);
}

/** Column of the largest entry of every row, rows x 1; the first, where several are equal. */
export function argmax(x: Operand): Node {
  return apply(maxima.argmaxColumns, [x]);
}

/** rows x classes with 1 in the column that `index` (rows x 1) names. */
export function oneHot(index: Operand, classes: number): Node {
  checkInteger('classes', classes, 1, 2 ** 20);
  return equal(index, constant(Array.from({ length: classes }, (_, i) => i)));
}

/** The number of columns, where it must not depend on the batch. */
export function columnsOf(x: Node): number {
  const columns = x.shape[1];
  if (columns === ROWS) throw wrongRange('columns', 'a fixed number', showShape(x.shape));
  return columns;
}
