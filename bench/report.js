/**
 * Results as a person reads them, an aligned table a case, and as a program does, a row a case. Not here: measuring.
 */
import { cpus } from 'node:os';

/** @typedef {import('./harness.js').Result} Result */

/** More than this of a core while others have their turn disturbs them. */
const IDLE_SHARE = 0.1;

/** Processor, cores, Node and date: what figures mean nothing without. */
export function machineLine() {
  const cores = cpus();
  const date = new Date().toISOString().slice(0, 10);
  return `${cores[0].model.trim()}, ${cores.length} cores, Node ${process.version}, ${date}`;
}

const digits = (value) => value.toLocaleString('en', { maximumSignificantDigits: 3 });

/**
 * @param {{ bench: string, name: string, unit: string }} title
 * @param {string} ours name of our contender
 * @param {Result[]} results
 * @returns {string} several lines
 */
export function table({ bench, name, unit }, ours, results) {
  const own = results.find((result) => result.name === ours)?.rate;
  const measured = results.filter(({ rate }) => rate !== undefined);
  const rows = measured.map(({ name, version, rate, note }) => [
    name,
    version,
    ...[rate.median, rate.min, rate.max].map(digits),
    own ? (own.median / rate.median).toFixed(2) : '-',
    note,
  ]);
  const head = ['', 'version', `median ${unit}`, 'min', 'max', `${ours} / it`, 'check'];
  return [`${bench}: ${name}`, ...align([head, ...rows]), ...remarks(results)].join('\n');
}

/** Names and notes to the left, numbers to the right. */
function align(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const isNumber = (column) => column >= 2 && column <= 5;
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
 * @param {{ bench: string, name: string, unit: string }} title
 * @param {string} ours
 * @param {Result[]} results
 * @returns {{ bench: string, case: string, unit: string, ours: number | null, ceiling: number | null, peers: Record<string, number | null> }}
 */
export function row({ bench, name, unit }, ours, results) {
  const figures = Object.fromEntries(results.map((result) => [result.name, result.rate?.median ?? null]));
  const { [ours]: own = null, ...peers } = figures;
  return { bench, case: name, unit, ours: own, ceiling: null, peers };
}
