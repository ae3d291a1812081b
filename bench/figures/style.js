/** What all figures share: size, colours, title and machine, names at the ends of lines in place of a legend. */
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { spread } from './spread.js';

/** @typedef {{ bench: string, case: string, unit: string, ours: number | null, ceiling: number | null, peers: Record<string, number | null>, machine: string, node: string, date: string }} Row */
/** @typedef {{ name: string, value: number }} Point and what else a figure needs of it */

export const OURS = 'wasmlp';
export const CEILING = 'ceiling';
export const MUTED = '#999999';
/** Okabe and Ito's colours, which the colour-blind tell apart; ours first, the ceiling grey. */
const COLORS = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#d55e00', '#56b4e9', '#000000', '#8c6d31'];

const { document } = parseHTML('<html><body></body></html>').window;
const TOP = 46;
const LINE = 13;

/** @param {Row} row @returns {Point[]} every figure of it, by name */
export function series({ ours, ceiling, peers }) {
  return Object.entries({ [OURS]: ours, [CEILING]: ceiling, ...peers })
    .filter(([, value]) => value !== null)
    .map(([name, value]) => ({ name, value }));
}

/** @param {Point[]} points */
export function colorOf(points) {
  const names = [...new Set(points.map(({ name }) => name))].filter((name) => name !== CEILING);
  return ({ name }) => (name === CEILING ? MUTED : COLORS[names.indexOf(name) % COLORS.length]);
}

/**
 * Lines with a dot for each point, the ceiling's dashed.
 *
 * @param {Point[]} points
 * @param {object} channels x, and what else places them
 */
export function lines(points, channels) {
  const stroke = colorOf(points);
  const [ceiling, own] = [true, false].map((is) => points.filter(({ name }) => (name === CEILING) === is));
  const place = { y: 'value', z: 'name', ...channels };
  return [
    Plot.lineY(ceiling, { ...place, stroke, strokeDasharray: '5,4' }),
    Plot.lineY(own, { ...place, stroke, strokeWidth: 1.5 }),
    Plot.dot(own, { ...place, fill: stroke, r: 2.5 }),
  ];
}

/**
 * Names to the right of the last points, moved apart where they would cover each other.
 *
 * @param {Point[]} last one point a line
 * @param {ReturnType<typeof import('./spread.js').scaleOf>} scale of the axis
 */
export function names(last, scale, channels) {
  const labels = spread(last, scale, LINE);
  const fill = colorOf(last);
  return Plot.text(labels, { ...channels, y: 'value', text: 'name', fill, textAnchor: 'start', dx: 8 });
}

/**
 * @param {string} title
 * @param {Row} row one of those drawn: they share machine, Node and date
 * @param {Plot.PlotOptions} options
 * @returns {string} an SVG document
 */
export function figure(title, { machine, node, date }, { marks, marginTop = TOP, ...options }) {
  const heading = (text, dy, style) =>
    Plot.text([text], {
      frameAnchor: 'top-left',
      facet: 'super',
      dx: 40 - (options.marginLeft ?? 40),
      dy,
      text: String,
      ...style,
    });
  const svg = Plot.plot({
    document,
    width: 760,
    marginTop,
    style: { background: 'white', fontFamily: 'sans-serif', fontSize: '11px' },
    ...options,
    marks: [
      ...marks,
      heading(title, 6 - marginTop, { fontSize: 14, fontWeight: 'bold' }),
      heading(`${machine}, Node ${node}, ${date}`, 24 - marginTop, { fill: '#666666' }),
    ],
  });
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  const said = document.createElementNS('http://www.w3.org/2000/svg', 'title');
  said.textContent = title;
  svg.prepend(said);
  // two heights for browsers of old and of today: one will do in a file
  return `${svg.outerHTML.replaceAll(/\s*height: intrinsic;/g, '')}\n`;
}
