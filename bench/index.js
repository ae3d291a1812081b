/**
 * `node bench/index.js [gemm|train|tiny|infer|map|size|startup|scale|all] [--case TEXT] [--threads N] [--wide-vectors] [--rounds N]
 * [--seconds S] [--json FILE] [--help]`: measures us, the peers and the ceiling, case after case, and prints a table for each. `--case` keeps the cases
 * whose name contains the text.
 *
 * Not here: how anything is measured (harness.js) or said (report.js).
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { measureAlternately } from './harness.js';
import { CEILING, OURS, peersFor } from './peers.js';
import { machine, row, table } from './report.js';

/** Which files ask a question. */
const QUESTIONS = {
  gemm: ['gemm'],
  train: ['train'],
  tiny: ['tiny'],
  infer: ['infer'],
  map: ['map', 'streams'],
  size: ['size'],
  startup: ['startup'],
  scale: ['scale'],
};
const WARM_UP_SECONDS = 0.6;

const USAGE = `usage: npm run bench -- [${Object.keys(QUESTIONS).join('|')}|all] [--case TEXT] [--threads N] [--wide-vectors] [--rounds N] [--seconds S] [--json FILE]
see bench/README.md`;
const OPTIONS = {
  json: { type: 'string' },
  threads: { type: 'string', default: '1' },
  'wide-vectors': { type: 'boolean', default: false },
  rounds: { type: 'string', default: '5' },
  seconds: { type: 'string', default: '0.3' },
  case: { type: 'string', default: '' },
  help: { type: 'boolean', default: false },
};

async function main() {
  const { positionals, values: options } = parseArgs({ allowPositionals: true, options: OPTIONS });
  if (options.help) return console.log(USAGE);
  const names = Object.keys(QUESTIONS);
  const asked = positionals.length === 0 || positionals.includes('all') ? names : positionals;
  const unknown = asked.find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new RangeError(`bench: expected ${names.join(', ')} or all, got ${unknown}`);
  const settings = {
    case: options.case,
    host: { threads: positive(options, 'threads'), wideVectors: options['wide-vectors'] },
    effort: {
      rounds: positive(options, 'rounds'),
      secondsPerTurn: positive(options, 'seconds'),
      warmUpSeconds: WARM_UP_SECONDS,
    },
  };
  const where = machine();
  console.log(`${where.machine}, Node ${where.node}, ${where.date}`);
  const rows = [];
  for (const bench of asked)
    for (const file of QUESTIONS[bench]) rows.push(...(await answer(bench, file, settings)));
  if (options.json === undefined) return;
  const dated = rows.map((row) => ({ ...row, ...where }));
  writeFileSync(options.json, `${JSON.stringify(dated, null, 2)}\n`);
}

/** All cases of one question. A question that is not about rates brings `measure`, a summary of its cases `summary`. */
async function answer(bench, file, settings) {
  const url = new URL(`${file}.js`, import.meta.url).href;
  const { question, measure = takeTurns, summary } = await import(url);
  const { unit, isCost } = question;
  const rows = [];
  for (const one of asCalled(settings.case, question.cases)) {
    const results = await measure(one, settings, { bench, url });
    const title = { bench, name: [one.name, ...circumstances(settings.host)].join(', '), unit, isCost };
    console.log(`\n${table(title, results)}`);
    rows.push(row(title, results));
  }
  if (summary && rows.length > 1) console.log(`\n${summary(rows)}`);
  return rows;
}

/** The case of that name, or all whose name contains the text. */
function asCalled(text, cases) {
  const exact = cases.filter(({ name }) => name === text);
  return exact.length > 0 ? exact : cases.filter(({ name }) => name.includes(text));
}

/** Us, the peers or other shapes of ours, and the ceiling. */
function takeTurns({ shape, heavy = false, variants }, { host, effort }, { bench, url }) {
  const beside =
    variants?.map((variant) => ({ ...OURS, ...variant })) ?? peersFor(bench, heavy, host.threads);
  return measureAlternately(
    [OURS, ...beside, CEILING],
    { question: url, shape: { ...shape, ...host } },
    effort,
  );
}

const circumstances = ({ threads, wideVectors }) => [
  ...(threads === 1 ? [] : [`${threads} threads`]),
  ...(wideVectors ? ['wide vectors'] : []),
];

function positive(options, option) {
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
