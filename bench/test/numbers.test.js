/** The parts of a benchmark that compute: summaries, the judge, and what is printed. */
import { describe, expect, it } from 'vitest';
import { scaleOf, spread } from '../figures/spread.js';
import { judgeInference, judgeMap, judgeProduct, judgeTraining, meanLoss } from '../judge.js';
import { peersFor } from '../peers.js';
import { row, table } from '../report.js';
import { measured, unmeasured } from '../result.js';
import { summary } from '../scale.js';
import { elementwise, inference, product, trainingFlop } from '../shapes.js';
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
    const finished = { ...problem, bias: Float32Array.of(1, -50) };
    expect(judgeProduct(finished, Float32Array.of(20, 0, 44, 0)).ok).toBe(true);
    expect(judgeProduct(finished, Float32Array.of(19, 0, 43, 0)).ok).toBe(false);
  });

  it('knows functions of elements and of matrices', () => {
    const judge = (operation, x, y, outputs) =>
      judgeMap(
        { operation, rows: 2, columns: 2, x: Float32Array.from(x), y: Float32Array.from(y) },
        Float32Array.from(outputs),
      ).ok;
    const [x, y] = [
      [1, -2, 0.5, 4],
      [1, 1, 1, -1],
    ];
    expect(judge('add', x, y, [2, -1, 1.5, 3])).toBe(true);
    expect(judge('add', x, y, [2, -1, 1.5, Number.NaN])).toBe(false);
    expect(judge('relu', x, y, [1, 0, 0.5, 4])).toBe(true);
    // x Φ(x), Φ from tables of the normal distribution
    expect(judge('gelu', x, y, [0.8413447, -0.0455003, 0.3457312, 3.9998733])).toBe(true);
    expect(judge('sum', x, y, [3.5])).toBe(true);
    expect(judge('sumRows', x, y, [1.5, 2])).toBe(true);
    expect(judge('sumRows', x, y, [-1, 4.5])).toBe(false);
    expect(judge('sumColumns', x, y, [-1, 4.5])).toBe(true);
    expect(judge('softmax', [0, 0, 0, Math.log(3)], y, [0.5, 0.5, 0.25, 0.75])).toBe(true);
    expect(judge('sgd', x, y, [0.999, -2.001, 0.499, 4.001])).toBe(true);
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
  const who = (name, median, idleShare = 0) =>
    measured({ name, version: '1.0.0', note: 'fine', idleShare }, [median - 1, median, median + 1]);
  const results = [
    who('wasmlp', 30),
    who('them', 20, 0.5),
    who('ceiling', 40),
    unmeasured(
      { name: 'nobody', install: 'npm ci' },
      "Error [ERR_MODULE_NOT_FOUND]: Cannot find package 'x'",
    ),
  ];

  it('aligns columns, takes ratios of medians, and says who is missing or restless', () => {
    expect(table(title, results).split('\n')).toEqual([
      'gemm: 8x8x8',
      '         version  median GFLOP/s  min  max  wasmlp / it  of ceiling  check',
      'wasmlp   1.0.0                30   29   31         1.00        0.75  fine',
      'them     1.0.0                20   19   21         1.50        0.50  fine',
      'ceiling  1.0.0                40   39   41         0.75        1.00  fine',
      'them: used 50 % of a core while others had their turn',
      "nobody: missing: npm ci (Error [ERR_MODULE_NOT_FOUND]: Cannot find package 'x')",
    ]);
  });

  it('turns ratios round where smaller is better', () => {
    const lines = table({ ...title, isCost: true }, [who('wasmlp', 30), who('them', 60), who('ceiling', 15)]);
    const [, , own, theirs] = lines.split('\n');
    expect(own).toMatch(/ 1\.00 +0\.50 +fine/);
    expect(theirs).toMatch(/ 2\.00 +0\.25 +fine/);
  });

  it('makes one row a case, with null for who has no figure', () => {
    expect(row(title, results)).toEqual({
      bench: 'gemm',
      case: '8x8x8',
      unit: 'GFLOP/s',
      ours: 30,
      ceiling: 40,
      peers: { them: 20, nobody: null },
    });
  });

  it('tells what is missing from what is broken', () => {
    const size = { name: 'x', install: 'npm ci' };
    expect(unmeasured(size, 'a line\nError: no such backend\n  at x').note).toBe('Error: no such backend');
    expect(unmeasured(size, 'a line\nError: no such backend').status).toBe('failed');
    expect(unmeasured(size, 'Build failed\n x: ERROR: Could not resolve "y"').status).toBe('missing');
  });
});

