/**
 * Question: how fast is a product of two float32 matrices? A multiply-add counts as two operations. Squares are measured beside the peers;
 * their neighbours in size, their transposed forms and what an epilogue finishes beside each other, so that a ratio meets no
 * drift.
 */
import { judgeProduct } from './judge.js';
import { product } from './shapes.js';

const SEED = 1;
const shape = (m, n, k, transposed = {}) => ({ m, n, k, ...transposed, seed: SEED });
const cube = (n, transposed) => shape(n, n, n, transposed);

const square = (n) => ({ name: `square ${n}`, shape: cube(n) });
const neighbours = (n) => ({
  name: `neighbours of ${n}`,
  shape: cube(n),
  variants: [n - 1, n + 1].map((size) => ({ name: `wasmlp, ${size}`, shape: cube(size) })),
});
const transposed = (n) => ({
  name: `transposed ${n}`,
  shape: cube(n),
  variants: [
    { name: 'wasmlp, A Bᵀ', shape: cube(n, { transposedB: true }) },
    { name: 'wasmlp, Aᵀ B', shape: cube(n, { transposedA: true }) },
  ],
});
const finished = (n) => ({
  name: `finished ${n}`,
  shape: cube(n),
  variants: [{ name: 'wasmlp, max(A B + b, 0)', shape: cube(n, { bias: true }) }],
});
const oblong = (m, n, k) => ({ name: `shape ${m}x${n}x${k}`, shape: shape(m, n, k) });

/** Rows of C up to which a product cannot be faster than B comes from the second-level cache. */
const FEW_ROWS = 1;

/** @type {import('./contender.js').Question} */
export const question = {
  factory: 'gemm',
  unit: 'GFLOP/s',
  cases: [
    ...[64, 128, 256, 512, 1024].map(square),
    ...[64, 128, 256].map(neighbours),
    ...[256, 1024].map(transposed),
    ...[256, 1024].map(finished),
    oblong(128, 10, 128),
    oblong(784, 256, 128),
    oblong(1, 256, 784),
  ],
  problem: product,
  unitsPerRun: ({ m, n, k }) => (2 * m * n * k) / 1e9,
  bound: ({ m, n, k }) =>
    m <= FEW_ROWS
      ? { kind: 'read', bytes: 4 * n * k, arrayBytes: 4 * n * k }
      : { kind: 'multiplyAdd', flop: 2 * m * n * k },
  judge: async (problem, work) => {
    await work.run(1);
    return judgeProduct(problem, await work.outputs());
  },
};
