/**
 * Rows or columns by their numbers. The way back adds up, in the order of the numbers, what went to the same row, so that it gives the same
 * bits on any number of threads.
 */
import { SCATTER, TAKE } from '../../assembly/isa.js';
import { wrongRange } from '../errors.js';
import { reshape, sizeAlong } from './arrange.js';
import type { Axis } from './broadcast.js';
import { apply, type Operand, toNode } from './leaves.js';
import { transpose } from './linear.js';
import { type Node, type Operation, ROWS, type Shape, showShape } from './node.js';

export const gatherOperations = {
  takeRows: {
    name: 'takeRows',
    shape: ([table, index]) => [index!.shape[0], table!.shape[1]],
    gradient: [
      (dy, _y, table, index): Node =>
        apply(gatherOperations.scatterRows, [dy, index!], { rows: table!.shape[0] }),
      null,
    ],
    lowering: { kind: 'take', code: TAKE },
  },
  /** A table of `rows` rows: each the sum, in order, of those rows of the operand that the index sends there. */
  scatterRows: {
    name: 'scatterRows',
    shape: ([x], { rows }) => [rows, x!.shape[1]] as unknown as Shape,
    gradient: [(dy, _y, _x, index): Node => apply(gatherOperations.takeRows, [dy, index!]), null],
    lowering: { kind: 'take', code: SCATTER },
  },
} as const satisfies Record<string, Operation>;

/**
 * Rows (or columns) of x with the numbers in `index`, a list, a row or a column of them, which may be fed; the same one may come more than once. A number
 * that is none gives NaN; a constant with such a number is refused with a RangeError.
 */
export function gather(x: Operand, index: Operand, axis: Axis): Node {
  const [table, numbers] = [toNode(x), toNode(index)];
  if (axis === 'columns') return transpose(gather(transpose(table), numbers, 'rows'));
  if (axis !== 'rows') throw wrongRange('axis', "'rows' or 'columns'", axis);
  const [first, second] = numbers.shape;
  if (first !== 1 && second !== 1)
    throw wrongRange('index', 'a list of numbers, 1 x n or n x 1', showShape(numbers.shape));
  if (numbers.values && table.shape[0] !== ROWS) checkNumbers(numbers.values, sizeAlong(table, 'rows'));
  return apply(gatherOperations.takeRows, [table, reshape(numbers, [second === 1 ? first : second, 1])]);
}

function checkNumbers(values: Float32Array, size: number): void {
  const wrong = values.find((value) => !(Number.isInteger(value) && value >= 0 && value < size));
  if (wrong !== undefined) throw wrongRange('index', `integers from 0 to ${size - 1}`, wrong);
}
