/**
 * What the programs of this folder share: pictures as SVG files, drawn by Observable Plot. They go into the folder that a program is given as its
 * argument, or else into one of the system's for what need not stay. Not here: anything about networks.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';

export { Plot };

/** Okabe and Ito's colours, which the colour-blind tell apart. */
export const COLORS = [
  '#0072b2',
  '#e69f00',
  '#009e73',
  '#cc79a7',
  '#d55e00',
  '#56b4e9',
  '#000000',
  '#8c6d31',
  '#999999',
];
export const [BLUE, ORANGE, GREEN] = COLORS;

const { document } = parseHTML('<html><body></body></html>').window;
const TOP = 46;

/** Writes NAME.svg, and says where. */
export function save(name, svg) {
  const folder = process.argv[2] ?? join(tmpdir(), 'wasmlp-lectures');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name}.svg`);
  writeFileSync(path, `${svg}\n`);
  console.log(`picture: ${path}`);
}

/** Draws NAME.svg with a title; the other options are those of Plot.plot. */
export function draw(name, title, { marks, ...options }) {
  const heading = Plot.text([title], {
    frameAnchor: 'top-left',
    facet: 'super',
    text: String,
    dx: 40 - (options.marginLeft ?? 40),
    dy: 8 - TOP,
    fontSize: 14,
    fontWeight: 'bold',
  });
  const svg = Plot.plot({
    document,
    width: 760,
    marginTop: TOP,
    style: { background: 'white', fontFamily: 'sans-serif', fontSize: '11px' },
    ...options,
    marks: [...marks, heading],
  });
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', title);
  save(name, svg.outerHTML);
}

/**
 * Panels side by side, `columns` in a row: options for `draw`, channels for marks whose data say their `panel`, and marks for frames and names.
 */
export function panels(names, columns) {
  const at = {
    fx: ({ panel }) => names.indexOf(panel) % columns,
    fy: ({ panel }) => Math.floor(names.indexOf(panel) / columns),
  };
  const titles = names.map((panel) => ({ panel }));
  return {
    at,
    options: { fx: { axis: null, padding: 0.06 }, fy: { axis: null, padding: 0.16 } },
    marks: [
      Plot.frame({ stroke: '#cccccc' }),
      Plot.text(titles, { ...at, text: 'panel', frameAnchor: 'top-left', dy: -13, fontWeight: 'bold' }),
    ],
  };
}

/** Names in the colours of COLORS, below each other in the margin on the right, which must be wide enough. */
export function legend(names) {
  return names.map((name, i) =>
    Plot.text([name], {
      frameAnchor: 'top-right',
      facet: 'super',
      text: String,
      fill: COLORS[i],
      textAnchor: 'start',
      dx: 10,
      dy: 6 + 16 * i,
    }),
  );
}

/** A grey image of `side` x `side` numbers from 0 to 1 in one of the panels: dark rectangles, one for each run of equal shades. */
export function image(panel, numbers, side = 28, shades = 8) {
  const runs = [];
  Array.from(numbers, (number) => Math.round(shades * number)).forEach((shade, i) => {
    const [row, column] = [Math.floor(i / side), i % side];
    const last = runs.at(-1);
    if (column > 0 && last.shade === shade) last.x2++;
    else
      runs.push({
        panel,
        shade,
        ink: shade / shades,
        x1: column,
        x2: column + 1,
        y1: side - row,
        y2: side - row - 1,
      });
  });
  return runs.filter(({ shade }) => shade > 0);
}

/** The mark that draws images, and what their axes must be. */
export const images = (runs, at) =>
  Plot.rect(runs, { ...at, x1: 'x1', x2: 'x2', y1: 'y1', y2: 'y2', fill: 'ink' });
export const imageAxes = (side = 28) => ({
  x: { axis: null, domain: [0, side] },
  y: { axis: null, domain: [0, side] },
  color: { scheme: 'greys', domain: [0, 1] },
});

/** `steps` x `steps` points [x, y] of the square from low to high. */
export function gridOf(low, high, steps) {
  const at = (i) => low + ((high - low) * i) / (steps - 1);
  return Array.from({ length: steps * steps }, (_, i) => [at(i % steps), at(Math.floor(i / steps))]);
}
