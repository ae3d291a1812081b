/**
 * Results as a person reads them, an aligned table a case, and as a program does, a row a case. Not here: measuring.
 */
import { cpus } from 'node:os';

/** @typedef {import('./result.js').Result} Result */

/**
 * @typedef {object} Title of a table
 * @property {string} bench
 * @property {string} name of the case
 * @property {string} unit
 * @property {boolean} [isCost] whether smaller figures are better: times, bytes
 */

/** Who are not peers: us, and what the machine could do. */
const OURS = 'wasmlp';
const CEILING = 'ceiling';

/** More than this of a core while others have their turn disturbs them. */
const IDLE_SHARE = 0.1;

/** Processor, cores, Node and date: what figures mean nothing without. */
export function machine() {
  const cores = cpus();
  return {
    machine: `${cores[0].model.trim()}, ${cores.length} cores`,
    node: process.version,
    date: new Date().toISOString().slice(0, 10),
  };
}

const digits = (value) => value.toLocaleString('en', { maximumSignificantDigits: 3 });

/**
 * `wasmlp / it` says how many times faster (smaller) we are; `of ceiling`, which share of the ceiling's speed one reaches.
 *
 * @param {Title} title
 * @param {Result[]} results
 * @returns {string} several lines
 */
export function table({ bench, name, unit, isCost = false }, results) {
  const medianOf = (who) => results.find((result) => result.name === who)?.figure?.median;
  const [own, ceiling] = [medianOf(OURS), medianOf(CEILING)];
  const faster = (a, b) => (a === undefined || b === undefined ? '-' : (isCost ? b / a : a / b).toFixed(2));
  const rows = results
    .filter(({ figure }) => figure !== undefined)
    .map(({ name, version, figure, note }) => [
      name,
      version,
      ...[figure.median, figure.min, figure.max].map(digits),
      faster(own, figure.median),
      faster(figure.median, ceiling),
      note,
    ]);
  const head = ['', 'version', `median ${unit}`, 'min', 'max', `${OURS} / it`, 'of ceiling', 'check'];
  return [`${bench}: ${name}`, ...align([head, ...rows]), ...remarks(results)].join('\n');
}

/** Names and notes to the left, numbers to the right. */
function align(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const isNumber = (column) => column >= 2 && column <= 6;
  return rows.map((row) =>
    row
      .map((cell, column) => (isNumber(column) ? cell.padStart(widths[column]) : cell.padEnd(widths[column])))
      .join('  ')
      .trimEnd(),
  );
}

/** Who has no figure and why, and who did not keep still. */
function remarks(results) {
  return results.flatMap(({ name, status, note, idleShare }) => {
    if (status !== 'measured') return [`${name}: ${status}: ${note}`];
    return idleShare > IDLE_SHARE
      ? [`${name}: used ${Math.round(100 * idleShare)} % of a core while others had their turn`]
      : [];
  });
}

/**
 * Medians; null for whoever has no figure.
 *
 * @param {Title} title
 * @param {Result[]} results
 * @returns {{ bench: string, case: string, unit: string, ours: number | null, ceiling: number | null, peers: Record<string, number | null> }}
 */
export function row({ bench, name, unit }, results) {
  const figures = Object.fromEntries(results.map((result) => [result.name, result.figure?.median ?? null]));
  const { [OURS]: ours = null, [CEILING]: ceiling = null, ...peers } = figures;
  return { bench, case: name, unit, ours, ceiling, peers };
}
