/**
 * Says whether a contender's numbers are right, the same way for all, so that nobody is fast by being wrong. Everything
 * here is plain float64 JavaScript, slow and short. Not here: timing.
 *
 * A verdict has `ok` and `text`, a few words for the table.
 */

/** @typedef {import('./shapes.js').TrainProblem} TrainProblem */
/** @typedef {{ ok: boolean, text: string }} Verdict */

/** Relative to the largest entry. Sums of 1024 float32 products came to 1.1e-6 at most; a wrong formula is far above. */
const PRODUCT_TOLERANCE = 1e-5;
/** Between the losses that two right implementations reach from the same weights; rounding parts them by 1e-4 at most. */
const LOSS_TOLERANCE = 1e-3;
/** Squared error has other weights and rates, so only this is asked: to come below this share of where it began. */
const ERROR_SHARE = 0.95;
const DESCENT_STEPS = 10;

/**
 * Mean loss of a classifier's outputs: cross-entropy of softmax(outputs), or for networks that end in sigmoids half
 * the squared distance to the one-hot label.
 *
 * @param {Float32Array} outputs rows x classes
 * @param {Int32Array} labels
 * @param {'softmaxCrossEntropy' | 'squaredError'} objective
 */
export function meanLoss(outputs, labels, objective) {
  const classes = outputs.length / labels.length;
  let sum = 0;
  for (const [row, label] of labels.entries()) {
    const scores = outputs.subarray(row * classes, (row + 1) * classes);
    sum += rowLoss[objective](scores, label);
  }
  return sum / labels.length;
}

const rowLoss = {
  softmaxCrossEntropy: (scores, label) => {
    const top = Math.max(...scores);
    return top + Math.log(scores.reduce((sum, z) => sum + Math.exp(z - top), 0)) - scores[label];
  },
  squaredError: (scores, label) =>
    scores.reduce((sum, p, i) => sum + 0.5 * (p - (i === label ? 1 : 0)) ** 2, 0),
};

/**
 * @param {TrainProblem} problem
 * @param {string} objective
 * @param {Float32Array} before outputs for the held rows with the first weights
 * @param {Float32Array} after the same, `steps` steps later
 * @param {number} steps
 * @returns {Verdict}
 */
export function judgeTraining({ held, lossAfter }, objective, before, after, steps) {
  const [first, last] = [before, after].map((outputs) => meanLoss(outputs, held.labels, objective));
  const course = `${first.toFixed(4)} to ${last.toFixed(4)} in ${steps} steps`;
  // Written so that NaN is not ok.
  if (objective === 'squaredError')
    return { ok: last < ERROR_SHARE * first, text: `squared error ${course}` };
  const ok = Math.abs(last - lossAfter) < LOSS_TOLERANCE;
  return { ok, text: `loss ${course}${ok ? '' : `, expected ${lossAfter}`}` };
}

/**
 * For networks of which no other implementation's loss is known: that of the held rows has to fall.
 *
 * @param {TrainProblem} problem
 * @param {import('./contender.js').TrainWork} work
 * @returns {Promise<Verdict>}
 */
export async function judgeDescent({ held }, work) {
  const loss = async () => meanLoss(await work.outputs(), held.labels, work.objective);
  const first = await loss();
  await work.run(DESCENT_STEPS);
  const last = await loss();
  return { ok: last < first, text: `loss ${first.toFixed(4)} to ${last.toFixed(4)}` };
}

/**
 * @param {import('./shapes.js').GemmProblem} problem
 * @param {Float32Array} c m x n
 * @returns {Verdict}
 */
export function judgeProduct({ m, n, k, a, b, bias }, c) {
  const rows = [...new Set([0, m >> 1, m - 1])];
  const finish = (sum, j) => (bias ? Math.max(0, sum + bias[j]) : sum);
  const expected = rows.flatMap((row) =>
    Array.from(rowTimes(a.subarray(row * k, (row + 1) * k), b, n), finish),
  );
  const got = rows.flatMap((row) => Array.from(c.subarray(row * n, (row + 1) * n)));
  return judgeClose(expected, got);
}

