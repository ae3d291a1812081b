/**
 * Question: does the time of a training step grow as its operations do? Batch, width and depth over two decades each, and two threads beside one.
 * No peers: it is about us alone.
 */
import { judgeDescent } from './judge.js';
import { classification, trainingFlop } from './shapes.js';
import { FIT_SECONDS, trainingBound } from './train.js';

/** Ten times in two decades, five points. */
const DECADES = (first) => [0, 0.5, 1, 1.5, 2].map((decade) => Math.round(first * 10 ** decade));

const chain = (inputs, width, depth) => [inputs, ...Array(depth).fill(width), 10];
const shapeOf = (axis, value, sizes, batch) => ({
  name: `${axis} ${value}`,
  shape: { sizes, batch, rows: batch * Math.max(1, Math.ceil(256 / batch)), learningRate: 1e-4, seed: 1 },
  variants: [{ name: 'wasmlp, 2 threads', shape: { threads: 2 } }],
});

/** Above so many operations a step, time should follow them within so much. */
const LARGE = 1e6;
const TOLERANCE = 0.1;

const MILLISECONDS = 1e3;

/** @type {import('./contender.js').Question} */
export const question = {
  factory: 'train',
  unit: 'ms / step',
  chunkSeconds: FIT_SECONDS,
  isCost: true,
  cases: [
    ...DECADES(10).map((batch) => shapeOf('batch', batch, [784, 256, 128, 10], batch)),
    ...DECADES(16).map((width) => shapeOf('width', width, chain(width, width, 2), 128)),
    ...DECADES(1).map((depth) => shapeOf('depth', depth, chain(128, 128, depth), 128)),
  ],
  problem: classification,
  unitsPerRun: () => 1 / MILLISECONDS,
  bound: trainingBound,
  judge: judgeDescent,
};

const flopOf = Object.fromEntries(
  question.cases.map(({ name, shape }) => [name, shape.batch * trainingFlop(shape.sizes)]),
);

/**
 * For each neighbouring pair of an axis: how much the operations and the time grew, and the exponent that time would need.
 *
 * @param {{ case: string, ours: number | null }[]} rows
 * @param {Record<string, number>} [flop] operations of a step by case
 * @returns {string} several lines
 */
export function summary(rows, flop = flopOf) {
  const lines = rows.slice(1).flatMap((row, i) => {
    const before = rows[i];
    if (axisOf(row) !== axisOf(before) || row.ours === null || before.ours === null) return [];
    const work = flop[row.case] / flop[before.case];
    const time = row.ours / before.ours;
    const exponent = Math.log(time) / Math.log(work);
    return [
      `  ${before.case} to ${pointOf(row)}: ${work.toFixed(2)} times the FLOP, ${time.toFixed(2)} times the time,` +
        ` exponent ${exponent.toFixed(2)}${remark(flop[before.case], time / work)}`,
    ];
  });
  return ['scale: growth of one thread', ...lines].join('\n');
}

const axisOf = ({ case: name }) => name.split(' ')[0];
const pointOf = ({ case: name }) => name.split(' ')[1].replace(',', '');

function remark(flop, share) {
  if (flop < LARGE) return ' (below 1 MFLOP a step)';
  return Math.abs(share - 1) <= TOLERANCE ? '' : ' (not within 10 %)';
}
