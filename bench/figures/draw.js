/**
 * `node bench/figures/draw.js FILE.json...` draws docs/figures/*.svg from what `npm run bench -- --json FILE.json` wrote: a figure for each question
 * that the files answer. Not here: measuring, or what the figures mean (docs/performance.md).
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import * as Plot from '@observablehq/plot';
import { scaleOf } from './spread.js';
import { CEILING, figure, lines, MUTED, names, OURS, series } from './style.js';

/** @typedef {import('./style.js').Row} Row */

const FOLDER = new URL('../../docs/figures/', import.meta.url);
const HEIGHT = 420;
const TOP = 46;
const BOTTOM = 40;
/** Room for the names of panels. */
const PANEL_HEADING = 20;
const PIXELS = HEIGHT - TOP - BOTTOM;

const last = (points) =>
  [...new Map(points.map((point) => [point.name, point])).values()].filter(
    ({ n }) => n === Math.max(...points.map((point) => point.n)),
  );

/** @param {Row[]} rows of squares: 'square 64', ... */
function gemm(rows) {
  const points = rows.flatMap((row) =>
    series(row).map((one) => ({ ...one, n: Number(row.case.match(/\d+/)[0]) })),
  );
  const domain = [0, 1.08 * Math.max(...points.map(({ value }) => value))];
  const scale = scaleOf({ low: domain[0], high: domain[1], pixels: PIXELS });
  return figure(`Products of two n x n matrices, ${rows[0].unit}`, rows[0], {
    height: HEIGHT,
    marginBottom: BOTTOM,
    marginRight: 140,
    x: { type: 'log', base: 2, label: 'n', ticks: [...new Set(points.map(({ n }) => n))], tickFormat: 'd' },
    y: { label: null, domain, grid: true },
    marks: [...lines(points, { x: 'n' }), names(last(points), scale, { x: 'n' })],
  });
}

/** @param {Row[]} rows one group of dots each */
function train(rows) {
  const dots = rows.flatMap((row) =>
    series(row)
      .sort((a, b) => b.value - a.value)
      .map((one) => ({ ...one, share: one.value / row.ours, line: `${row.case} ${one.name}` })),
  );
  const headings = rows.map((row) => ({ name: row.case, line: row.case }));
  const domain = headings.flatMap(({ line }, i) => [
    line,
    ...series(rows[i])
      .sort((a, b) => b.value - a.value)
      .map(({ name }) => `${line} ${name}`),
  ]);
  const fill = ({ name }) => ({ [OURS]: '#0072b2', [CEILING]: MUTED })[name] ?? '#e69f00';
  const label = { y: 'line', frameAnchor: 'left', text: 'name', textAnchor: 'start' };
  return figure(`Training, ${rows[0].unit} against wasmlp's`, rows[0], {
    height: 90 + 16 * domain.length,
    marginBottom: BOTTOM,
    marginLeft: 170,
    marginRight: 60,
    x: { type: 'log', label: 'times wasmlp', grid: true, tickFormat: '~g' },
    y: { axis: null, domain },
    marks: [
      Plot.ruleX([1], { stroke: '#0072b2' }),
      Plot.ruleY(dots, { x1: 1, x2: 'share', y: 'line', stroke: fill, strokeOpacity: 0.4 }),
      Plot.dot(dots, { x: 'share', y: 'line', fill, r: 4 }),
      Plot.text(dots, {
        x: 'share',
        y: 'line',
        text: ({ value }) => value.toLocaleString('en', { maximumSignificantDigits: 3 }),
        textAnchor: 'start',
        dx: 8,
        stroke: 'white',
        fill: 'black',
      }),
      Plot.text(dots, { ...label, dx: -140 }),
      Plot.text(headings, { ...label, dx: -160, fontWeight: 'bold' }),
    ],
  });
}

/** @param {Row[]} rows 'batch 10', 'width 16', 'depth 1', ...: a panel for each axis */
function scale(rows) {
  const points = rows.flatMap((row) => {
    const [axis, n] = row.case.split(' ');
    const { case: first } = rows.find(({ case: name }) => name.startsWith(`${axis} `));
    const panel = `${axis}, from ${first.split(' ')[1]}`;
    return series(row).map((one) => ({ ...one, panel, n: Number(n) / Number(first.split(' ')[1]) }));
  });
  const values = points.map(({ value }) => value);
  const domain = [0.7 * Math.min(...values), 1.4 * Math.max(...values)];
  const pixels = scaleOf({ low: domain[0], high: domain[1], pixels: PIXELS - PANEL_HEADING, log: true });
  const panels = [...new Set(points.map(({ panel }) => panel))];
  const ends = last(points.filter(({ panel }) => panel === panels.at(-1)));
  return figure(`A training step as batch, width and depth grow, ${rows[0].unit}`, rows[0], {
    height: HEIGHT,
    marginTop: TOP + PANEL_HEADING,
    marginBottom: BOTTOM,
    marginRight: 120,
    fx: { label: null, domain: panels },
    x: { type: 'log', label: 'times the first', tickFormat: 'd', ticks: [1, 10, 100] },
    y: { type: 'log', label: null, domain, grid: true, tickFormat: '~g' },
    marks: [
      Plot.frame({ stroke: '#dddddd' }),
      ...lines(points, { fx: 'panel', x: 'n' }),
      names(ends, pixels, { fx: 'panel', x: 'n' }),
    ],
  });
}

/** A figure's name is its file's; `cases` are those that it draws. */
const FIGURES = [
  { name: 'gemm', bench: 'gemm', cases: /^square \d+$/, draw: gemm },
  { name: 'gemm-2-threads', bench: 'gemm', cases: /^square \d+, 2 threads$/, draw: gemm },
  { name: 'train', bench: 'train', cases: /batch \d+$/, draw: train },
  { name: 'train-2-threads', bench: 'train', cases: /batch \d+, 2 threads$/, draw: train },
  { name: 'scale', bench: 'scale', cases: /\d+$/, draw: scale },
];

const rows = process.argv.slice(2).flatMap((file) => JSON.parse(readFileSync(file, 'utf8')));
mkdirSync(FOLDER, { recursive: true });
for (const { name, bench, cases, draw } of FIGURES) {
  const drawn = rows.filter((row) => row.bench === bench && cases.test(row.case) && row.ours !== null);
  if (drawn.length === 0) continue;
  writeFileSync(new URL(`${name}.svg`, FOLDER), draw(drawn));
  console.log(`docs/figures/${name}.svg`);
}
