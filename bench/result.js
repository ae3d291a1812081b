/** One contender's result in one case: what every way of measuring gives, and every table takes. Not here: measuring. */
import { summarize } from './stats.js';

/**
 * @typedef {object} Result
 * @property {string} name
 * @property {'measured' | 'missing' | 'wrong' | 'failed'} status
 * @property {string} [version]
 * @property {string} note the verdict on its numbers, or why there is no figure
 * @property {import('./stats.js').Summary} [figure] in the question's unit
 * @property {number} [idleShare] largest share of a core used while others had their turn
 */

/**
 * @param {{ name: string, version: string, note: string, idleShare?: number }} who
 * @param {readonly number[]} figures one or more
 * @returns {Result}
 */
export const measured = ({ name, version, note, idleShare = 0 }, figures) => ({
  name,
  status: 'measured',
  version,
  note,
  figure: summarize(figures),
  idleShare,
});

/**
 * What is not there is no failure: a peer is not installed, or ours is not built.
 *
 * @param {{ name: string, install: string }} who install: the command that makes it available
 * @param {string} complaint of Node or of a bundler
 * @returns {Result}
 */
export function unmeasured({ name, install }, complaint) {
  const lines = complaint.split('\n');
  const reason = [/Cannot find|Could not resolve/, /Error/, /./]
    .map((telling) => lines.find((line) => telling.test(line)))
    .find((line) => line !== undefined);
  return /ERR_MODULE_NOT_FOUND|Could not resolve/.test(complaint)
    ? { name, status: 'missing', note: `${install} (${reason.trim()})` }
    : { name, status: 'failed', note: reason.trim() };
}
