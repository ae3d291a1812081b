/** The parts of a benchmark that compute: summaries, the judge, and what is printed. */
import { describe, expect, it } from 'vitest';
import { judgeInference, judgeProduct, judgeTraining, meanLoss } from '../judge.js';
import { row, table } from '../report.js';
import { inference, product } from '../shapes.js';
import { summarize } from '../stats.js';

describe('summarize', () => {
  it('takes the middle of an odd number and the mean of the inner two of an even one', () => {
    expect(summarize([9, 1, 5])).toEqual({ min: 1, median: 5, max: 9 });
    expect(summarize([10, 2, 4, 3])).toEqual({ min: 2, median: 3.5, max: 10 });
  });

  it('refuses nothing and NaN', () => {
    expect(() => summarize([])).toThrow(RangeError);
    expect(() => summarize([1, Number.NaN])).toThrow(RangeError);
  });
});

describe('judge', () => {
  it('takes cross-entropy from logits of any size, and half the squared distance', () => {
    const logits = Float32Array.of(1000, 1000, 0, Math.log(3));
    expect(meanLoss(logits, Int32Array.of(0, 1), 'softmaxCrossEntropy')).toBeCloseTo(
      (Math.log(2) + Math.log(4 / 3)) / 2,
      6,
    );
    expect(meanLoss(Float32Array.of(0.5, 0.5), Int32Array.of(1), 'squaredError')).toBe(0.25);
  });

  it('wants the expected loss after training, and no NaN', () => {
    const problem = { held: { labels: Int32Array.of(0) }, lossAfter: Math.log(2) };
    const judge = (after) =>
      judgeTraining(problem, 'softmaxCrossEntropy', Float32Array.of(0, 5), Float32Array.from(after), 20);
    expect(judge([1, 1])).toEqual({ ok: true, text: 'loss 5.0067 to 0.6931 in 20 steps' });
    expect(judge([1.01, 1]).ok).toBe(false); // better than expected is as wrong
    expect(judge([Number.NaN, 1]).ok).toBe(false);
  });

  it('finds one wrong entry of a product', () => {
    const problem = product({ m: 2, n: 2, k: 2, seed: 1, threads: 1 });
    problem.a.set([1, 2, 3, 4]);
    problem.b.set([5, 6, 7, 8]);
    expect(judgeProduct(problem, Float32Array.of(19, 22, 43, 50)).ok).toBe(true);
    expect(judgeProduct(problem, Float32Array.of(19, 22, 43, 50.01)).ok).toBe(false);
  });

  it('knows what a network answers', () => {
    const problem = inference({ sizes: [2, 2, 1], batch: 1, seed: 1, threads: 1 });
    problem.inputs.set([1, -1]);
    problem.layers[0].weight.set([1, 0, 0, 1]);
    problem.layers[0].bias.set([0.5, 0.5]); // 1.5, and -0.5 that ReLU cuts
    problem.layers[1].weight.set([-2, 3]);
    problem.layers[1].bias.set([1]);
    expect(judgeInference(problem, Float32Array.of(-2)).ok).toBe(true);
    expect(judgeInference(problem, Float32Array.of(-3.5)).ok).toBe(false);
  });
});

describe('report', () => {
  const title = { bench: 'gemm', name: '8x8x8', unit: 'GFLOP/s' };
  const rate = (median) => ({ min: median - 1, median, max: median + 1 });
  const measured = { status: 'measured', version: '1.0.0', note: 'fine', idleShare: 0 };
  const results = [
    { ...measured, name: 'us', rate: rate(30) },
    { ...measured, name: 'them', rate: rate(20), idleShare: 0.5 },
    { name: 'nobody', status: 'missing', note: 'npm ci' },
  ];

  it('aligns columns, takes ratios of medians, and says who is missing or restless', () => {
    expect(table(title, 'us', results).split('\n')).toEqual([
      'gemm: 8x8x8',
      '      version  median GFLOP/s  min  max  us / it  check',
      'us    1.0.0                30   29   31     1.00  fine',
      'them  1.0.0                20   19   21     1.50  fine',
      'them: used 50 % of a core while others had their turn',
      'nobody: missing: npm ci',
    ]);
  });

  it('makes one row a case, with null for who has no figure', () => {
    expect(row(title, 'us', results)).toEqual({
      bench: 'gemm',
      case: '8x8x8',
      unit: 'GFLOP/s',
      ours: 30,
      ceiling: null,
      peers: { them: 20, nobody: null },
    });
  });
});
