/**
 * Question: how fast do reductions, softmax and optimizers go through memory? Bytes are those that have to be moved at least: each array
 * read or written once. The ceiling moves arrays of the same size and does nothing else.
 */
import { judgeMap } from './judge.js';
import { elementwise } from './shapes.js';

const SQUARE = { rows: 256, columns: 256 };
/** As many as the parameters of 784-256-128-10. */
const PARAMETERS = { rows: 1, columns: 235146 };

/** Arrays that an operation moves, and the ceiling's loop that is most like it. */
const TRAFFIC = {
  sum: { arrays: 1, kind: 'read' },
  sumRows: { arrays: 1, kind: 'read' },
  sumColumns: { arrays: 1, kind: 'read' },
  softmax: { arrays: 2, kind: 'copy' },
  sgd: { arrays: 5, kind: 'update' }, // reads parameter, gradient, velocity; writes the first and the last
  adam: { arrays: 7, kind: 'update' },
};
const bytesOf = ({ operation, rows, columns }) => TRAFFIC[operation].arrays * 4 * rows * columns;

const caseOf = (name, operation, shape) => ({ name, shape: { operation, ...shape, seed: 1 } });

/** @type {import('./contender.js').Question} */
export const question = {
  factory: 'map',
  unit: 'GB/s',
  cases: [
    caseOf('sum of 256x256', 'sum', SQUARE),
    caseOf('sum over rows of 256x256', 'sumRows', SQUARE),
    caseOf('sum over columns of 256x256', 'sumColumns', SQUARE),
    caseOf('softmax of 256x256', 'softmax', SQUARE),
    caseOf(`sgd with momentum, ${PARAMETERS.columns} parameters`, 'sgd', PARAMETERS),
    caseOf(`adam, ${PARAMETERS.columns} parameters`, 'adam', PARAMETERS),
  ],
  problem: elementwise,
  unitsPerRun: (problem) => bytesOf(problem) / 1e9,
  bound: (problem) => ({
    kind: TRAFFIC[problem.operation].kind,
    bytes: bytesOf(problem),
    arrayBytes: 4 * problem.rows * problem.columns,
  }),
  judge: async (problem, work) => {
    await work.run(1);
    return judgeMap(problem, await work.outputs());
  },
};
