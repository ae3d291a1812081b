/**
 * Parts of matrices and matrices of parts: slice, pad, concat, reshape. Numbers change their place, nothing is computed. The gradient of a
 * slice is padding, that of padding a slice, that of a concatenation its slices.
 *
 * The dimension ROWS is whole: a batch is not cut, padded or joined along it, because how long it is is not known here.
 */
import { checkInteger, wrongRange, wrongType } from '../errors.js';
import type { Axis } from './broadcast.js';
import { apply, checkShape, type Operand, toNode } from './leaves.js';
import { type Dimension, type Node, type Operation, ROWS, type Shape, sameShape, showShape } from './node.js';

export const arrangements = {
  slice: {
    name: 'slice',
    shape: ([x], { axis, from, to }) => along(axis as Axis, x!.shape, Number(to) - Number(from)),
    gradient: [
      (dy, { attributes: { axis, from } }, x) =>
        pad(dy, axis as Axis, Number(from), sizeAlong(x!, axis as Axis)),
    ],
    lowering: {
      kind: 'move',
      clears: false,
      rectangles: ([x], { axis, from, to }) => [
        {
          from: x!,
          shape: along(axis as Axis, x!.shape, Number(to) - Number(from)),
          cut: at(axis as Axis, from),
          put: [0, 0],
        },
      ],
    },
  },

  /** Zeros with the operand among them. */
  pad: {
    name: 'pad',
    shape: ([x], { axis, size }) => along(axis as Axis, x!.shape, Number(size)),
    gradient: [
      (dy, { attributes: { axis, before } }, x) =>
        slice(dy, axis as Axis, Number(before), Number(before) + sizeAlong(x!, axis as Axis)),
    ],
    lowering: {
      kind: 'move',
      clears: true,
      rectangles: ([x], { axis, before }) => [
        { from: x!, shape: x!.shape, cut: [0, 0], put: at(axis as Axis, before) },
      ],
    },
  },

  concat: {
    name: 'concat',
    shape: (inputs, { axis }) => {
      const total = inputs.reduce((sum, x) => sum + sizeAlong(x, axis as Axis), 0);
      const shape = along(axis as Axis, inputs[0]!.shape, total);
      const misfit = inputs.find((x) => !sameShape(along(axis as Axis, x.shape, total), shape));
      if (misfit)
        throw wrongRange(
          'concat',
          `operands that have the other dimension of ${showShape(inputs[0]!.shape)}`,
          showShape(misfit.shape),
        );
      return shape;
    },
    gradient:
      (i) =>
      (dy, { attributes: { axis } }, ...operands) => {
        const before = sizeOfAll(operands.slice(0, i), axis as Axis);
        return slice(dy, axis as Axis, before, before + sizeAlong(operands[i]!, axis as Axis));
      },
    lowering: {
      kind: 'move',
      clears: false,
      rectangles: (inputs, { axis }) =>
        inputs.map((x, i) => ({
          from: x,
          shape: x.shape,
          cut: [0, 0],
          put: at(axis as Axis, sizeOfAll(inputs.slice(0, i), axis as Axis)),
        })),
    },
  },

  reshape: {
    name: 'reshape',
    shape: ([x], { rows, columns }) => {
      const shape = [rows, columns] as unknown as Shape;
      const [had, has] = [x!.shape, shape].map(countOf);
      if (had!.numbers !== has!.numbers || had!.batches !== has!.batches)
        throw wrongRange(
          'reshape',
          `a shape with as many entries as ${showShape(x!.shape)}`,
          showShape(shape),
        );
      return shape;
    },
    gradient: [(dy, _y, x) => reshape(dy, x!.shape)],
    lowering: { kind: 'reshape' },
  },
} as const satisfies Record<string, Operation>;

/**
 * Rows, or columns, from `from` up to but without `to`. Throws a RangeError unless 0 <= from < to <= the size of that dimension, which
 * must be a number.
 */
export function slice(x: Operand, axis: Axis, from: number, to: number): Node {
  const node = toNode(x);
  const size = sizeAlong(node, axis);
  checkInteger('from', from, 0, size - 1);
  checkInteger('to', to, from + 1, size);
  return to - from === size ? node : apply(arrangements.slice, [node], { axis, from, to });
}

/** Zeros, `size` of them along the axis, with x in their place from number `before` on. */
export function pad(x: Operand, axis: Axis, before: number, size: number): Node {
  const node = toNode(x);
  const own = sizeAlong(node, axis);
  checkInteger('before', before, 0, 2 ** 28);
  checkInteger('size', size, before + own, 2 ** 28);
  return size === own ? node : apply(arrangements.pad, [node], { axis, before, size });
}

/** One below the other ('rows') or side by side ('columns'); the other dimension must be the same, and may be ROWS. */
export function concat(parts: readonly Operand[], axis: Axis): Node {
  if (!Array.isArray(parts)) throw wrongType('parts', 'a list of symbols', parts);
  if (parts.length === 0) throw wrongRange('parts', 'at least one symbol', parts);
  const nodes = parts.map(toNode);
  for (const node of nodes) sizeAlong(node, axis);
  return nodes.length === 1 ? nodes[0]! : apply(arrangements.concat, nodes, { axis });
}

/**
 * The same numbers in the same row-major order, in other rows. A batch may only become ROWS x the same number of columns, or that number x
 * ROWS: the count of its entries must be the same whatever the batch.
 */
export function reshape(x: Operand, shape: Shape): Node {
  const node = toNode(x);
  const [rows, columns] = checkShape('reshape', shape);
  if (sameShape(node.shape, shape)) return node;
  const first = node.operation === arrangements.reshape ? node.inputs[0]! : node;
  return sameShape(first.shape, shape) ? first : apply(arrangements.reshape, [first], { rows, columns });
}

/** The size along an axis, where it must not depend on the batch. */
export function sizeAlong(x: Node, axis: Axis): number {
  if (axis !== 'rows' && axis !== 'columns') throw wrongRange('axis', "'rows' or 'columns'", axis);
  const size = x.shape[axis === 'rows' ? 0 : 1];
  if (size === ROWS) throw wrongRange(axis, 'a fixed number of them', showShape(x.shape));
  return size;
}

function sizeOfAll(nodes: readonly Node[], axis: Axis): number {
  return nodes.reduce((sum, x) => sum + sizeAlong(x, axis), 0);
}

function along(axis: Axis, [rows, columns]: Shape, size: Dimension): Shape {
  return axis === 'rows' ? [size, columns] : [rows, size];
}

function at(axis: Axis, place: unknown): readonly [number, number] {
  return axis === 'rows' ? [Number(place), 0] : [0, Number(place)];
}

/** Entries: so many numbers times the size of the batch, so often. */
function countOf(shape: Shape): { numbers: number; batches: number } {
  const fixed = shape.filter((size) => size !== ROWS);
  return { numbers: fixed.reduce((product, size) => product * size, 1), batches: 2 - fixed.length };
}
