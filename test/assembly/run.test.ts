/** Steps: records, scalars, results, the row count, and the check that ends a run. */
import { describe, expect, it } from 'vitest';
import * as isa from '../../assembly/isa.js';
import { builds, instruction, Machine } from './machine.js';

const check = (address: number, rows = 1, columns = 1) =>
  instruction(isa.CHECK, { [isa.CHECK_IN]: address, [isa.CHECK_ROWS]: rows, [isa.CHECK_COLUMNS]: columns });

describe.each(builds)('run, $title', (build) => {
  const machine = new Machine(build);

  /** total += scalar * rows at every step, results total and scalar. */
  function accumulator(scalars: readonly number[]) {
    machine.clear();
    const total = machine.floats([0, 0]);
    const space = machine.space(2);
    const table = machine.space(2 * scalars.length);
    const product = machine.map(1, 1, { full: [total, total + 4, space, space + 4] }, [
      [isa.F_MUL_ADD, 0, 2, 3, 0],
      [isa.F_COPY, 1, 3],
    ]);
    const records = scalars.map((scalar, i) => ({ rows: i + 1, scalars: [scalar] }));
    const program = machine.program([check(space + 4), product], records, [total, 2, table], space);
    return {
      program,
      table: () => Array.from(machine.read(table, 2 * scalars.length)),
      total: () => machine.read(total, 1)[0],
    };
  }

  it('gives every step its rows and scalars, and keeps its results', () => {
    const { program, table } = accumulator([1, 10, 100]);
    expect(machine.run(program, 0, 3)).toBe(3);
    expect(table()).toEqual([1, 1, 21, 10, 321, 100]);
  });

  it('runs from a later record, and writes its results there', () => {
    const { program, table } = accumulator([1, 10, 100]);
    expect(machine.run(program, 1, 2)).toBe(2);
    expect(table()).toEqual([NaN, NaN, 20, 10, 320, 100]);
    expect(machine.run(program, 0, 1)).toBe(1);
    expect(table()).toEqual([321, 1, 20, 10, 320, 100]);
  });

  it.each([NaN, Infinity, -Infinity])('ends before the step whose checked number is %d', (bad) => {
    const { program, table, total } = accumulator([1, 2, bad, 3]);
    expect(machine.run(program, 0, 4)).toBe(2);
    expect(total()).toBe(5);
    expect(table().slice(0, 4)).toEqual([1, 1, 5, 2]);
    expect(table().slice(4)).toEqual([NaN, NaN, NaN, NaN]);
  });

  it.each([1, 7, 8, 9, 33])('sees each of %d x 5 numbers, and none beyond', (rows) => {
    const values = Array.from({ length: rows * 5 }, (_, i) => (i % 2 ? -1 : 1) * 3.4028234e38);
    const passes = (matrix: readonly number[]) => {
      machine.clear();
      const program = machine.program([check(machine.floats(matrix), isa.ROWS >>> 0, 5)], [{ rows }]);
      return machine.run(program, 0, 1) === 1;
    };
    expect(passes(values)).toBe(true);
    for (let i = 0; i < values.length; i++)
      for (const bad of [NaN, -NaN, Infinity, -Infinity])
        expect(passes(values.map((value, j) => (i === j ? bad : value)))).toBe(false);
  });

  it('goes on at the largest finite number, at zero, and over no steps', () => {
    const { program, total } = accumulator([0, 3.4028234e38 / 2, 5e-45]);
    expect(machine.run(program, 0, 0)).toBe(0);
    expect(machine.run(program, 0, 3)).toBe(3);
    expect(total()).toBe(Math.fround(3.4028234e38));
  });

  it('draws other random numbers at every step, the same ones for the same number of the step', () => {
    machine.clear();
    const out = machine.space(1);
    const table = machine.space(3);
    const words = instruction(isa.RANDOM, {
      [isa.RANDOM_OUT]: out,
      [isa.RANDOM_ROWS]: 1,
      [isa.RANDOM_COLUMNS]: 1,
      [isa.RANDOM_KEY_LOW]: 1,
      [isa.RANDOM_KEY_HIGH]: 2,
    });
    const records = [7, 8, 7].map((counter) => ({ rows: 1, counter }));
    machine.run(machine.program([words], records, [out, 1, table]), 0, 3);
    const [first, second, third] = machine.read(table, 3);
    expect(first).toBe(third);
    expect(first).not.toBe(second);
  });

  it('stops at an instruction that does not exist', () => {
    machine.clear();
    expect(() => machine.step([instruction(77, {})])).toThrow(WebAssembly.RuntimeError);
  });
});
