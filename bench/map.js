/**
 * Question: how long do four elements take in an elementwise function of 65,536? The ceiling moves the same arrays and computes nothing,
 * so only what is as cheap as a move comes near it.
 */
import { judgeMap } from './judge.js';
import { elementwise } from './shapes.js';

const [ROWS, COLUMNS] = [256, 256];
const ELEMENTS = ROWS * COLUMNS;
const shapeOf = (operation, options = {}) => ({
  name: `${operation} of ${ELEMENTS}`,
  shape: { operation, rows: ROWS, columns: COLUMNS, seed: 1, ...options },
});
const NANOSECONDS = 1e9;

/** @type {import('./contender.js').Question} */
export const question = {
  factory: 'map',
  unit: 'ns / 4 elements',
  isCost: true,
  cases: [
    ...['exp', 'tanh', 'sigmoid', 'softplus', 'gelu', 'relu', 'add'].map((name) => shapeOf(name)),
    shapeOf('log', { positive: true }),
  ],
  problem: elementwise,
  unitsPerRun: ({ rows, columns }) => (rows * columns) / 4 / NANOSECONDS,
  bound: ({ operation, rows, columns }) => {
    const arrayBytes = 4 * rows * columns;
    return operation === 'add'
      ? { kind: 'update', bytes: 3 * arrayBytes, arrayBytes }
      : { kind: 'copy', bytes: 2 * arrayBytes, arrayBytes };
  },
  judge: async (problem, work) => {
    await work.run(1);
    return judgeMap(problem, await work.outputs());
  },
};
