/**
 * What `wasmlp train` makes of tables with its defaults: medians over seeds, which choose the fifth of the rows to test on, the initial weights
 * and the order. The program runs as its users have it, a process a seed.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { summarize } from '../stats.js';

const PROGRAM = fileURLToPath(new URL('../../build/cli.js', import.meta.url));

/**
 * @typedef {object} TableRow
 * @property {string} file in the folder of tables
 * @property {string[]} flags
 * @property {'testAccuracy' | 'testR2'} metric
 * @property {number} least what the median must reach
 */

/** @type {readonly TableRow[]} */
export const TABLES = [
  { file: 'iris.csv', flags: ['--target', 'species'], metric: 'testAccuracy', least: 0.93 },
  { file: 'penguins.csv', flags: ['--target', 'species'], metric: 'testAccuracy', least: 0.97 },
  // `alive` says what is to be told
  {
    file: 'titanic.csv',
    flags: ['--target', 'survived', '--drop', 'alive'],
    metric: 'testAccuracy',
    least: 0.78,
  },
  { file: 'mpg.csv', flags: ['--target', 'mpg'], metric: 'testR2', least: 0.82 },
  { file: 'diamonds.csv', flags: ['--target', 'price'], metric: 'testR2', least: 0.96 },
];

/**
 * @param {TableRow} row
 * @param {string} folder
 * @param {readonly number[]} seeds
 */
export async function tableTrials({ file, flags, metric, least }, folder, seeds) {
  const values = [];
  for (const seed of seeds) {
    const options = [...flags, '--seed', String(seed), '--threads', '1', '--json'];
    const command = [PROGRAM, 'train', join(folder, file), ...options];
    const { stdout } = await promisify(execFile)(process.execPath, command);
    values.push(JSON.parse(stdout.trim().split('\n').at(-1))[metric]);
  }
  const { min, median, max } = summarize(values);
  return { name: file, metric, least, values, min, median, max, holds: median >= least };
}
