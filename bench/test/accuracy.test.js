/** The accuracy program on images and tables that are made up so that the right answer is known. Node only. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeIdx } from '../../src/data/idx.ts';
import { ROWS } from '../accuracy/rows.js';

const program = fileURLToPath(new URL('../accuracy/run.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'accuracy-'));
const into = (name, content) => writeFileSync(join(folder, name), content);
afterAll(() => rmSync(folder, { recursive: true }));

const SIDE = 10;

/** Digit d is line d of the image; of every ten labels as many as said are wrong. */
function lines(rows, wrong) {
  const images = new Uint8Array(rows * SIDE * SIDE);
  const labels = Uint8Array.from({ length: rows }, (_, i) => i % 10);
  labels.forEach((digit, i) => {
    images.fill(200 + (i % 50), (i * SIDE + digit) * SIDE, (i * SIDE + digit + 1) * SIDE);
  });
  return {
    images: writeIdx([rows, SIDE, SIDE], images),
    labels: writeIdx(
      [rows],
      labels.map((digit) => (digit < wrong ? (digit + 1) % 10 : digit)),
    ),
  };
}

beforeAll(() => {
  const train = lines(600, 0);
  into('train-images-idx3-ubyte.gz', gzipSync(train.images));
  into('train-labels-idx1-ubyte', train.labels);
  const test = lines(100, 1);
  into('t10k-images-idx3-ubyte', test.images);
  into('t10k-labels-idx1-ubyte.gz', gzipSync(test.labels));
  const flowers = Array.from({ length: 150 }, (_, i) => `${(i % 3) + (i % 7) / 20},${i % 5},kind ${i % 3}`);
  into('iris.csv', ['length,width,species', ...flowers].join('\n'));
});

function run(...options) {
  const json = join(folder, 'results.json');
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...options, '--json', json], {
    encoding: 'utf8',
  });
  return { status, stdout, stderr, results: () => JSON.parse(readFileSync(json, 'utf8')).results };
}

describe('rows', () => {
  it('are those that docs/accuracy.md promises', () => {
    expect(ROWS.map(({ name, published }) => [name, published])).toEqual([
      ['300', 4.7],
      ['300-100', 3.05],
      ['500-150', 2.95],
      ['800-ce', 1.6],
      ['nielsen-1', 4.58],
      ['nielsen-3', 1.96],
      ['keras-512-512', 1.6],
    ]);
  });

  it.each(ROWS)(
    '$name: says what it does',
    ({ source, layers, loss, fit, bestOn, keepsValidation, settings }) => {
      expect(source).toMatch(/[A-Z]/);
      expect(settings).toContain(`batch ${fit.batchSize}, ${fit.epochs} epochs`);
      expect(layers.at(-1).units).toBe(10);
      expect([
        'halfSquaredError',
        'sigmoidSquaredError',
        'sigmoidCrossEntropy',
        'softmaxCrossEntropy',
      ]).toContain(loss);
      if (bestOn === 'validation') expect(keepsValidation).toBe(true);
    },
  );
});

describe('the program', () => {
  it('finds for every row exactly the errors that are there, and says that they are too many', () => {
    const { status, stdout, results } = run('--data', folder, '--seeds', '5');
    expect(status).toBe(1);
    expect(results().map(({ name, trials }) => [name, trials[0].error])).toEqual(
      ROWS.map(({ name }) => [name, expect.closeTo(10, 9)]),
    );
    expect(stdout.trim().split('\n')).toHaveLength(2 + ROWS.length);
    expect(stdout).toMatch(/\| 300 \| LeCun.+\| 4\.70 \| 10\.00 \| 10\.00 \| \+5\.30 \| 20 \| \d+ \| no \|/);
  });

  it('rehearses on training images alone', () => {
    const { status, stdout } = run('--data', folder, '--row', '300', '--row', 'nielsen-3', '--rehearse');
    expect(status).toBe(0);
    expect(stdout).toMatch(/\| 4\.70 \| 0\.00, 0\.00, 0\.00 \| 0\.00 \| -4\.70 \| 20, 20, 20 \|.+\| yes \|/);
  });

  it('has the program wasmlp learn a table', () => {
    const { status, results } = run('--tables', folder, '--row', 'iris.csv', '--seeds', '1,2');
    expect(status).toBe(0);
    expect(results()).toMatchObject([{ name: 'iris.csv', values: [1, 1], median: 1, holds: true }]);
  });

  it.each([
    [[], '--data, --tables: expected a folder for one of them, got neither'],
    [['--data', folder, '--row', '301'], /^--row: expected 300, 300-100, .+, got 301$/],
    [['--data', folder, '--seeds', '1,'], '--seeds: expected whole numbers between commas, got nothing'],
    [
      ['--data', join(folder, 'iris.csv')],
      /^--data: expected a folder with the four IDX files, got .+iris\.csv$/,
    ],
  ])('refuses %j', (wrong, message) => {
    const { status, stderr } = run(...wrong);
    expect(status).toBe(2);
    expect(stderr.trim().split('\n').at(-1)).toMatch(message);
  });
});
