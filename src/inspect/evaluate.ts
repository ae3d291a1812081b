/**
 * Graphs in float64, one node after the other, as their rows say what they lower to: for looking and checking, where every value is wanted and
 * time is not. The machine runs the same graphs in float32 (src/engine).
 */
import { ARGMAX_COLUMNS, MAX_COLUMNS, TAKE } from '../../assembly/isa.js';
import { ancestors, type Dimension, type Lowering, type Node, ROWS, type Shape } from '../graph/node.js';
import { threefry } from '../random.js';
import { scalarFunctions } from './functions.js';

export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  /** Row-major. */
  readonly values: Float64Array;
}

/** Values of inputs and parameters. */
export type Leaves = ReadonlyMap<Node, Matrix>;

type Entry = (i: number, j: number) => number;

/** The value of every node that the given ones are made of; random symbols draw what they draw in step 0. */
export function evaluate(nodes: readonly Node[], leaves: Leaves, samples: number): Map<Node, Matrix> {
  const values = new Map<Node, Matrix>(leaves);
  evaluateMore(ancestors(nodes), values, samples);
  return values;
}

/** Adds those values that are missing; nodes come after what they are made of. */
export function evaluateMore(nodes: readonly Node[], values: Map<Node, Matrix>, samples: number): void {
  for (const node of nodes) if (!values.has(node)) values.set(node, compute(node, values, samples));
}

export function matrix(rows: number, columns: number, entry: Entry): Matrix {
  const values = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) values[i * columns + j] = entry(i, j);
  return { rows, columns, values };
}

/** Rows and columns where a batch has so many samples. */
export function sizesOf([rows, columns]: Shape, samples: number): [number, number] {
  const size = (dimension: Dimension) => (dimension === ROWS ? samples : dimension);
  return [size(rows), size(columns)];
}

/** Stretched where a dimension is 1. */
function at(x: Matrix, i: number, j: number): number {
  return x.values[(x.rows === 1 ? 0 : i) * x.columns + (x.columns === 1 ? 0 : j)]!;
}

function compute(node: Node, values: Map<Node, Matrix>, samples: number): Matrix {
  const [rows, columns] = sizesOf(node.shape, samples);
  const operands = node.inputs.map((input) => values.get(input)!);
  const [x, y, z] = operands;
  const { lowering } = node.operation;
  switch (lowering.kind) {
    case 'leaf':
      return node.values
        ? { rows, columns, values: Float64Array.from(node.values) }
        : matrix(rows, columns, () => samples);
    case 'map': {
      const f = scalarFunctions.get(lowering.code);
      if (!f) throw new Error(`inspect: ${node.operation.name} has no function in float64`);
      const operand = (m: Matrix | undefined, i: number, j: number) => (m ? at(m, i, j) : 0);
      return matrix(rows, columns, (i, j) => f(at(x!, i, j), operand(y, i, j), operand(z, i, j)));
    }
    case 'matmul':
      return matrix(rows, columns, (i, j) => sumOf(x!.columns, (k) => at2(x!, i, k) * at2(y!, k, j)));
    case 'transpose':
      return matrix(rows, columns, (i, j) => at2(x!, j, i));
    case 'reshape':
      return { rows, columns, values: x!.values };
    case 'reduce':
      return reduce(lowering.code, x!, rows, columns);
    case 'softmax': {
      const logs = logSoftmax(x!);
      return matrix(rows, columns, (i, j) => Math.exp(at2(logs, i, j)));
    }
    case 'crossEntropy':
      return crossEntropy(node.operation.name, x!, y!);
    case 'random':
      return uniform(node, rows, columns);
    case 'move':
      return move(node, lowering, values, rows, columns, samples);
    case 'take':
      return lowering.code === TAKE ? take(x!, y!) : scatter(x!, y!, rows);
    case 'expand': {
      const whole = lowering.expand(node.inputs, node.attributes);
      evaluateMore(ancestors([whole]), values, samples);
      return values.get(whole)!;
    }
  }
}

