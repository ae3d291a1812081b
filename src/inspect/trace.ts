/** One forward and one backward pass, with nothing left out: every node's value, and its δ, the gradient of the result with respect to it. */
import { grad } from '../graph/grad.js';
import { ancestors, type Node, showShape } from '../graph/node.js';
import { evaluate, type Matrix } from './evaluate.js';
import { feed, type Values } from './values.js';

/** A node in a trace; matrices are rows of numbers. */
export interface TraceRow {
  /** n0, n1, ... in the order of the forward pass. */
  readonly id: string;
  /** The name of an input or a parameter, else ''. */
  readonly name: string;
  readonly operation: string;
  /** Ids of what it is made of. */
  readonly operands: readonly string[];
  readonly shape: readonly [number, number];
  readonly value: readonly (readonly number[])[];
  /** d result / d node, of the node's shape; null for constants, which nobody moves. */
  readonly delta: readonly (readonly number[])[] | null;
}

export interface Trace {
  /** Operands first; the last one is the result. */
  readonly rows: readonly TraceRow[];
  /** The rows as aligned text, a line each. */
  readonly text: string;
  /** @internal By node, for drawings. */
  readonly of: ReadonlyMap<Node, { readonly value: Matrix; readonly delta: Matrix | null }>;
}

/** Evaluates y (1 x 1) and differentiates it by everything that it is made of, in float64. Throws a RangeError unless y is 1 x 1. */
export function trace(y: Node, values: Values): Trace {
  // whoever asks for a gradient has been told whether y is a number
  grad(y, []);
  const nodes = ancestors([y]);
  const moving = nodes.filter((node) => !node.values && node.operation.name !== 'rowCount');
  const deltas = new Map(grad(y, moving).map((delta, i) => [moving[i]!, delta] as const));
  const { leaves, samples } = feed([y], values);
  const numbers = evaluate([y, ...deltas.values()], leaves, samples);
  const of = new Map(
    nodes.map((node) => {
      const delta = deltas.get(node);
      return [node, { value: numbers.get(node)!, delta: delta ? numbers.get(delta)! : null }] as const;
    }),
  );
  const ids = new Map(nodes.map((node, i) => [node, `n${i}`] as const));
  const rows = nodes.map((node): TraceRow => {
    const { value, delta } = of.get(node)!;
    return {
      id: ids.get(node)!,
      name: node.name,
      operation: node.operation.name,
      operands: node.inputs.map((input) => ids.get(input)!),
      shape: [value.rows, value.columns],
      value: rowsOf(value),
      delta: delta && rowsOf(delta),
    };
  });
  return { rows, text: textOf(rows), of };
}

function rowsOf({ rows, columns, values }: Matrix): number[][] {
  return Array.from({ length: rows }, (_, i) => Array.from(values.subarray(i * columns, (i + 1) * columns)));
}

function textOf(rows: readonly TraceRow[]): string {
  const cells = rows.map(({ id, name, operation, operands, shape, value, delta }) => [
    id,
    name || `${operation}(${operands.join(', ')})`,
    showShape(shape),
    briefly(value.flat()),
    delta ? briefly(delta.flat()) : '',
  ]);
  const table = [['', 'node', 'shape', 'value', 'δ'], ...cells];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((line) => line[column]!.length)));
  return table
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Entries that are written out before the rest is only counted. */
const SHOWN = 4;

/** Numbers with four digits, the first few of them. */
export function briefly(values: ArrayLike<number>): string {
  const shown = Array.from(values).slice(0, SHOWN);
  const more = values.length > SHOWN ? ` … ${values.length - SHOWN} more` : '';
  return shown.map((value) => String(Number(value.toPrecision(4)))).join(' ') + more;
}
