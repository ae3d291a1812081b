/**
 * Rows into training and test rows, seeded. With labels every class keeps its share on both sides, as near as whole
 * rows allow, and no class is found on the test side only.
 */
import { checkInteger, checkNumber, DataError } from '../errors.js';
import { Random } from '../random.js';
import { type PreprocessOptions, targetName } from './preprocess.js';
import { type Table, takeTableRows } from './table.js';
import { encodeTarget, fitTarget } from './target.js';

export interface Split {
  /** Row indices, ascending. */
  readonly train: Uint32Array;
  readonly test: Uint32Array;
}

/**
 * @param rows how many rows there are, at least 2
 * @param fraction of the rows to test on, between 0 and 1; at least one row stays on each side
 * @param labels one class index a row; without them rows are drawn regardless of class
 * @throws RangeError; DataError if every class has a single row
 */
export function splitRows(rows: number, fraction: number, seed: number, labels?: ArrayLike<number>): Split {
  checkInteger('rows', rows, 2, 0xffff_ffff);
  checkNumber('fraction', fraction, 0, 1);
  checkInteger('seed', seed, 0, 0xffff_ffff);
  const wanted = Math.min(rows - 1, Math.max(1, Math.round(rows * fraction)));
  const all = new Uint32Array(rows).map((_, row) => row);
  const order = new Random(seed, 'data.split').shuffle(all.slice());
  if (labels) order.sort((a, b) => labels[a]! - labels[b]!);
  // Taking every (rows / wanted)-th row of the order takes from each class in proportion to its size. The first of
  // a class is never taken; its turn passes to the next.
  const isTest = new Uint8Array(rows);
  let taken = 0;
  for (let i = 0; i < rows; i++) {
    const first = labels !== undefined && (i === 0 || labels[order[i]!] !== labels[order[i - 1]!]);
    if (first || taken >= Math.floor(((i + 1) * wanted) / rows)) continue;
    isTest[order[i]!] = 1;
    taken++;
  }
  if (taken === 0)
    throw new DataError(`labels: expected a class of two rows or more, found ${rows} of one row each`);
  return { train: all.filter((row) => !isTest[row]), test: all.filter((row) => isTest[row]) };
}

/**
 * Splits a table, by class if its target is one.
 * @returns both parts, and `options` with target and task as the whole table decides them: fit the training part with
 *   these, since a part alone might decide otherwise
 * @throws as `splitRows` and `fitTarget`
 */
export function splitTable(
  table: Table,
  fraction: number,
  seed: number,
  options: PreprocessOptions = {},
): { train: Table; test: Table; options: PreprocessOptions } {
  const target = fitTarget(table, targetName(table, options), options.task);
  const task = target.kind === 'classes' ? 'classification' : 'regression';
  const labels = task === 'classification' ? encodeTarget(target, table) : undefined;
  const { train, test } = splitRows(table.rows, fraction, seed, labels);
  return {
    train: takeTableRows(table, train),
    test: takeTableRows(table, test),
    options: { ...options, target: target.name, task },
  };
}
