/** The rules of operations that move numbers: parts, wholes of parts, rows by number, and the largest of pieces. See rules.ts. */
import { at, type Matrix, matrix, zeros } from './matrix.js';
import type { Rule } from './rules.js';

/** Entry (i, j) where the matrix has one, else 0. */
const within = (x: Matrix, i: number, j: number) =>
  i >= 0 && i < x.rows && j >= 0 && j < x.columns ? x.values[i * x.columns + j]! : 0;

/** The matrix of a size that shows `x` moved down and right. */
const shown = (x: Matrix, rows: number, columns: number, down: number, right: number) =>
  matrix(rows, columns, (i, j) => within(x, i - down, j - right));

const offsets = (axis: unknown, place: unknown): [number, number] =>
  axis === 'rows' ? [Number(place), 0] : [0, Number(place)];

/** A row number of the table, or nothing. */
const rowOf = (index: Matrix, i: number, rows: number) => {
  const row = index.values[i]!;
  return Number.isInteger(row) && row >= 0 && row < rows ? row : undefined;
};

function taken(table: Matrix, index: Matrix): Matrix {
  return matrix(index.rows, table.columns, (i, j) => {
    const row = rowOf(index, i, table.rows);
    return row === undefined ? Number.NaN : at(table, row, j);
  });
}

function scattered(x: Matrix, index: Matrix, rows: number): Matrix {
  const table = matrix(rows, x.columns, () => 0);
  for (let i = 0; i < x.rows; i++) {
    const row = rowOf(index, i, rows);
    if (row === undefined) continue;
    for (let j = 0; j < x.columns; j++) table.values[row * x.columns + j]! += at(x, i, j);
  }
  return table;
}

/** The column of the first of the largest pieces of unit u; of the first NaN, if there is one. */
function largestPiece(z: Matrix, i: number, u: number, units: number): number {
  let best = u;
  for (let j = u; j < z.columns; j += units)
    if (at(z, i, j) > at(z, i, best) || (Number.isNaN(at(z, i, j)) && !Number.isNaN(at(z, i, best))))
      best = j;
  return best;
}

export const arrangements: Readonly<Record<string, Rule>> = {
  slice: {
    forward: ([x], [rows, columns], { axis, from }) => {
      const [down, right] = offsets(axis, from);
      return shown(x!, rows, columns, -down, -right);
    },
    backward: (dy, _y, [x], { axis, from }) => [shown(dy, x!.rows, x!.columns, ...offsets(axis, from))],
  },
  pad: {
    forward: ([x], [rows, columns], { axis, before }) => shown(x!, rows, columns, ...offsets(axis, before)),
    backward: (dy, _y, [x], { axis, before }) => {
      const [down, right] = offsets(axis, before);
      return [shown(dy, x!.rows, x!.columns, -down, -right)];
    },
  },
  concat: {
    forward: (parts, [rows, columns], { axis }) => {
      const whole = matrix(rows, columns, () => 0);
      let before = 0;
      for (const part of parts) {
        const [down, right] = offsets(axis, before);
        for (let i = 0; i < part.rows; i++)
          for (let j = 0; j < part.columns; j++)
            whole.values[(i + down) * columns + j + right] = at(part, i, j);
        before += axis === 'rows' ? part.rows : part.columns;
      }
      return whole;
    },
    backward: (dy, _y, parts, { axis }) => {
      let before = 0;
      return parts.map((part) => {
        const [down, right] = offsets(axis, before);
        before += axis === 'rows' ? part.rows : part.columns;
        return shown(dy, part.rows, part.columns, -down, -right);
      });
    },
  },
  reshape: {
    forward: ([x], [rows, columns]) => ({ rows, columns, values: x!.values }),
    backward: (dy, _y, [x]) => [{ ...x!, values: dy.values }],
  },
  takeRows: {
    forward: ([table, index]) => taken(table!, index!),
    backward: (dy, _y, [table, index]) => [scattered(dy, index!, table!.rows), null],
  },
  scatterRows: {
    forward: ([x, index], [rows]) => scattered(x!, index!, rows),
    backward: (dy, _y, [, index]) => [taken(dy, index!), null],
  },
  maxout: {
    forward: ([z], [rows, units]) => matrix(rows, units, (i, u) => at(z!, i, largestPiece(z!, i, u, units))),
    backward: (dy, y, [z]) => {
      const dz = zeros(z!);
      for (let i = 0; i < y.rows; i++)
        for (let u = 0; u < y.columns; u++)
          dz.values[i * z!.columns + largestPiece(z!, i, u, y.columns)] = at(dy, i, u);
      return [dz];
    },
  },
};
