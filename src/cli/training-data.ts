/**
 * DATA for `wasmlp train`: opened, told apart into training and test samples, and what the model must remember of it. The test
 * samples are those of --test; else those that DATA brings; else a seeded share of its rows.
 */
import type { ImageSet } from '../data/files.js';
import {
  fitPreprocessor,
  type Preprocessor,
  type Split,
  splitRows,
  splitTable,
  type Table,
  type Task,
  takeMatrixRows,
  targetName,
} from '../data/index.js';
import { DataError } from '../errors.js';
import { UsageError, within } from './failure.js';
import type { ImageData, ModelData, TableData } from './model-data.js';
import {
  checkShape,
  imageSamples,
  type MissingTarget,
  openData,
  openSamples,
  type Samples,
  tableSamples,
  targetRows,
} from './samples.js';

/** The options of `train` that say what DATA means. */
export interface DataFlags {
  readonly test?: string;
  readonly testFraction?: number;
  readonly target?: string;
  readonly drop?: readonly string[];
  readonly task?: Task;
  /** What to do with a missing cell of a feature. */
  readonly missing?: 'fill' | 'refuse';
  readonly missingTarget?: MissingTarget;
  readonly seed: number;
}

export interface TrainingData {
  readonly data: ModelData;
  readonly train: Samples;
  readonly test: Samples;
  /** What was decided by looking, a line each. */
  readonly notes: readonly string[];
}

/** Share of the rows to test on where nothing else says it. */
const TEST_FRACTION = 0.2;

export async function openTrainingData(source: string, flags: DataFlags): Promise<TrainingData> {
  const { seed, test, testFraction } = flags;
  if (test !== undefined && testFraction !== undefined)
    throw new UsageError('--test-fraction: expected without --test, which names the test data, got both');
  const dataset = await openData(source, seed);
  if (dataset.kind === 'table') return openTable(source, dataset.table, flags);
  for (const [option, value] of Object.entries(tableFlags(flags)))
    if (value !== undefined)
      throw new UsageError(`${option}: expected with a CSV file only, got it with images (${source})`);
  if (dataset.test && testFraction !== undefined)
    throw new UsageError(`--test-fraction: expected for data without test images, got it with ${source}`);
  return openImages(source, dataset.train, dataset.test, flags);
}

/** The options that say nothing about images. */
function tableFlags({ target, drop, task, missing, missingTarget }: DataFlags): Record<string, unknown> {
  return {
    '--target': target,
    '--drop': drop,
    '--task': task,
    '--missing': missing,
    '--missing-target': missingTarget,
  };
}

async function openTable(source: string, all: Table, flags: DataFlags): Promise<TrainingData> {
  const { test, testFraction = TEST_FRACTION, seed, target, drop, task, missing } = flags;
  const { missingTarget = 'refuse' } = flags;
  const options = { target, drop, task, missing };
  const table = await within(source, () => targetRows(all, targetName(all, options), missingTarget));
  const parts =
    test === undefined
      ? await within(source, () => splitTable(table, testFraction, seed, options))
      : { train: table, test: undefined, options };
  const preprocessor = await within(source, () => fitPreprocessor(parts.train, parts.options));
  const data: TableData = { kind: 'table', preprocessor };
  return {
    data,
    train: await within(source, () => tableSamples(data, parts.train)),
    test: parts.test
      ? await within(source, () => tableSamples(data, parts.test))
      : await openSamples(data, test!, seed, missingTarget),
    notes: notesOn(preprocessor, task !== undefined, all.rows - table.rows),
  };
}

async function openImages(
  source: string,
  all: ImageSet,
  own: ImageSet | undefined,
  flags: DataFlags,
): Promise<TrainingData> {
  const { test, testFraction = TEST_FRACTION, seed } = flags;
  const classes = await within(source, () => classesOf(all.labels));
  const data: ImageData = { kind: 'images', shape: all.shape, classes };
  const samples = (set: ImageSet): Promise<Samples> => within(source, () => imageSamples(data, set));
  const notes = [`images of ${all.shape.join(' x ')}, ${classes.length} classes`];
  if (test !== undefined)
    return { data, train: await samples(all), test: await openSamples(data, test, seed), notes };
  if (own) checkShape(source, all.shape, own.shape);
  const parts = own
    ? { train: all, test: own }
    : splitImages(all, await within(source, () => splitRows(all.rows, testFraction, seed, all.labels)));
  return { data, train: await samples(parts.train), test: await samples(parts.test), notes };
}

function splitImages(all: ImageSet, split: Split): { train: ImageSet; test: ImageSet } {
  const part = (rows: Uint32Array): ImageSet => ({
    ...all,
    images: takeMatrixRows(all.images, all.columns, rows),
    labels: takeMatrixRows(all.labels, 1, rows),
    rows: rows.length,
  });
  return { train: part(split.train), test: part(split.test) };
}

/** With as many images a class on average, a label that only one image has is taken for a mistake. */
const IMAGES_A_CLASS = 10;

/** The label numbers that occur, as names. @throws DataError */
function classesOf(labels: Uint8Array): string[] {
  const counts = new Uint32Array(256);
  for (const label of labels) counts[label]!++;
  const found = [...counts.keys()].filter((label) => counts[label]! > 0);
  if (found.length < 2)
    throw new DataError(`labels: expected at least two classes, found only ${found.join()}`);
  const lonely = found.find((label) => counts[label] === 1);
  if (lonely !== undefined && labels.length >= IMAGES_A_CLASS * found.length)
    throw new DataError(
      `image ${labels.indexOf(lonely) + 1}: expected a label that other images have, found ${lonely}, which has no other`,
    );
  return found.map(String);
}

const WHY_DROPPED = {
  asked: 'as asked',
  text: 'too many different texts',
  constant: 'the same in every row',
  empty: 'nothing in it',
};

function notesOn({ target, dropped }: Preprocessor, asked: boolean, rowsLeftOut: number): string[] {
  const told = asked ? '' : `; --task ${target.kind === 'classes' ? 'regression' : 'classification'} if not`;
  const kind = target.kind === 'classes' ? `${target.classes.length} classes` : 'a number';
  return [
    `target ${target.name}: ${kind}${told}`,
    ...(rowsLeftOut > 0 ? [`left out ${rowsLeftOut} rows: no ${target.name}`] : []),
    ...dropped.map(({ name, reason }) => `left out ${name}: ${WHY_DROPPED[reason]}`),
  ];
}