/** Where nothing is stretched: a matrix of one row is not its row again and again. */
function at2(x: Matrix, i: number, j: number): number {
  return x.values[i * x.columns + j]!;
}

function sumOf(count: number, term: (k: number) => number): number {
  let sum = 0;
  for (let k = 0; k < count; k++) sum += term(k);
  return sum;
}

function reduce(code: number, x: Matrix, rows: number, columns: number): Matrix {
  if (code === MAX_COLUMNS) return matrix(rows, 1, (i) => at2(x, i, argmax(x, i)));
  if (code === ARGMAX_COLUMNS) return matrix(rows, 1, (i) => argmax(x, i));
  const sums = matrix(rows, columns, () => 0);
  for (let i = 0; i < x.rows; i++)
    for (let j = 0; j < x.columns; j++)
      sums.values[(rows === 1 ? 0 : i) * columns + (columns === 1 ? 0 : j)]! += at2(x, i, j);
  return sums;
}

/** The first of the largest of row i. */
function argmax(x: Matrix, i: number): number {
  let best = 0;
  for (let j = 1; j < x.columns; j++) if (at2(x, i, j) > at2(x, i, best)) best = j;
  return best;
}

function logSoftmax(z: Matrix): Matrix {
  const totals = Array.from({ length: z.rows }, (_, i) => {
    const largest = at2(z, i, argmax(z, i));
    return largest + Math.log(sumOf(z.columns, (j) => Math.exp(at2(z, i, j) - largest)));
  });
  return matrix(z.rows, z.columns, (i, j) => at2(z, i, j) - totals[i]!);
}

function crossEntropy(name: string, z: Matrix, target: Matrix): Matrix {
  const logs = logSoftmax(z);
  if (name === 'classCrossEntropy')
    return matrix(z.rows, 1, (i) => {
      const index = at2(target, i, 0);
      return index >= 0 && index < z.columns ? -(at2(logs, i, index) ?? Number.NaN) : Number.NaN;
    });
  const term = (p: number, log: number) => (p === 0 ? 0 : p * log);
  return matrix(z.rows, 1, (i) => -sumOf(z.columns, (j) => term(at2(target, i, j), at2(logs, i, j))));
}

/** As assembly/random.ts draws: two numbers a block, 24 bits each. */
function uniform({ attributes }: Node, rows: number, columns: number): Matrix {
  const block = new Uint32Array(2);
  return matrix(rows, columns, (i, j) => {
    const place = i * columns + j;
    threefry(Number(attributes.seed), Number(attributes.stream), place >>> 1, 0, block);
    return (block[place & 1]! >>> 8) / 2 ** 24;
  });
}

function move(
  node: Node,
  { rectangles }: Extract<Lowering, { kind: 'move' }>,
  values: ReadonlyMap<Node, Matrix>,
  rows: number,
  columns: number,
  samples: number,
): Matrix {
  const result = matrix(rows, columns, () => 0);
  for (const { from, shape, cut, put } of rectangles(node.inputs, node.attributes)) {
    const [height, width] = sizesOf(shape, samples);
    for (let i = 0; i < height; i++)
      for (let j = 0; j < width; j++)
        result.values[(put[0] + i) * columns + put[1] + j] = at2(values.get(from)!, cut[0] + i, cut[1] + j);
  }
  return result;
}

function isRow(row: number, rows: number): boolean {
  return Number.isInteger(row) && row >= 0 && row < rows;
}

function take(table: Matrix, index: Matrix): Matrix {
  return matrix(index.rows, table.columns, (i, j) => {
    const row = index.values[i]!;
    return isRow(row, table.rows) ? at2(table, row, j) : Number.NaN;
  });
}

function scatter(x: Matrix, index: Matrix, rows: number): Matrix {
  const table = matrix(rows, x.columns, () => 0);
  index.values.forEach((row, i) => {
    if (!isRow(row, rows)) return;
    for (let j = 0; j < x.columns; j++) table.values[row * x.columns + j]! += at2(x, i, j);
  });
  return table;
}
