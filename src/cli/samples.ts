/**
 * From DATA to what a network eats, as the model's data says it: rows of inputs with their labels. Opening and checking files
 * is data/'s; here DATA is compared with what the model was trained on.
 */
import { readFile, stat } from 'node:fs/promises';
import { type Dataset, type ImageSet, openDataset } from '../data/files.js';
import { isGzip } from '../data/gzip.js';
import { applyPreprocessor, readIdxMaybeGzip, rowsWithTarget, type Table } from '../data/index.js';
import { DataError } from '../errors.js';
import { within } from './failure.js';
import type { ImageData, ModelData } from './model-data.js';

/** Generated digits to train on; those to test on follow them, for every command the same. */
const DIGITS_TO_TRAIN_ON = 30_000;

/** `openDataset` as all commands call it. @param seed for the generator of digits */
export function openData(source: string, seed: number): Promise<Dataset> {
  return openDataset(source, { seed, trainCount: DIGITS_TO_TRAIN_ON });
}

/** rows x columns, row-major. Bytes are pixels. */
export interface Inputs {
  readonly inputs: Float32Array | Uint8Array;
  readonly rows: number;
  /** The table they were made from, if it was one. */
  readonly table?: Table;
}

export interface Samples extends Inputs {
  /** [rows]: class indices or standardised numbers. */
  readonly labels: Float32Array;
}

/**
 * DATA without regard to labels: a table that may lack its target, or images, which may be a single IDX file here.
 * @param seed for the generator of digits
 */
export async function openInputs(data: ModelData, source: string, seed: number): Promise<Inputs> {
  if (data.kind === 'table') {
    const table = await openTable(source, seed);
    const { inputs, rows } = await within(source, () =>
      applyPreprocessor(data.preprocessor, table, { requireTarget: false }),
    );
    return { inputs, rows, table };
  }
  const { images, rows, shape } = (await openImageFile(source)) ?? (await openImages(source, seed));
  checkShape(source, data.shape, shape);
  return { inputs: images, rows };
}

/** What to do with rows of a table whose target is missing. */
export type MissingTarget = 'refuse' | 'drop';

/** DATA with labels; of a folder and of digits, the test images. */
export async function openSamples(
  data: ModelData,
  source: string,
  seed: number,
  missingTarget: MissingTarget = 'refuse',
): Promise<Samples> {
  if (data.kind === 'table') {
    const table = await openTable(source, seed);
    const { name } = data.preprocessor.target;
    return within(source, () => tableSamples(data, targetRows(table, name, missingTarget)));
  }
  const set = await openImages(source, seed);
  checkShape(source, data.shape, set.shape);
  return within(source, () => imageSamples(data, set));
}

/** The rows to learn from or to measure on: all, where those without a target are to be refused later on. */
export function targetRows(table: Table, target: string, missingTarget: MissingTarget): Table {
  return missingTarget === 'drop' ? rowsWithTarget(table, target) : table;
}

/** @throws DataError for a value that does not suit the column, or a target that is not there */
export function tableSamples(data: ModelData & { kind: 'table' }, table: Table): Samples {
  const { inputs, rows, labels } = applyPreprocessor(data.preprocessor, table, { requireTarget: true });
  return { inputs, rows, labels: labels!, table };
}

/** @throws DataError for a label that training did not see */
export function imageSamples({ classes }: ImageData, { images, labels, rows }: ImageSet): Samples {
  const places = new Map(classes.map((name, place) => [Number(name), place]));
  const indices = Float32Array.from(labels, (label, i) => {
    const place = places.get(label);
    if (place !== undefined) return place;
    throw new DataError(`image ${i + 1}: expected one of the labels ${classes.join(', ')}, found ${label}`);
  });
  return { inputs: images, rows, labels: indices };
}

export function checkShape(source: string, expected: readonly number[], found: readonly number[]): void {
  if (expected.join() === found.join()) return;
  const sizes = expected.join(' x ');
  throw new DataError(
    `${source}: expected images of ${sizes} as in training, found ${found.join(' x ') || 'single numbers'}`,
  );
}

async function openTable(source: string, seed: number): Promise<Table> {
  const dataset = await openData(source, seed);
  if (dataset.kind === 'table') return dataset.table;
  throw new DataError(`${source}: expected a CSV file as in training, found images`);
}

async function openImages(source: string, seed: number): Promise<ImageSet> {
  const dataset = await openData(source, seed);
  if (dataset.kind === 'images') return dataset.test ?? dataset.train;
  throw new DataError(`${source}: expected images as in training, found a table`);
}

/** The images of an IDX file without labels; undefined if `path` is no file or holds text. */
async function openImageFile(path: string): Promise<Pick<ImageSet, 'images' | 'rows' | 'shape'> | undefined> {
  const entry = await stat(path).catch(() => undefined);
  if (!entry?.isFile()) return undefined;
  const bytes = await readFile(path);
  if (!isGzip(bytes) && bytes[0] !== 0) return undefined;
  const idx = await readIdxMaybeGzip(bytes, path);
  const [rows = 0, ...shape] = idx.shape;
  if (!(idx.values instanceof Uint8Array) || rows === 0)
    throw new DataError(
      `${path}: expected images of unsigned bytes, found ${rows ? 'other numbers' : 'none'}`,
    );
  return { images: idx.values, rows, shape };
}
