/**
 * Sums along rows and columns, and stretching: each is the gradient of the other, so they stand together.
 */
import { F_COPY, SUM_ALL, SUM_COLUMNS, SUM_ROWS } from '../../assembly/isa.js';
import { wrongRange } from '../errors.js';
import { apply, checkShape, type Operand, toNode } from './leaves.js';
import { type Node, type Operation, type Shape, sameShape, showShape } from './node.js';

/** Along which dimension an operation runs: 'rows' sums over the samples and leaves 1 x n, 'columns' leaves rows x 1. */
export type Axis = 'rows' | 'columns';

function reduction(name: string, code: number, shape: (x: Shape) => Shape): Operation {
  return {
    name,
    shape: ([x]) => shape(x!.shape),
    gradient: [(dy, _y, x) => broadcastTo(dy, x!.shape)],
    lowering: { kind: 'reduce', code },
  };
}

export const sums = {
  sumRows: reduction('sumRows', SUM_ROWS, ([, columns]) => [1, columns]),
  sumColumns: reduction('sumColumns', SUM_COLUMNS, ([rows]) => [rows, 1]),
  sumAll: reduction('sumAll', SUM_ALL, () => [1, 1]),

  broadcastTo: {
    name: 'broadcastTo',
    shape: ([x], { rows, columns }) => {
      const shape = [rows, columns] as unknown as Shape;
      for (const axis of [0, 1] as const)
        if (x!.shape[axis] !== 1 && x!.shape[axis] !== shape[axis])
          throw wrongRange(
            'broadcastTo',
            `a shape that ${showShape(x!.shape)} stretches to`,
            showShape(shape),
          );
      return shape;
    },
    gradient: [(dy, _y, x) => sumTo(dy, x!.shape)],
    lowering: { kind: 'map', code: F_COPY },
  },
} as const satisfies Record<string, Operation>;

/** Repeats a row, a column or a number until it has the given shape. */
export function broadcastTo(x: Operand, shape: Shape): Node {
  const node = toNode(x);
  const [rows, columns] = checkShape('broadcastTo', shape);
  return sameShape(node.shape, shape) ? node : apply(sums.broadcastTo, [node], { rows, columns });
}

/** Sums over whatever `shape` has stretched: the gradient's way back through broadcasting. */
export function sumTo(x: Node, shape: Shape): Node {
  const overRows = shape[0] === 1 && x.shape[0] !== 1;
  const overColumns = shape[1] === 1 && x.shape[1] !== 1;
  if (overRows && overColumns) return apply(sums.sumAll, [x]);
  if (overRows) return apply(sums.sumRows, [x]);
  return overColumns ? apply(sums.sumColumns, [x]) : x;
}

/** Sum over an axis, or over everything (1 x 1). */
export function sum(x: Operand, axis?: Axis): Node {
  const node = toNode(x);
  return sumTo(node, reducedShape(node.shape, axis));
}

/** The shape without the dimension that is reduced. */
export function reducedShape(shape: Shape, axis: Axis | undefined): Shape {
  if (axis === undefined) return [1, 1];
  if (axis !== 'rows' && axis !== 'columns') throw wrongRange('axis', "'rows', 'columns' or nothing", axis);
  return axis === 'rows' ? [1, shape[1]] : [shape[0], 1];
}
