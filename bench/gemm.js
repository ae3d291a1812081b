/** Question: how fast is a product of two float32 matrices? A multiply-add counts as two operations. */
import { judgeProduct } from './judge.js';
import { product } from './shapes.js';

const shapeOf = (m, n, k) => ({ name: `${m}x${n}x${k}`, shape: { m, n, k, seed: 1 } });

/** @type {import('./contender.js').Question} */
export const question = {
  factory: 'gemm',
  unit: 'GFLOP/s',
  cases: [64, 128, 256, 512, 1024].map((size) => shapeOf(size, size, size)),
  problem: product,
  unitsPerRun: ({ m, n, k }) => (2 * m * n * k) / 1e9,
  judge: async (problem, work) => {
    await work.run(1);
    return judgeProduct(problem, await work.outputs());
  },
};
