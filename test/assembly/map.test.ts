/** MAP: every operation and every kind of broadcasting, over the borders of vectors and blocks. */
import { describe, expect, it } from 'vitest';
import * as isa from '../../assembly/isa.js';
import { erf, gelu, normalCdf, roundToEven } from '../reference/functions.js';
import { drawn, normal, relativeError } from '../support/numbers.js';
import { builds, Machine } from './machine.js';

type Function = (a: number, b: number, c: number) => number;
const holds = (condition: boolean) => (condition ? 1 : 0);

/** Rounded once, so that there is one right answer. */
const EXACT: Readonly<Record<string, Function>> = {
  F_COPY: (a) => a,
  F_NEG: (a) => -a,
  F_ABS: Math.abs,
  F_SQUARE: (a) => a * a,
  F_SQRT: Math.sqrt,
  F_RELU: (a) => Math.max(a, 0),
  F_STEP: (a) => holds(a > 0),
  F_SIGN: (a) => holds(a > 0) - holds(a < 0),
  F_FLOOR: Math.floor,
  F_ROUND: roundToEven,
  F_ADD: (a, b) => a + b,
  F_SUB: (a, b) => a - b,
  F_MUL: (a, b) => a * b,
  F_DIV: (a, b) => a / b,
  F_MAX: (a, b) => Math.max(a, b),
  F_MIN: (a, b) => Math.min(a, b),
  F_EQUAL: (a, b) => holds(a === b),
  F_GREATER: (a, b) => holds(a > b),
  F_GREATER_EQUAL: (a, b) => holds(a >= b),
  F_LEAKY_RELU: (a, b) => (a > 0 ? a : a * b),
  F_SELECT: (a, b, c) => (a !== 0 ? b : c),
};

/** Rounded more than once. Bounds for exp and its kin: math.test.ts. */
const CLOSE: Readonly<Record<string, Function>> = {
  F_EXP: Math.exp,
  F_LOG: Math.log,
  F_TANH: Math.tanh,
  F_SIGMOID: (a) => 1 / (1 + Math.exp(-a)),
  F_SOFTPLUS: (a) => Math.log1p(Math.exp(a)),
  F_EXPM1: Math.expm1,
  F_LOG1P: Math.log1p,
  F_SIN: Math.sin,
  F_COS: Math.cos,
  F_ERF: erf,
  F_NORMAL_CDF: normalCdf,
  F_GELU: gelu,
  F_MUL_ADD: (a, b, c) => a * b + c,
  F_NEG_MUL_ADD: (a, b, c) => c - a * b,
};

const codes: Readonly<Record<string, number>> = Object.fromEntries(
  Object.entries(isa).filter(([name]) => name.startsWith('F_')),
);

/** Ordinary numbers, with the special ones among them at places of every lane. */
const special = [0, -0, 1, -1, Infinity, -Infinity, NaN, 2 ** -149, -(2 ** -149), 2 ** 127, 1e-38];
const mixed = (purpose: string, length: number) =>
  drawn(purpose, length, normal).map((value, i) =>
    i % 3 === 0 ? special[(i / 3 + purpose.length) % special.length]! : value,
  );

/** A bare MAP of one operation over three whole operands. */
function applyOne(machine: Machine, code: number, operands: readonly Float32Array[]): Float32Array {
  machine.clear();
  const length = operands[0]!.length;
  const y = machine.space(length);
  const full = [...operands.map((values) => machine.floats(values)), y];
  machine.step([machine.map(length, 1, { full }, [[code, 3, 0, 1, 2]])]);
  return machine.read(y, length).slice();
}

const COLUMNS = [1, 2, 3, 4, 5, 7, 8, 9, 17, 255, 256, 257, 511, 512, 513, 1100];
const SHAPES: readonly (readonly [number, number])[] = [
  ...COLUMNS.flatMap((columns) => [[1, columns] as const, [3, columns] as const]),
  [170, 3],
  [171, 3],
  [172, 3],
  [257, 2],
  [513, 1],
  [1025, 1],
  [65, 8],
  [129, 8],
];

describe('the tables of this test', () => {
  it('have every operation', () => {
    expect([...Object.keys(EXACT), ...Object.keys(CLOSE)].sort()).toEqual(Object.keys(codes).sort());
  });
});

