/** The door for numbers: what a caller feeds to inputs and parameters by name, as float64 matrices. */
import { checkOptions, wrongRange, wrongType } from '../errors.js';
import { ancestors, type Node, ROWS, showShape } from '../graph/node.js';
import { type Leaves, type Matrix, sizesOf } from './evaluate.js';

/** A number for a 1 x 1 symbol, else row-major numbers, flat or as rows; by the names of inputs and parameters. */
export type Values = Readonly<Record<string, number | ArrayLike<number> | readonly ArrayLike<number>[]>>;

export interface Fed {
  readonly leaves: Leaves;
  /** Rows of the batch, 1 where there is none. */
  readonly samples: number;
}

/** Values for all inputs and parameters that the nodes are made of, and for no others. */
export function feed(nodes: readonly Node[], values: Values): Fed {
  const leaves = ancestors(nodes).filter((node) => node.name !== '');
  checkOptions(
    'values',
    values,
    leaves.map(({ name }) => name),
  );
  const given = new Map(
    leaves.map((leaf) => [leaf, flat(`values.${leaf.name}`, values[leaf.name])] as const),
  );
  const batch = leaves.find(({ shape }) => shape.includes(ROWS));
  const samples = batch ? given.get(batch)!.length / sizesOf(batch.shape, 1).reduce((a, b) => a * b) : 1;
  return { leaves: new Map(leaves.map((leaf) => [leaf, sized(leaf, given.get(leaf)!, samples)])), samples };
}

function sized(leaf: Node, values: Float64Array, samples: number): Matrix {
  const [rows, columns] = sizesOf(leaf.shape, samples);
  if (!Number.isInteger(samples) || samples < 1 || values.length !== rows * columns)
    throw wrongRange(`values.${leaf.name}`, `numbers for ${showShape(leaf.shape)}`, values);
  return { rows, columns, values };
}

function flat(name: string, value: unknown): Float64Array {
  const numbers: unknown[] =
    typeof value === 'number'
      ? [value]
      : items(name, value).flatMap((item) => (typeof item === 'object' ? items(name, item) : [item]));
  if (!numbers.every((number) => typeof number === 'number')) throw wrongType(name, 'numbers', value);
  return Float64Array.from(numbers as number[]);
}

function items(name: string, value: unknown): unknown[] {
  if (value === null || typeof value !== 'object' || !('length' in value))
    throw wrongType(name, 'numbers', value);
  return Array.from(value as ArrayLike<unknown>);
}
