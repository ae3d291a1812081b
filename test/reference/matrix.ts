/** Matrices of float64 numbers, row-major, with the loops that the reference is written in. */
import { type Node, ROWS, type Shape } from '../../src/graph/node.js';

export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float64Array;
}

export function matrix(rows: number, columns: number, entry: (i: number, j: number) => number): Matrix {
  const values = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) values[i * columns + j] = entry(i, j);
  return { rows, columns, values };
}

export function zeros({ rows, columns }: Matrix): Matrix {
  return matrix(rows, columns, () => 0);
}

/** Where entry (i, j) of a broadcast stands in what is stretched. */
export function placeIn({ rows, columns }: Matrix, i: number, j: number): number {
  return (rows === 1 ? 0 : i) * columns + (columns === 1 ? 0 : j);
}

/** Entry (i, j), stretched where a dimension is 1. */
export function at(x: Matrix, i: number, j: number): number {
  return x.values[placeIn(x, i, j)]!;
}

export function eachEntry(x: Matrix, visit: (i: number, j: number) => void): void {
  for (let i = 0; i < x.rows; i++) for (let j = 0; j < x.columns; j++) visit(i, j);
}

/** Sums x over whatever `like` has stretched. */
export function sumLike(x: Matrix, like: Matrix): Matrix {
  const result = zeros(like);
  eachEntry(x, (i, j) => {
    result.values[placeIn(like, i, j)]! += at(x, i, j);
  });
  return result;
}

/** A node's shape for a batch of `rows` samples. */
export function sizesOf({ shape }: Node, rows: number): [number, number] {
  return sizes(shape, rows);
}

export function sizes(shape: Shape, rows: number): [number, number] {
  const [first, second] = shape.map((size) => (size === ROWS ? rows : size));
  return [first!, second!];
}
