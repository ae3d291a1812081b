/**
 * The symbols without operands: what is fed, what is learned, what is fixed, and the number of samples.
 * None has a gradient rule, because the general algorithm stops at them.
 */
import { checkInteger, checkString, wrongRange, wrongType } from '../errors.js';
import {
  type Attributes,
  createNode,
  type Dimension,
  isNode,
  type Node,
  type Operation,
  ROWS,
  type Shape,
} from './node.js';

function leaf(name: string): Operation {
  return {
    name,
    shape: () => {
      throw new Error(`${name} is made with a shape`);
    },
    gradient: [],
    lowering: { kind: 'leaf' },
  };
}

export const leaves = {
  input: leaf('input'),
  parameter: leaf('parameter'),
  constant: leaf('constant'),
  rowCount: leaf('rowCount'),
} as const;

/** A value fed at every run. Shape [rows, columns]; `[ROWS, n]` for a batch of samples. */
export function input(name: string, shape: readonly Dimension[]): Node {
  const checked = checkShape(`input ${String(name)}`, shape);
  // how many rows a batch has is read from the size of what is fed
  if (checked[0] === ROWS && checked[1] === ROWS)
    throw wrongRange(`input ${name} shape`, 'one dimension ROWS at most', 'two');
  return createNode(leaves.input, [], {}, { name: checkName(name), shape: checked });
}

/** A value kept between runs, which an update may replace. Shape [rows, columns], both numbers. */
export function parameter(name: string, shape: readonly number[]): Node {
  checkName(name);
  const checked = checkShape(`parameter ${name}`, shape);
  if (checked.includes(ROWS)) throw wrongRange(`parameter ${name} shape`, 'numbers', 'rows');
  return createNode(leaves.parameter, [], {}, { name, shape: checked });
}

/** Fixed numbers: a number (1 x 1), a list (1 x n) or a list of rows. */
export function constant(values: number | ArrayLike<number> | readonly (readonly number[])[]): Node {
  const rows = typeof values === 'number' ? [[values]] : toRows(values);
  const columns = rows[0]?.length ?? 0;
  if (columns === 0) throw wrongRange('constant', 'at least one number', values);
  const flat = new Float32Array(rows.length * columns);
  rows.forEach((row, i) => {
    if (row?.length !== columns) throw wrongRange('constant', `rows of ${columns} numbers`, row);
    for (let j = 0; j < columns; j++) {
      const value = row[j];
      if (typeof value !== 'number') throw wrongType('constant', 'numbers', value);
      flat[i * columns + j] = value;
    }
  });
  return createNode(leaves.constant, [], {}, { shape: [rows.length, columns], values: flat });
}

/** The number of samples in the batch, 1 x 1. */
export function rowCount(): Node {
  return createNode(leaves.rowCount, [], {}, { shape: [1, 1] });
}

/** A symbol, or what `constant` takes. */
export type Operand = Node | number | ArrayLike<number> | readonly (readonly number[])[];

/** Where operands are taken at the door: numbers and arrays become constants. */
export function toNode(value: Operand): Node {
  return isNode(value) ? value : constant(value);
}

export function apply(operation: Operation, operands: readonly Operand[], attributes: Attributes = {}): Node {
  return createNode(operation, operands.map(toNode), attributes);
}

/** True for a constant whose every entry is `value`. */
export function isConstant(node: Node, value: number): boolean {
  return node.values?.every((entry) => entry === value) ?? false;
}

function toRows(values: ArrayLike<number> | readonly (readonly number[])[]): ArrayLike<number>[] {
  if (values === null || typeof values !== 'object' || !('length' in values))
    throw wrongType('constant', 'a number, a list of numbers or a list of rows', values);
  return values.length > 0 && typeof values[0] === 'object'
    ? [...(values as readonly (readonly number[])[])]
    : [values as ArrayLike<number>];
}

function checkName(name: string): string {
  if (checkString('name', name) === '') throw wrongRange('name', 'at least one character', name);
  return name;
}

/** [rows, columns], each a positive integer or ROWS. */
export function checkShape(name: string, shape: readonly Dimension[]): Shape {
  if (!Array.isArray(shape)) throw wrongType(`${name} shape`, '[rows, columns]', shape);
  if (shape.length !== 2) throw wrongRange(`${name} shape`, '[rows, columns]', shape);
  for (const size of shape) if (size !== ROWS) checkInteger(`${name} shape`, size, 1, 2 ** 28);
  return [shape[0]!, shape[1]!];
}