describe('problems', () => {
  it('counts the operations of a step, without the gradient of the inputs', () => {
    // 2-3-1: 6 and 3 multiply-adds forward and for the weights, 3 for the hidden layer
    expect(trainingFlop([2, 3, 1])).toBe(2 * (9 + 9 + 3));
    expect(trainingFlop([784, 256, 128, 10])).toBe(1_007_104);
  });

  it('draws numbers in the interval that an operation is defined in', () => {
    const shape = { operation: 'log', rows: 64, columns: 64, seed: 1 };
    const { x } = elementwise({ ...shape, positive: true });
    expect(Math.min(...x)).toBeGreaterThan(0);
    expect(Math.min(...elementwise(shape).x)).toBeLessThan(-3.9);
  });
});

describe('peersFor', () => {
  const names = (...of) => peersFor(...of).map(({ name }) => name);

  it('leaves slow peers out of heavy cases', () => {
    expect(names('train', false, 1)).toContain('brain.js');
    expect(names('train', true, 1)).not.toContain('brain.js');
  });

  it('measures native peers with one thread too where several are asked for', () => {
    const single = peersFor('gemm', false, 2).find(({ name }) => name === 'OpenBLAS, 1 thread');
    expect(single.shape).toEqual({ threads: 1 });
    expect(names('gemm', false, 1)).not.toContain('OpenBLAS, 1 thread');
  });
});

describe('scale', () => {
  it('compares neighbours of an axis, and judges large steps only', () => {
    const rows = [
      { case: 'batch 1', ours: 1 },
      { case: 'batch 10', ours: 5 },
      { case: 'batch 100', ours: 54 },
      { case: 'batch 1000', ours: 700 },
      { case: 'width 1', ours: 1 },
    ];
    const flop = { 'batch 1': 1e5, 'batch 10': 1e6, 'batch 100': 1e7, 'batch 1000': 1e8, 'width 1': 1 };
    expect(summary(rows, flop).split('\n').slice(1)).toEqual([
      '  batch 1 to 10: 10.00 times the FLOP, 5.00 times the time, exponent 0.70 (below 1 MFLOP a step)',
      '  batch 10 to 100: 10.00 times the FLOP, 10.80 times the time, exponent 1.03',
      '  batch 100 to 1000: 10.00 times the FLOP, 12.96 times the time, exponent 1.11 (not within 10 %)',
    ]);
  });
});

describe('figures', () => {
  it('measure linear and logarithmic axes in pixels', () => {
    const linear = scaleOf({ low: 10, high: 110, pixels: 200 });
    expect([linear.position(60), linear.value(50)]).toEqual([100, 35]);
    const log = scaleOf({ low: 1, high: 100, pixels: 200, log: true });
    expect(log.position(10)).toBeCloseTo(100);
    expect(log.value(50)).toBeCloseTo(Math.sqrt(10));
  });

  it('move names apart that would cover each other, and no others', () => {
    const scale = scaleOf({ low: 0, high: 100, pixels: 100 });
    const points = [50, 10, 52, 51, 90].map((value) => ({ name: `${value}`, value }));
    const moved = spread(points, scale, 8).map(({ name, value }) => [name, value]);
    expect(moved).toEqual([
      ['10', 10],
      ['50', 50],
      ['51', 58],
      ['52', 66],
      ['90', 90],
    ]);
  });
});
