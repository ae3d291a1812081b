/**
 * `node bench/accuracy/run.js [--data FOLDER] [--tables FOLDER] [--row NAME]... [--seeds 1,2,3] [--rehearse] [--json FILE]`
 *
 * `--data`: published test errors on MNIST beside ours; the folder has its four IDX files, packed with gzip or not. `--rehearse` trains on the
 * first five sixths of the training images and tests on the sixth: settings are chosen so. `--tables`: `wasmlp train` with its defaults on the CSV
 * files of the folder. `--row` keeps the rows of that name.
 *
 * Exit status 0 where every row is within its bound, 1 where one is not, 2 for wrong usage or data. Not here: rows (rows.js, tables.js), training
 * (trial.js).
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { bundled } from '../bundled.js';
import { machine } from '../report.js';
import { ROWS } from './rows.js';
import { TABLES, tableTrials } from './tables.js';
import { parted, trial } from './trial.js';

/** What a mean of a few seeds may lie above a figure that one run has given, in percentage points. */
const MARGIN = 0.15;

const { values: options } = parseArgs({
  options: {
    data: { type: 'string' },
    tables: { type: 'string' },
    row: { type: 'string', multiple: true },
    seeds: { type: 'string', default: '1,2,3' },
    rehearse: { type: 'boolean', default: false },
    json: { type: 'string' },
  },
});

async function main() {
  const { data, tables, json } = options;
  if (data === undefined && tables === undefined)
    throw new TypeError('--data, --tables: expected a folder for one of them, got neither');
  checkRows();
  const seeds = options.seeds.split(',').map(seedOf);
  const where = machine();
  console.error(`${where.machine}, Node ${where.node}, ${where.date}`);
  const results = [
    ...(data === undefined ? [] : await answerImages(data, seeds)),
    ...(tables === undefined ? [] : await answerTables(tables, seeds)),
  ];
  if (json !== undefined) writeFileSync(json, `${JSON.stringify({ ...where, results }, null, 2)}\n`);
  return results.every(({ holds }) => holds) ? 0 : 1;
}

async function answerImages(folder, seeds) {
  const data = await openImages(folder);
  const results = [];
  for (const row of ROWS.filter(({ name }) => isAsked(name))) {
    const trials = [];
    for (const seed of seeds) {
      const one = await trial(row, data, seed);
      console.error(`${row.name}, seed ${seed}: ${percent(one.error)} % in ${Math.round(one.seconds)} s`);
      trials.push(one);
    }
    results.push(judged(row, trials));
  }
  const head = ['row', 'source', 'published %', 'ours %', 'mean', 'difference', 'epoch', 's', 'holds'];
  console.log(table(head, results.map(imageCells)));
  return results;
}

function judged({ name, source, published, settings }, trials) {
  const mean = trials.reduce((sum, { error }) => sum + error, 0) / trials.length;
  const difference = Number((mean - published).toFixed(6)); // percentages are no binary fractions
  return { name, source, published, settings, trials, mean, difference, holds: difference <= MARGIN };
}

function imageCells({ name, source, published, trials, mean, difference, holds }) {
  const each = (show) => trials.map(show).join(', ');
  return [
    name,
    source,
    percent(published),
    each(({ error }) => percent(error)),
    percent(mean),
    `${difference > 0 ? '+' : ''}${percent(difference)}`,
    each(({ epoch }) => epoch),
    each(({ seconds }) => Math.round(seconds)),
    yesOrNo(holds),
  ];
}

async function answerTables(folder, seeds) {
  const results = [];
  for (const row of TABLES.filter(({ file }) => isAsked(file)))
    results.push(await tableTrials(row, folder, seeds));
  const cells = results.map(({ name, metric, least, median, min, max, holds }) => [
    name,
    metric,
    least,
    ...[median, min, max].map((value) => value.toFixed(3)),
    yesOrNo(holds),
  ]);
  console.log(table(['table', 'measure', 'at least', 'median', 'min', 'max', 'holds'], cells));
  return results;
}

/** In Markdown. */
const table = (head, rows) =>
  [head, head.map(() => '---'), ...rows].map((texts) => `| ${texts.join(' | ')} |`).join('\n');
const percent = (value) => value.toFixed(2);
const yesOrNo = (holds) => (holds ? 'yes' : 'no');

const isAsked = (name) => options.row?.includes(name) ?? true;

function checkRows() {
  const names = [...ROWS.map(({ name }) => name), ...TABLES.map(({ file }) => file)];
  const unknown = options.row?.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new RangeError(`--row: expected ${names.join(', ')}, got ${unknown}`);
}

function seedOf(text) {
  const seed = Number(text);
  if (text !== '' && Number.isSafeInteger(seed) && seed >= 0) return seed;
  throw new RangeError(`--seeds: expected whole numbers between commas, got ${text || 'nothing'}`);
}

async function openImages(folder) {
  const { openDataset } = await bundled(new URL('../../src/data/files.ts', import.meta.url));
  const { kind, train, test } = await openDataset(folder);
  if (kind !== 'images' || !test)
    throw new TypeError(`--data: expected a folder with the four IDX files, got ${folder}`);
  if (!options.rehearse) return { train, test };
  const { learned, rest } = parted(train);
  return { train: learned, test: rest };
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error.message);
  process.exitCode = 2;
}
