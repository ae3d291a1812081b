/** Matrix product and transposition; the compiler turns a transposed operand into another way of reading it. */
import { wrongRange } from '../errors.js';
import { apply, type Operand, toNode } from './leaves.js';
import { type Node, type Operation, showShape } from './node.js';

export const linearOperations = {
  matmul: {
    name: 'matmul',
    shape: ([a, b]) => {
      if (a!.shape[1] !== b!.shape[0])
        throw wrongRange(
          'matmul',
          'as many rows on the right as columns on the left',
          `${showShape(a!.shape)} times ${showShape(b!.shape)}`,
        );
      return [a!.shape[0], b!.shape[1]];
    },
    gradient: [(dy, _y, _a, b) => matmul(dy, transpose(b!)), (dy, _y, a) => matmul(transpose(a!), dy)],
    lowering: { kind: 'matmul' },
  },
  transpose: {
    name: 'transpose',
    shape: ([x]) => [x!.shape[1], x!.shape[0]],
    gradient: [(dy) => transpose(dy)],
    lowering: { kind: 'transpose' },
  },
} as const satisfies Record<string, Operation>;

/** The matrix product a b: m x k times k x n is m x n. Derivatives: dy b^T for a, and a^T dy for b. */
export function matmul(a: Operand, b: Operand): Node {
  return apply(linearOperations.matmul, [a, b]);
}

/** Rows as columns: m x n is n x m. The gradient is transposed back. */
export function transpose(x: Operand): Node {
  const node = toNode(x);
  return node.operation === linearOperations.transpose
    ? node.inputs[0]!
    : apply(linearOperations.transpose, [node]);
}
