/** GEMM in all four transpositions, over sizes at every edge of tile, panel and block. */
import { describe, expect, it } from 'vitest';
import * as isa from '../../assembly/isa.js';
import { between, drawn, normal, relativeError } from '../support/numbers.js';
import { andWide, type Build, builds, instruction, Machine } from './machine.js';

const SIZES = [
  1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 63, 64, 65, 67, 127, 129, 255, 256, 257, 300, 513, 784,
];
const MOST_TERMS = 1.5e6;

/** Sizes m, n, k: each size stands in each place several times, with different others. */
const shapes = [
  ...SIZES.flatMap((size, i) =>
    [3, 10, 17].flatMap((shift) => {
      const [p, q] = [SIZES[(7 * i + shift) % SIZES.length]!, SIZES[(11 * i + 2 * shift) % SIZES.length]!];
      return [
        [size, p, q],
        [p, size, q],
        [p, q, size],
      ];
    }),
  ),
  [128, 10, 784],
  [784, 64, 33],
  [65, 513, 67],
].filter(([m, n, k]) => m! * n! * k! <= MOST_TERMS) as [number, number, number][];

const transpositions = [
  ['A B', 0],
  ['Aᵀ B', isa.TRANSPOSED_A],
  ['A Bᵀ', isa.TRANSPOSED_B],
  ['Aᵀ Bᵀ', isa.TRANSPOSED_A | isa.TRANSPOSED_B],
] as const;

const LARGEST = 784 * 784;
const pools = {
  random: drawn('gemm', LARGEST, normal),
  positive: drawn('gemm positive', LARGEST, between(0.1, 1)),
} as const;

interface Product {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly transposed: number;
  readonly numbers: keyof typeof pools;
  readonly bias: boolean;
}

function numbersOf({ m, n, k, numbers }: Product) {
  const pool = pools[numbers];
  // B from the end, so that the two have little in common
  return {
    a: pool.subarray(0, m * k),
    b: pool.subarray(LARGEST - k * n),
    bias: pool.subarray(1000, 1000 + n),
  };
}

/** C in float64, by rows of B. */
function reference(product: Product): Float64Array {
  const { m, n, k, transposed } = product;
  const { a, b, bias } = numbersOf(product);
  const c = new Float64Array(m * n);
  for (let i = 0; i < m; i++) {
    for (let p = 0; p < k; p++) {
      const x = transposed & isa.TRANSPOSED_A ? a[p * m + i]! : a[i * k + p]!;
      for (let j = 0; j < n; j++)
        c[i * n + j]! += x * (transposed & isa.TRANSPOSED_B ? b[j * k + p]! : b[p * n + j]!);
    }
    if (product.bias) for (let j = 0; j < n; j++) c[i * n + j]! += bias[j]!;
  }
  return c;
}

/** Words of the product, its arrays in memory, and where C stands. */
function place(machine: Machine, product: Product) {
  const { m, n, k, transposed } = product;
  const { a, b, bias } = numbersOf(product);
  const c = machine.space(m * n);
  const words = instruction(isa.GEMM, {
    [isa.GEMM_A]: machine.floats(a),
    [isa.GEMM_B]: machine.floats(b),
    [isa.GEMM_C]: c,
    [isa.GEMM_M]: m,
    [isa.GEMM_N]: n,
    [isa.GEMM_K]: k,
    [isa.GEMM_TRANSPOSED]: transposed,
    [isa.GEMM_BIAS]: product.bias ? machine.floats(bias) : 0,
    [isa.GEMM_PANELS]: machine.space(k * Math.ceil(n / isa.NR) * isa.NR),
  });
  return { c, words };
}

const TILE_HEIGHTS = [4, 6];
const tilesOf = (build: Build) =>
  andWide(build).flatMap((one) => TILE_HEIGHTS.map((tile) => ({ build: one, title: one.title, tile })));

