/**
 * What is made of gradients: directional second derivatives, Jacobians and Hessians of small functions, saliency. All of it is `grad`, once or
 * twice, so the results are symbols and can be differentiated again.
 *
 * A Jacobian has a backward pass for each of its rows. Where only its product with a vector is wanted, ask for that.
 */
import { wrongRange, wrongType } from '../errors.js';
import { concat, reshape, slice } from './arrange.js';
import { sum } from './broadcast.js';
import { abs, add, mul } from './elementwise.js';
import { grad } from './grad.js';
import { constant, type Operand, toNode } from './leaves.js';
import { checkNode, type Node, ROWS, sameShape, showShape } from './node.js';

/** Rows of a Jacobian, each a backward pass of its own. */
const MOST_ROWS = 1024;

/**
 * The Hessian of y (1 x 1) with respect to all targets, times the vectors, one for each target and of its shape: how the gradient changes in
 * that direction. Costs one more backward pass; no Hessian is formed.
 */
export function hessianVectorProduct(y: Node, targets: readonly Node[], vectors: readonly Operand[]): Node[] {
  const gradients = grad(y, targets);
  if (!Array.isArray(vectors)) throw wrongType('vectors', 'a list of symbols or numbers', vectors);
  if (vectors.length !== targets.length)
    throw wrongRange('vectors', `as many as targets, ${targets.length}`, vectors);
  const slope = vectors.map(toNode).map((vector, i) => {
    const { shape } = targets[i]!;
    if (!sameShape(vector.shape, shape))
      throw wrongRange(
        `vectors[${i}]`,
        `the shape of its target, ${showShape(shape)}`,
        showShape(vector.shape),
      );
    return sum(mul(gradients[i]!, vector));
  });
  return grad(
    slope.reduce((a, b) => add(a, b), constant(0)),
    targets,
  );
}

/**
 * d y / d x: a row for each entry of y and a column for each entry of x, both in row-major order. Throws a RangeError where either has the size of
 * a batch, or y more than 1024 entries.
 */
export function jacobian(y: Node, x: Node): Node {
  const [m, n] = [entriesOf('y', y), entriesOf('x', x)];
  if (m > MOST_ROWS) throw wrongRange('y', `at most ${MOST_ROWS} entries`, showShape(y.shape));
  const flat = reshape(y, [1, m]);
  const rows = Array.from({ length: m }, (_, i) => {
    const [gradient] = grad(slice(flat, 'columns', i, i + 1), [x]);
    return reshape(gradient!, [1, n]);
  });
  return concat(rows, 'rows');
}

/** Second derivatives of y (1 x 1) by the entries of x: a square matrix with a row and a column for each. */
export function hessian(y: Node, x: Node): Node {
  entriesOf('x', x);
  return jacobian(grad(y, [x])[0]!, x);
}

/**
 * How much each input matters (Simonyan et al. 2013): |d score / d x|, of the shape of x. `score` is 1 x 1, or one number for each sample,
 * rows x 1, where samples do not influence each other.
 */
export function saliency(score: Node, x: Node): Node {
  if (checkNode('score', score).shape[1] !== 1)
    throw wrongRange('score', 'one column', showShape(score.shape));
  return abs(grad(sum(score), [checkNode('x', x)])[0]!);
}

function entriesOf(name: string, node: Node): number {
  const [rows, columns] = checkNode(name, node).shape;
  if (rows === ROWS || columns === ROWS)
    throw wrongRange(name, 'a shape that does not depend on the batch', showShape(node.shape));
  return rows * columns;
}
