/** MOVE, TAKE and SCATTER: rectangles and rows arrive where they should, in order, and no other place is touched. */
import { describe, expect, it } from 'vitest';
import * as isa from '../../assembly/isa.js';
import { drawn } from '../support/numbers.js';
import { builds, instruction, Machine } from './machine.js';

/** rows, columns, cut row, cut column, put row, put column. */
type Piece = readonly [number, number, number, number, number, number];

const IN = [7, 19] as const;
const OUT = [9, 23] as const;
const PIECES: Readonly<Record<string, readonly Piece[]>> = {
  'all of it in a corner': [[7, 19, 0, 0, 2, 4]],
  'one entry': [[1, 1, 6, 18, 8, 22]],
  'a row': [[1, 19, 3, 0, 0, 3]],
  'a column': [[7, 1, 0, 5, 1, 0]],
  'widths round a vector': [
    [2, 3, 0, 0, 0, 0],
    [2, 4, 1, 1, 0, 3],
    [2, 5, 2, 2, 0, 7],
    [3, 8, 4, 7, 2, 15],
  ],
  'the later one over the earlier one': [
    [4, 4, 0, 0, 0, 0],
    [4, 4, 3, 3, 2, 2],
  ],
  nothing: [],
};

describe.each(builds)('MOVE, $title', (build) => {
  const machine = new Machine(build);
  const values = drawn('move', IN[0] * IN[1]);

  function move(pieces: readonly Piece[], clears: number) {
    machine.clear();
    const [from, out] = [machine.floats(values), machine.floats(new Float32Array(OUT[0] * OUT[1]).fill(5))];
    const rectangles = pieces.map(([rows, columns, cutRow, cutColumn, putRow, putColumn]) => [
      rows,
      columns,
      from,
      IN[1],
      cutRow,
      cutColumn,
      putRow,
      putColumn,
    ]);
    const words = instruction(isa.MOVE, {
      [isa.MOVE_OUT]: out,
      [isa.MOVE_ROWS]: isa.ROWS >>> 0,
      [isa.MOVE_COLUMNS]: OUT[1],
      [isa.MOVE_RECTANGLES]: machine.uint32(rectangles.flat()),
      [isa.MOVE_COUNT]: pieces.length,
      [isa.MOVE_CLEARS]: clears,
    });
    machine.step([words], { rows: OUT[0] });
    return Array.from(machine.read(out, OUT[0] * OUT[1]));
  }

  it.each(Object.entries(PIECES))('%s, the rest zero or as it was', (_name, pieces) => {
    for (const clears of [0, 1]) {
      const expected = new Array<number>(OUT[0] * OUT[1]).fill(clears ? 0 : 5);
      for (const [rows, columns, cutRow, cutColumn, putRow, putColumn] of pieces)
        for (let i = 0; i < rows; i++)
          for (let j = 0; j < columns; j++)
            expected[(putRow + i) * OUT[1] + putColumn + j] = values[(cutRow + i) * IN[1] + cutColumn + j]!;
      expect(move(pieces, clears)).toEqual(expected);
    }
  });
});

describe.each(builds)('TAKE and SCATTER, $title', (build) => {
  const machine = new Machine(build);
  const ROWS = 5;
  const COLUMNS = [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 33];
  const WRONG = [-1, 5, 0.5, Number.NaN, Infinity, -Infinity, 3e38];
  const INDEX = [4, 0, 0, 2, ...WRONG, 4, -0];

  function words(opcode: number, columns: number, table: number, named: number) {
    return instruction(opcode, {
      [isa.TAKE_TABLE]: table,
      [isa.TAKE_INDEX]: machine.floats(INDEX),
      [isa.TAKE_NAMED]: named,
      [isa.TAKE_ROWS]: ROWS,
      [isa.TAKE_COLUMNS]: columns,
      [isa.TAKE_COUNT]: isa.ROWS >>> 0,
    });
  }

  it.each(COLUMNS)('TAKE of %i columns: rows as they stand, NaN for no row', (columns) => {
    machine.clear();
    const values = drawn('take', ROWS * columns);
    const [table, out] = [machine.floats(values), machine.space(INDEX.length * columns)];
    machine.step([words(isa.TAKE, columns, table, out)], { rows: INDEX.length });
    const expected = INDEX.flatMap((row) =>
      Array.from({ length: columns }, (_, j) =>
        row in [0, 0, 0, 0, 0] ? values[row * columns + j]! : Number.NaN,
      ),
    );
    expect(Array.from(machine.read(out, INDEX.length * columns))).toEqual(expected);
  });

  it.each(COLUMNS)('SCATTER of %i columns: sums in order, nothing for no row', (columns) => {
    machine.clear();
    const values = drawn('scatter', INDEX.length * columns);
    const [named, table] = [machine.floats(values), machine.space(ROWS * columns)];
    machine.step([words(isa.SCATTER, columns, table, named)], { rows: INDEX.length });
    const expected = new Float32Array(ROWS * columns);
    INDEX.forEach((row, i) => {
      if (!(row in [0, 0, 0, 0, 0])) return;
      for (let j = 0; j < columns; j++) expected[row * columns + j]! += values[i * columns + j]!;
    });
    expect(machine.read(table, ROWS * columns)).toEqual(expected);
  });
});