/**
 * @param {import('./shapes.js').InferProblem} problem
 * @param {Float32Array} outputs batch x classes
 * @returns {Verdict}
 */
export function judgeInference({ sizes, batch, inputs, layers }, outputs) {
  const classes = sizes[sizes.length - 1];
  const rows = [...new Set([0, batch - 1])];
  const expected = rows.flatMap((row) => {
    let values = Float64Array.from(inputs.subarray(row * sizes[0], (row + 1) * sizes[0]));
    for (const [index, { weight, bias, units }] of layers.entries()) {
      const linear = index === layers.length - 1;
      values = rowTimes(values, weight, units).map((sum, i) =>
        linear ? sum + bias[i] : Math.max(0, sum + bias[i]),
      );
    }
    return Array.from(values);
  });
  return judgeClose(
    expected,
    rows.flatMap((row) => Array.from(outputs.subarray(row * classes, (row + 1) * classes))),
  );
}

/** Element by element, in float64. */
const elementFunctions = {
  exp: Math.exp,
  tanh: Math.tanh,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  log: Math.log,
  softplus: (x) => Math.log1p(Math.exp(x)),
  gelu: (x) => (x / 2) * (1 + errorFunction(x / Math.SQRT2)),
  relu: (x) => Math.max(0, x),
  add: (x, y) => x + y,
  // one step from state 0, with the rates of machine.ts: the parameter is x, its gradient y
  sgd: (x, y) => x - 1e-3 * y,
  adam: (x, y) => x - (1e-3 * 0.1 * y) / (Math.sqrt(0.001) * Math.abs(y) + 1e-8),
};

/** Maclaurin's series, good to 1e-12 for |x| < 3. */
function errorFunction(x) {
  let [term, sum] = [x, x];
  for (let i = 1; i < 60; i++) {
    term *= -(x * x) / i;
    sum += term / (2 * i + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

/** Of a whole matrix, each row given as an array. */
const matrixFunctions = {
  sum: (rows) => [rows.flat().reduce((sum, x) => sum + x, 0)],
  sumRows: (rows) => rows.reduce((sums, row) => sums.map((sum, i) => sum + row[i])),
  sumColumns: (rows) => rows.map((row) => row.reduce((sum, x) => sum + x, 0)),
  softmax: (rows) =>
    rows.flatMap((row) => {
      const sum = row.reduce((sum, z) => sum + Math.exp(z), 0);
      return row.map((z) => Math.exp(z) / sum);
    }),
};

/**
 * @param {import('./shapes.js').MapProblem} problem
 * @param {Float32Array} outputs of one run
 * @returns {Verdict}
 */
export function judgeMap({ operation, rows, columns, x, y }, outputs) {
  const row = (i) => Array.from(x.subarray(i * columns, (i + 1) * columns));
  const expected =
    operation in matrixFunctions
      ? matrixFunctions[operation](Array.from({ length: rows }, (_, i) => row(i)))
      : Array.from(x, (value, i) => elementFunctions[operation](value, y[i]));
  return judgeClose(expected, outputs);
}

/** A row of k numbers times a k x n matrix, in float64. */
function rowTimes(row, matrix, n) {
  const sums = new Float64Array(n);
  for (let i = 0; i < row.length; i++) for (let j = 0; j < n; j++) sums[j] += row[i] * matrix[i * n + j];
  return sums;
}

function judgeClose(expected, got) {
  const largest = (values) => values.reduce((most, value) => (value <= most ? most : value), 0); // NaN stays
  const scale = largest(expected.map(Math.abs));
  const error = largest(expected.map((value, i) => Math.abs(value - got[i]))) / scale;
  return { ok: error <= PRODUCT_TOLERANCE, text: `error ${error.toExponential(1)}` }; // NaN is not ok
}
