/** What a person reads: figures, confusion, drawings, an epoch's line. */
import { describe, expect, it } from 'vitest';
import { type Findings, prefixed } from '../../src/cli/findings.js';
import { drawSideBySide } from '../../src/cli/mistakes.js';
import { describeEpoch, duration } from '../../src/cli/progress.js';
import { screenOf, summarise } from '../../src/cli/summary.js';
import { confusionMatrix } from '../../src/metrics/classes.js';
import { predictedClasses } from '../../src/metrics/scores.js';

const plain = { columns: 80, colours: false };

/** Three rows of classes a, b, c; the last, a true c, is taken for an a. */
const found: Findings = {
  samples: { inputs: new Float32Array(3), labels: Float32Array.of(0, 1, 2), rows: 3 },
  target: { kind: 'classes', name: 'letter', classes: ['a', 'b', 'c'] },
  predictions: Float32Array.of(0.8, 0.1, 0.1, 0.2, 0.7, 0.1, 0.5, 0.1, 0.4),
  loss: 0.123456,
  metrics: { accuracy: 2 / 3 },
};

describe('findings', () => {
  it('take the most probable class, the first of equals', () => {
    expect(Array.from(predictedClasses(found.predictions, 3))).toEqual([0, 1, 0]);
    expect(Array.from(predictedClasses(Float32Array.of(0.5, 0.5), 2))).toEqual([0]);
  });

  it('count truth in rows and predictions in columns', () => {
    const counts = confusionMatrix(Uint32Array.of(0, 1, 0, 2), Float32Array.of(0, 1, 2, 2), 3);
    expect(Array.from(counts)).toEqual([1, 0, 0, 0, 1, 0, 1, 0, 1]);
  });

  it('are named for the part they were measured on', () => {
    expect(prefixed('test', { loss: 1, r2: 0.5 })).toEqual({ testLoss: 1, testR2: 0.5 });
  });
});

describe('summary', () => {
  it('shows figures, who is taken for whom, and the share found', () => {
    expect(summarise(found, undefined, plain)).toBe(
      [
        'accuracy 66.67 % on 3 rows, loss 0.1235',
        '',
        '┌──────────────────┬───┬───┬───┬──────────┐',
        '│ true \\ predicted │ a │ b │ c │    found │',
        '├──────────────────┼───┼───┼───┼──────────┤',
        '│ a                │ 1 │ 0 │ 0 │ 100.00 % │',
        '│ b                │ 0 │ 1 │ 0 │ 100.00 % │',
        '│ c                │ 1 │ 0 │ 0 │   0.00 % │',
        '└──────────────────┴───┴───┴───┴──────────┘',
      ].join('\n'),
    );
  });

  it('of many classes shows the worst first, and none that no row has', () => {
    const classes = Array.from({ length: 14 }, (_, i) => `k${i}`);
    const predictions = new Float32Array(3 * 14);
    [5, 6, 6].forEach((guess, row) => {
      predictions[row * 14 + guess] = 1;
    });
    const samples = { inputs: new Float32Array(3), labels: Float32Array.of(5, 6, 7), rows: 3 };
    const many: Findings = {
      ...found,
      samples,
      predictions,
      target: { kind: 'classes', name: 'k', classes },
    };
    const lines = summarise(many, undefined, plain).split('\n').slice(5, -1);
    expect(lines.map((line) => line.replace(/[│ ]+/g, ' ').trim())).toEqual([
      'k7 0.00 %',
      'k5 100.00 %',
      'k6 100.00 %',
    ]);
  });

  it('colours on terminals only', () => {
    const coloured = summarise(found, undefined, { columns: 80, colours: true });
    expect(coloured).toContain('\u001b[31m1\u001b[39m');
    expect(screenOf({ isTTY: false } as NodeJS.WriteStream)).toEqual(plain);
    expect(screenOf({ isTTY: false, columns: 40 } as NodeJS.WriteStream)).toMatchObject({ columns: 40 });
  });

  it('says numbers in the unit of the target', () => {
    const metrics = { r2: 0.98765, rootMeanSquaredError: 512.34, meanAbsoluteError: 260.1 };
    const target = { kind: 'number', name: 'price', mean: 0, scale: 1 } as const;
    expect(summarise({ ...found, metrics, target }, undefined, plain)).toBe(
      'R² 0.9877 on 3 rows: price is off by 512.3 (root mean square), 260.1 (mean)',
    );
  });

  it('draws mistaken images with truth and prediction', () => {
    const inputs = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 255, 0, 0, 255);
    const images = { ...found, samples: { ...found.samples, inputs } };
    expect(summarise(images, [2, 2], plain)).toMatch(/\n\nThe first mistakes:\n\n▀▄\nc taken for a$/);
  });
});

describe('drawings', () => {
  const corner = { pixels: Uint8Array.of(9, 0, 0, 0, 0, 0, 0, 0, 0), caption: 'A' };
  const middle = { pixels: Uint8Array.of(0, 0, 0, 0, 200, 0, 0, 90, 0), caption: 'B' };

  it('put two lines of pixels into one and cut what all leave empty', () => {
    expect(drawSideBySide([corner, middle], [3, 3], 80)).toBe('▀      ▄\nA     B');
  });

  it('begin a new row where the line is full', () => {
    expect(drawSideBySide([corner, middle], [3, 3], 7)).toBe('▀\nA\n\n ▄\nB');
  });
});

describe('an epoch', () => {
  const report = { epoch: 2, epochs: 10, loss: 0.1234567, seconds: 20, samplesPerSecond: 12345.6 };

  it('is a line with what is known of it', () => {
    expect(describeEpoch(report)).toBe('epoch 2/10  loss 0.1235  1 min 20 s left');
    expect(describeEpoch({ ...report, accuracy: 0.5 })).toContain('loss 0.1235  accuracy 0.5000  1 min');
  });

  it.each([
    [0.04, '0.0 s'],
    [59.94, '59.9 s'],
    [60, '1 min 0 s'],
    [3599.7, '60 min 0 s'],
  ])('%f seconds are %s', (seconds, text) => {
    expect(duration(seconds)).toBe(text);
  });
});