describe.each(builds.flatMap(tilesOf))('GEMM, $title, tiles of $tile rows', ({ build, tile }) => {
  const machine = new Machine(build, tile);

  it.each(transpositions)(
    '%s: at most 2e-6 of the largest entry off, for random and for positive numbers',
    (_name, transposed) => {
      shapes.forEach(([m, n, k], i) => {
        const product: Product = {
          m,
          n,
          k,
          transposed,
          numbers: i % 3 === 0 ? 'positive' : 'random',
          bias: i % 2 === 0,
        };
        machine.clear();
        const { c, words } = place(machine, product);
        machine.step([words]);
        const error = relativeError(machine.read(c, m * n), reference(product));
        expect(error, `${m} x ${n} x ${k}`).toBeLessThanOrEqual(2e-6);
      });
    },
  );

  it.each(transpositions)(
    '%s: an epilogue finds every row finished, and may write over the product',
    (_name, transposed) => {
      for (const [m, n, k] of [
        [1, 1, 1],
        [5, 3, 2],
        [64, 10, 33],
        [65, 17, 9],
        [131, 200, 4],
        [130, 300, 3],
      ] as const) {
        const product: Product = { m, n, k, transposed, numbers: 'random', bias: true };
        machine.clear();
        const { c, words } = place(machine, product);
        const scale = drawn('gemm scale', m, normal);
        const row = drawn('gemm row', n, normal);
        const beside = machine.space(m * n);
        // beside = c * row, c = max(c, 0) * scale of its row
        words[isa.GEMM_EPILOGUE] = machine.uint32(
          machine.map(
            m,
            n,
            { full: [c, beside], row: [machine.floats(row)], column: [machine.floats(scale)] },
            [
              [isa.F_MUL, 1, 0, 2],
              [isa.F_RELU, 4, 0],
              [isa.F_MUL, 0, 4, 3],
            ],
            1,
          ),
        );
        machine.step([words]);
        const expected = reference(product);
        const at = (f: (x: number, i: number, j: number) => number) =>
          expected.map((x, place) => f(x, Math.floor(place / n), place % n));
        const shape = `${m} x ${n} x ${k}`;
        expect(
          relativeError(
            machine.read(c, m * n),
            at((x, i) => Math.max(x, 0) * scale[i]!),
          ),
          shape,
        ).toBeLessThanOrEqual(2e-6);
        expect(
          relativeError(
            machine.read(beside, m * n),
            at((x, _i, j) => x * row[j]!),
          ),
          shape,
        ).toBeLessThanOrEqual(2e-6);
      }
    },
  );

  it.each(transpositions)(
    '%s: an epilogue that alone reads the product finds all of it',
    (_name, transposed) => {
      for (const [m, n, k] of [
        [5, 3, 2],
        [70, 10, 90],
        [300, 37, 40],
        [200, 600, 256],
        [200, 40, 257],
      ] as const) {
        const product: Product = {
          m,
          n,
          k,
          transposed: transposed | isa.PASSING_C,
          numbers: 'random',
          bias: true,
        };
        machine.clear();
        const { c, words } = place(machine, product);
        const other = drawn('gemm other', m * n, normal);
        const row = drawn('gemm row', n, normal);
        const updated = machine.floats(other);
        // updated = updated - c * its column's number
        const map = machine.map(
          m,
          n,
          { full: [updated, c], row: [machine.floats(row)] },
          [[isa.F_NEG_MUL_ADD, 0, 1, 2, 0]],
          0,
        );
        map[isa.MAP_PASSING] = 1;
        words[isa.GEMM_EPILOGUE] = machine.uint32(map);
        machine.step([words]);
        const expected = reference(product).map((x, i) => other[i]! - x * row[i % n]!);
        const error = relativeError(machine.read(updated, m * n), expected);
        expect(error, `${m} x ${n} x ${k}`).toBeLessThanOrEqual(2e-6);
      }
    },
  );

  it.each(['M', 'N', 'K'] as const)('the rows of the step are %s', (which) => {
    const [m, n, k] = [21, 19, 23];
    const product: Product = { m, n, k, transposed: 0, numbers: 'random', bias: false };
    machine.clear();
    const { c, words } = place(machine, product);
    const rows = { M: m, N: n, K: k }[which];
    words[{ M: isa.GEMM_M, N: isa.GEMM_N, K: isa.GEMM_K }[which]] = isa.ROWS >>> 0;
    machine.step([words], { rows });
    expect(relativeError(machine.read(c, m * n), reference(product))).toBeLessThanOrEqual(2e-6);
  });

  it('sums in one order: the bits of a row do not depend on how many rows there are', () => {
    const [n, k] = [37, 600];
    const rowOf = (m: number) => {
      machine.clear();
      const { c, words } = place(machine, { m, n, k, transposed: 0, numbers: 'random', bias: true });
      const same = drawn('gemm same', k, normal);
      for (let i = 0; i < m; i++) machine.read(words[isa.GEMM_A]! + i * k * 4, k).set(same);
      machine.read(words[isa.GEMM_B]!, k * n).set(drawn('gemm same b', k * n, normal));
      machine.step([words]);
      const rows = Array.from({ length: m }, (_, i) =>
        machine.words.slice(c / 4 + i * n, c / 4 + (i + 1) * n),
      );
      for (const row of rows) expect(row).toEqual(rows[0]);
      return rows[0];
    };
    const [first, ...others] = [1, 3, 4, 8, 9, 64, 67].map(rowOf);
    for (const other of others) expect(other).toEqual(first);
  });

  it.each([0, isa.TRANSPOSED_A, isa.TRANSPOSED_B])(
    'gives the same bits where B was packed beforehand (transposed %d)',
    (transposed) => {
      for (const [m, n, k] of [
        [1, 20, 30],
        [13, 7, 300],
        [64, 529, 70],
        [9, 1000, 600],
      ] as const) {
        const bits = [false, true].map((packed) => {
          machine.clear();
          const product: Product = { m, n, k, transposed, numbers: 'random', bias: true };
          const { c, words } = place(machine, product);
          if (packed) words[isa.GEMM_TRANSPOSED]! |= isa.PACKED_B;
          machine.step(packed ? [[isa.PACK, ...words.slice(1)], words] : [words]);
          return machine.words.slice(c / 4, c / 4 + m * n);
        });
        expect(bits[1], `${m} x ${n} x ${k}`).toEqual(bits[0]);
      }
    },
  );

  it('gives the same bits every time, and with every tile', () => {
    const bits = [
      machine,
      machine,
      ...tilesOf(build).map((other) => new Machine(other.build, other.tile)),
    ].map((machine) => {
      machine.clear();
      const { c, words } = place(machine, {
        m: 67,
        n: 31,
        k: 300,
        transposed: isa.TRANSPOSED_A,
        numbers: 'random',
        bias: true,
      });
      machine.step([words]);
      return machine.words.slice(c / 4, c / 4 + 67 * 31);
    });
    for (const other of bits) expect(other).toEqual(bits[0]);
  });
});
