/**
 * `node bench/index.js [gemm|train|tiny|infer|all] [--json FILE] [--threads N] [--rounds N] [--seconds S] [--case TEXT]`: measures us
 * and the peers, case after case, and prints a table for each. `--case` keeps the cases whose name contains the text.
 *
 * Not here: how anything is measured (harness.js) or said (report.js).
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { measureAlternately } from './harness.js';
import { peersFor } from './peers.js';
import { machineLine, row, table } from './report.js';

const QUESTIONS = ['gemm', 'train', 'tiny', 'infer'];
const OURS = { name: 'wasmlp', module: new URL('ours.js', import.meta.url).href, install: 'npm run build' };
const WARM_UP_SECONDS = 1;

const { positionals, values: options } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'string' },
    threads: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '1' },
    case: { type: 'string', default: '' },
  },
});

async function main() {
  const asked = positionals.length === 0 || positionals.includes('all') ? QUESTIONS : positionals;
  const unknown = asked.find((name) => !QUESTIONS.includes(name));
  if (unknown !== undefined)
    throw new RangeError(`bench: expected ${QUESTIONS.join(', ')} or all, got ${unknown}`);
  const effort = {
    rounds: positive('rounds'),
    secondsPerTurn: positive('seconds'),
    warmUpSeconds: WARM_UP_SECONDS,
  };
  console.log(machineLine());
  const rows = [];
  for (const bench of asked) rows.push(...(await answer(bench, effort)));
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(rows, null, 2)}\n`);
}

/** All cases of one question. */
async function answer(bench, effort) {
  const url = new URL(`${bench}.js`, import.meta.url).href;
  const { question } = await import(url);
  const threads = positive('threads');
  const rows = [];
  for (const { name, shape, heavy = false } of question.cases.filter(({ name }) =>
    name.includes(options.case),
  )) {
    const task = { question: url, shape: { ...shape, threads } };
    const results = await measureAlternately([OURS, ...peersFor(bench, heavy)], task, effort);
    const title = { bench, name: threads === 1 ? name : `${name}, ${threads} threads`, unit: question.unit };
    console.log(`\n${table(title, OURS.name, results)}`);
    rows.push(row(title, OURS.name, results));
  }
  return rows;
}

function positive(option) {
  const value = Number(options[option]);
  if (!(value > 0 && Number.isFinite(value)))
    throw new RangeError(`--${option}: expected a positive number, got ${options[option]}`);
  return value;
}

try {
  await main();
} catch (error) {
  console.error(error.message);
  process.exitCode = 2;
}
