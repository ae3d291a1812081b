/** DATA by its name: each form, each refusal, and the real files where they are. */
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDataset } from '../../src/data/files.js';
import { writeIdx } from '../../src/data/idx.js';
import { applyPreprocessor, fitPreprocessor } from '../../src/data/preprocess.js';
import { DataError, FormatError } from '../../src/errors.js';
import { DATA, HAS_DATA, NEEDS_DATA } from './helpers.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wasmlp-data-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

const images = writeIdx(
  [2, 2, 3],
  Uint8Array.from({ length: 12 }, (_, i) => i),
);
const labels = writeIdx([2], Uint8Array.of(4, 9));

/** Writes files into a folder of their own and returns its path. */
async function folderOf(files: Record<string, Uint8Array | string>): Promise<string> {
  const path = await mkdtemp(join(folder, 'case-'));
  for (const [name, content] of Object.entries(files)) await writeFile(join(path, name), content);
  return path;
}

async function openImages(source: string) {
  const dataset = await openDataset(source);
  if (dataset.kind !== 'images') throw new Error('expected images');
  return dataset;
}

describe('openDataset', () => {
  it('opens a CSV file', async () => {
    const path = await folderOf({ 'a.csv': 'x,y\n1,2\n' });
    const dataset = await openDataset(join(path, 'a.csv'));
    expect(dataset).toMatchObject({
      kind: 'table',
      table: { rows: 1, columns: [{ name: 'x' }, { name: 'y' }] },
    });
  });

  it('opens a folder in both spellings, packed and not', async () => {
    const path = await folderOf({
      'train-images-idx3-ubyte': images,
      'train-labels.idx1-ubyte': labels,
      't10k-images.idx3-ubyte.gz': gzipSync(images),
      't10k-labels-idx1-ubyte.gz': gzipSync(labels),
    });
    const { train, test } = await openImages(path);
    expect(train).toMatchObject({ rows: 2, columns: 6, shape: [2, 3] });
    expect(Array.from(train.images)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(Array.from(train.labels)).toEqual([4, 9]);
    expect(test).toEqual(train);
  });

  it('opens a folder without test files, and a pair', async () => {
    const path = await folderOf({ 'train-images-idx3-ubyte': images, 'train-labels-idx1-ubyte': labels });
    const opened = await openImages(path);
    expect(opened.test).toBeUndefined();
    const pair = ['train-images-idx3-ubyte', 'train-labels-idx1-ubyte']
      .map((name) => join(path, name))
      .join(',');
    expect(await openImages(pair)).toEqual(opened);
  });

  it('generates digits, seeded, test images apart from training images', async () => {
    const { train, test } = await openImages('digits');
    expect([train.rows, test!.rows, train.columns, train.shape]).toEqual([20_000, 4_000, 784, [28, 28]]);
    const small = { trainCount: 5, testCount: 3 };
    const [one, two] = await Promise.all([1, 2].map((seed) => openDataset('digits', { ...small, seed })));
    expect(one).not.toEqual(two);
    expect(one).toMatchObject({ train: { rows: 5 }, test: { rows: 3 } });
    expect(train.images.subarray(0, 5 * 784)).toEqual((one as { train: typeof train }).train.images);
  });

  it('refuses what is not there, and says what would be right', async () => {
    await expect(openDataset(join(folder, 'no.csv'))).rejects.toThrow(DataError);
    await expect(openDataset('no.csv')).rejects.toThrow('no.csv: expected a CSV file, a folder of IDX files');
    await expect(openDataset('no-images,no-labels')).rejects.toThrow(
      'no-images: expected a readable file, got ENOENT',
    );
    await expect(openDataset(await folderOf({}))).rejects.toThrow(
      'expected a file train-images-idx3-ubyte or',
    );
    const half = await folderOf({
      'train-images-idx3-ubyte': images,
      'train-labels-idx1-ubyte': labels,
      't10k-images-idx3-ubyte': images,
    });
    await expect(openDataset(half)).rejects.toThrow('expected a file t10k-labels-idx1-ubyte or');
  });

  it.each<[string, Uint8Array, Uint8Array, string]>([
    [
      'counts that differ',
      images,
      writeIdx([3], Uint8Array.of(1, 2, 3)),
      'l: expected 2 labels, one an image, found 3',
    ],
    [
      'no images',
      writeIdx([0, 2, 3], new Uint8Array(0)),
      writeIdx([0], new Uint8Array(0)),
      'i: expected images, found none',
    ],
    ['labels for images', labels, labels, 'i: expected images, found numbers in one dimension'],
    ['images for labels', images, images, 'l: expected labels in one dimension, found 3'],
    [
      'values that are no bytes',
      images,
      writeIdx([2], Int32Array.of(1, 2)),
      'l: expected unsigned bytes (IDX type 8), found Int32Array',
    ],
    ['a cut file', images.subarray(0, 20), labels, 'i: expected 28 bytes'],
    ['cut gzip', gzipSync(images).subarray(0, 30), labels, 'i: expected a whole gzip stream'],
  ])('refuses %s', async (_what, i, l, message) => {
    const path = await folderOf({ i, l });
    await expect(openDataset(`${join(path, 'i')},${join(path, 'l')}`)).rejects.toThrow(message);
  });

  it('refuses test images of another size', async () => {
    const path = await folderOf({
      'train-images-idx3-ubyte': images,
      'train-labels-idx1-ubyte': labels,
      't10k-images-idx3-ubyte': writeIdx([2, 3, 2], new Uint8Array(12)),
      't10k-labels-idx1-ubyte': labels,
    });
    await expect(openDataset(path)).rejects.toThrow(
      'expected test images of 2 x 3 as in training, found 3 x 2',
    );
  });

  it('does not read an IDX file as CSV, nor a CSV file as IDX', async () => {
    const path = await folderOf({ i: images, z: gzipSync(images), 'a.csv': 'x,y\n1,2\n' });
    await expect(openDataset(join(path, 'i'))).rejects.toThrow('expected a CSV file, found binary data');
    await expect(openDataset(join(path, 'z'))).rejects.toThrow('expected a CSV file, found binary data');
    await expect(openDataset(`${path}/a.csv,${path}/i`)).rejects.toThrow(FormatError);
  });
});

describe.skipIf(!HAS_DATA)(`the real files${NEEDS_DATA}`, () => {
  it('MNIST unpacks to its published bytes', async () => {
    const { train, test } = await openImages(join(DATA, 'mnist'));
    const md5 = (shape: number[], values: Uint8Array) =>
      createHash('md5').update(writeIdx(shape, values)).digest('hex');
    expect(
      [train, test!].map((set) => [md5([set.rows, 28, 28], set.images), md5([set.rows], set.labels)]),
    ).toEqual([
      ['6bbc9ace898e44ae57da46a324031adb', 'a25bea736e30d166cdddb491f175f624'],
      ['2646ac647ad5339dbf082846283269ea', '27ae3e4e09519cfbb04c329615203637'],
    ]);
  });

  it.each([
    ['iris', 'species', 150, 4, 'classes', []],
    ['penguins', 'species', 344, 14, 'classes', []],
    ['titanic', 'survived', 891, 32, 'classes', ['alive']],
    ['mpg', 'mpg', 398, 10, 'number', ['name']],
    ['diamonds', 'price', 53940, 26, 'number', []],
  ] as const)('%s becomes finite inputs', async (name, target, rows, width, kind, dropped) => {
    const dataset = await openDataset(join(DATA, 'csv', `${name}.csv`));
    if (dataset.kind !== 'table') throw new Error('expected a table');
    const fitted = fitPreprocessor(dataset.table, { target, drop: name === 'titanic' ? ['alive'] : [] });
    const {
      inputs,
      featureNames,
      labels: targets,
    } = applyPreprocessor(fitted, dataset.table, { requireTarget: true });
    expect(fitted.target.kind).toBe(kind);
    expect(fitted.dropped.map((column) => column.name)).toEqual(dropped);
    expect([targets!.length, featureNames.length]).toEqual([rows, width]);
    expect(inputs.every(Number.isFinite) && targets!.every(Number.isFinite)).toBe(true);
  });
});
