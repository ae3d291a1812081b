/**
 * DATA, as the program's user names it, to a data set: a CSV file, a folder with the MNIST-named IDX files, a pair
 * IMAGES,LABELS of IDX files, or `digits`, the generator. The only file of data/ that touches the file system.
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { checkInteger, checkOptions, DataError, FormatError } from '../errors.js';
import { readCsv } from './csv.js';
import { DIGIT_SIDE, generateDigits } from './digits.js';
import { isGzip } from './gzip.js';
import { type Idx, readIdxMaybeGzip } from './idx.js';
import type { Table } from './table.js';

export interface ImageSet {
  /** [rows x columns], a row an image. */
  readonly images: Uint8Array;
  /** [rows], class indices as the file has them. */
  readonly labels: Uint8Array;
  readonly rows: number;
  /** Values an image: the product of `shape`. */
  readonly columns: number;
  /** Of one image, for example [28, 28]. */
  readonly shape: readonly number[];
}

export type Dataset =
  | { readonly kind: 'images'; readonly train: ImageSet; readonly test?: ImageSet }
  | { readonly kind: 'table'; readonly table: Table };

export interface DatasetOptions {
  /** For `digits`: the seed, default 1. */
  readonly seed?: number | undefined;
  /** For `digits`: images to train on, default 20,000, and to test on, default 4,000; no image is in both. */
  readonly trainCount?: number | undefined;
  readonly testCount?: number | undefined;
}

/** The name that stands for the built-in generator. */
export const DIGITS = 'digits';

const MNIST_FILES = {
  train: {
    images: ['train-images-idx3-ubyte', 'train-images.idx3-ubyte'],
    labels: ['train-labels-idx1-ubyte', 'train-labels.idx1-ubyte'],
  },
  test: {
    images: ['t10k-images-idx3-ubyte', 't10k-images.idx3-ubyte'],
    labels: ['t10k-labels-idx1-ubyte', 't10k-labels.idx1-ubyte'],
  },
};

/**
 * @param source a path, two paths joined by a comma, or `digits`. A file of that name wins over the comma and the generator.
 * @throws DataError if something is not there, is no such data or does not fit together; FormatError if a file is cut
 *   or corrupt. The message starts with the path.
 */
export async function openDataset(source: string, options: DatasetOptions = {}): Promise<Dataset> {
  checkOptions('options', options, ['seed', 'trainCount', 'testCount']);
  const entry = await stat(source).catch(() => undefined);
  if (entry?.isDirectory()) return openFolder(source);
  if (entry) return { kind: 'table', table: await openTable(source) };
  if (source === DIGITS) return openDigits(options);
  const [images, labels, ...rest] = source.split(',');
  if (images && labels && rest.length === 0) return { kind: 'images', train: await openPair(images, labels) };
  throw new DataError(
    `${source}: expected a CSV file, a folder of IDX files, a pair IMAGES,LABELS or ${DIGITS}, found nothing there`,
  );
}

async function openTable(path: string): Promise<Table> {
  const bytes = await readBytes(path);
  // Two zero bytes open an IDX file, and neither they nor gzip's magic number open a text.
  if (isGzip(bytes) || (bytes[0] === 0 && bytes[1] === 0))
    throw new DataError(`${path}: expected a CSV file, found binary data (give IDX files as IMAGES,LABELS)`);
  return readCsv(bytes, path);
}

function openDigits({ seed = 1, trainCount = 20_000, testCount = 4_000 }: DatasetOptions): Dataset {
  checkInteger('options.trainCount', trainCount, 1, 1_000_000);
  checkInteger('options.testCount', testCount, 1, 1_000_000);
  const { images, labels } = generateDigits(trainCount + testCount, seed);
  const columns = DIGIT_SIDE * DIGIT_SIDE;
  const part = (from: number, to: number): ImageSet => ({
    images: images.subarray(from * columns, to * columns),
    labels: labels.subarray(from, to),
    rows: to - from,
    columns,
    shape: [DIGIT_SIDE, DIGIT_SIDE],
  });
  return { kind: 'images', train: part(0, trainCount), test: part(trainCount, trainCount + testCount) };
}

async function openFolder(folder: string): Promise<Dataset> {
  const present = await readdir(folder);
  const find = (names: string[]): string | undefined =>
    names.flatMap((name) => [name, `${name}.gz`]).find((name) => present.includes(name));
  const need = (names: string[]): string => {
    const found = find(names);
    if (found) return join(folder, found);
    throw new DataError(`${folder}: expected a file ${names.join(' or ')}, with or without .gz, found none`);
  };
  const { train, test } = MNIST_FILES;
  const trainSet = await openPair(need(train.images), need(train.labels));
  if (!find(test.images) && !find(test.labels)) return { kind: 'images', train: trainSet };
  const testSet = await openPair(need(test.images), need(test.labels));
  if (testSet.shape.join() !== trainSet.shape.join())
    throw new DataError(
      `${folder}: expected test images of ${trainSet.shape.join(' x ')} as in training, found ${testSet.shape.join(' x ')}`,
    );
  return { kind: 'images', train: trainSet, test: testSet };
}

async function openPair(imagesPath: string, labelsPath: string): Promise<ImageSet> {
  const images = await readIdxMaybeGzip(await readBytes(imagesPath), imagesPath);
  const labels = await readIdxMaybeGzip(await readBytes(labelsPath), labelsPath);
  const [rows = 0, ...shape] = images.shape;
  if (shape.length === 0)
    throw new DataError(`${imagesPath}: expected images, found numbers in one dimension`);
  if (labels.shape.length !== 1)
    throw new DataError(`${labelsPath}: expected labels in one dimension, found ${labels.shape.length}`);
  if (labels.values.length !== rows)
    throw new DataError(
      `${labelsPath}: expected ${rows} labels, one an image, found ${labels.values.length}`,
    );
  const columns = shape.reduce((product, size) => product * size, 1);
  if (rows * columns === 0) throw new DataError(`${imagesPath}: expected images, found none`);
  return { images: unsigned(images, imagesPath), labels: unsigned(labels, labelsPath), rows, columns, shape };
}

function unsigned(idx: Idx, path: string): Uint8Array {
  if (idx.values instanceof Uint8Array) return idx.values;
  throw new FormatError(
    `${path}: expected unsigned bytes (IDX type 8), found ${idx.values.constructor.name}`,
  );
}

async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new DataError(`${path}: expected a readable file, got ${why}`);
  }
}