describe.each(builds)('MAP, $title', (build) => {
  const machine = new Machine(build);

  it.each(Object.entries(EXACT))('%s is exact', (name, f) => {
    const operands = ['first', 'other', 'third one'].map((purpose) => mixed(`map ${purpose}`, 1023));
    // as often equal as not
    operands[1]!.forEach((_value, i, other) => {
      if (i % 2 === 0) other[i] = operands[0]![i]!;
    });
    const actual = applyOne(machine, codes[name]!, operands);
    const expected = actual.map((_value, i) => f(operands[0]![i]!, operands[1]![i]!, operands[2]![i]!));
    // + 0: zeros of either sign are the same number
    expect(actual.map((value) => value + 0)).toEqual(expected.map((value) => value + 0));
  });

  it.each(Object.entries(CLOSE))('%s agrees with float64', (name, f) => {
    for (const length of [1, 2, 3, 4, 5, 511, 513]) {
      const operands = ['a', 'b', 'c'].map((purpose) => drawn(`map ${purpose}`, length, normal));
      if (name === 'F_LOG' || name === 'F_LOG1P') operands[0] = operands[0]!.map(Math.abs);
      const actual = applyOne(machine, codes[name]!, operands);
      const expected = Array.from(actual, (_value, i) =>
        f(operands[0]![i]!, operands[1]![i]!, operands[2]![i]!),
      );
      expect(relativeError(actual, expected), `${length} elements`).toBeLessThanOrEqual(2e-7);
    }
  });

  it.each([
    ['whole arrays and numbers', false, false],
    ['a row', true, false],
    ['a column', false, true],
    ['a row and a column', true, true],
  ])('stretches %s', (_what, withRow, withColumn) => {
    for (const [rows, columns] of SHAPES) {
      machine.clear();
      const draw = (purpose: string, length: number) => drawn(`map ${purpose}`, length, normal);
      const [a, row, column, number] = [
        draw('a', rows * columns),
        draw('row', columns),
        draw('column', rows),
        draw('number', 1),
      ];
      const [y, z] = [machine.space(rows * columns), machine.space(rows * columns)];
      const operands = {
        full: [machine.floats(a), y, z],
        row: withRow ? [machine.floats(row)] : [],
        column: withColumn ? [machine.floats(column)] : [],
        scalar: [machine.floats(number)],
      };
      const [p, q] = [3, withRow ? 4 : 3];
      const numberAt = q + (withColumn ? 1 : 0);
      const temporary = numberAt + 1;
      // y = (a + row) * column + number, z = y - a
      const code = [
        withRow ? [isa.F_ADD, temporary, 0, p] : [isa.F_COPY, temporary, 0],
        ...(withColumn ? [[isa.F_MUL, temporary, temporary, q]] : []),
        [isa.F_ADD, 1, temporary, numberAt],
        [isa.F_SUB, 2, 1, 0],
      ];
      machine.step([machine.map(isa.ROWS >>> 0, columns, operands, code, 1)], { rows });
      const expected = Array.from(a, (value, place) => {
        const sum = withRow ? Math.fround(value + row[place % columns]!) : value;
        const product = withColumn ? Math.fround(sum * column[Math.floor(place / columns)]!) : sum;
        return Math.fround(product + number[0]!);
      });
      const shape = `${rows} x ${columns}`;
      expect(Array.from(machine.read(y, a.length)), shape).toEqual(expected);
      expect(Array.from(machine.read(z, a.length)), shape).toEqual(
        expected.map((value, i) => Math.fround(value - a[i]!)),
      );
    }
  });

  it('may write over a whole operand', () => {
    machine.clear();
    const values = drawn('map in place', 1300, normal);
    const x = machine.floats(values);
    machine.step([
      machine.map(13, 100, { full: [x], scalar: [machine.floats([2])] }, [[isa.F_MUL, 0, 0, 1]]),
    ]);
    expect(machine.read(x, 1300)).toEqual(values.map((value) => value * 2));
  });

  it('takes as many arrays as it says', () => {
    machine.clear();
    const count = isa.MAP_OPERANDS_LIMIT - 4;
    const arrays = Array.from({ length: count }, (_, i) => machine.floats(new Float32Array(700).fill(i + 1)));
    const y = machine.space(700);
    const temporaries = isa.MAP_OPERANDS_LIMIT - count - 1;
    const last = isa.MAP_OPERANDS_LIMIT - 1;
    const code = [
      [isa.F_COPY, last, 0],
      ...arrays.slice(1).map((_array, i) => [isa.F_ADD, last, last, i + 1]),
      [isa.F_COPY, count, last],
    ];
    machine.step([machine.map(1, 700, { full: [...arrays, y] }, code, temporaries)]);
    expect(machine.read(y, 700)).toEqual(new Float32Array(700).fill((count * (count + 1)) / 2));
  });

  it('computes nothing over no rows', () => {
    machine.clear();
    const y = machine.space(5);
    machine.step([machine.map(isa.ROWS >>> 0, 5, { full: [y] }, [[isa.F_COPY, 0, 0]])], { rows: 0 });
    expect(Array.from(machine.read(y, 5)).every(Number.isNaN)).toBe(true);
  });

  it('stops at an operation that does not exist', () => {
    machine.clear();
    const y = machine.space(1);
    expect(() => machine.step([machine.map(1, 1, { full: [y] }, [[99, 0, 0]])])).toThrow(
      WebAssembly.RuntimeError,
    );
  });
});
