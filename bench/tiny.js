/**
 * Question: how many samples a second does a network train on that is too small to hide any overhead? Exclusive or, four
 * samples, sixteen hidden units.
 */
import { exclusiveOr } from './shapes.js';
import { FIT_SECONDS, trainedOn, trainingBound } from './train.js';

/** @type {import('./contender.js').Question} */
export const question = {
  factory: 'train',
  unit: 'samples/s',
  chunkSeconds: FIT_SECONDS,
  cases: [{ name: '2-16-2, batch 4', shape: { seed: 1, lossAfter: 0.0444 } }],
  problem: exclusiveOr,
  unitsPerRun: ({ batch }) => batch,
  bound: trainingBound,
  judge: trainedOn(200, 800),
};
