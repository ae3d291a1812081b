/**
 * The problems that every contender gets: shapes, data, first weights. Seeded, so that all start from the same
 * numbers and see the same batches in the same order. Not here: how anybody computes them, or who is right (judge.js).
 *
 * The generator is a bench's own, not the library's: the peers' side must run when the library does not build.
 */

/**
 * A classification problem for a multi-layer perceptron: ReLU between layers, softmax cross-entropy, plain SGD.
 * Step s trains on rows [s * batch, (s + 1) * batch) modulo `rows`.
 *
 * @typedef {object} TrainProblem
 * @property {number[]} sizes units a layer, inputs first
 * @property {number} batch rows a step; divides `rows`
 * @property {number} rows
 * @property {Float32Array} inputs rows x sizes[0], row-major
 * @property {Int32Array} labels rows, each in [0, classes)
 * @property {number} learningRate
 * @property {Layer[]} layers the first weights
 * @property {number} lossAfter held rows' cross-entropy after the judge's steps, on which jax-js and tfjs agree to 1e-4
 * @property {{ rows: number, inputs: Float32Array, labels: Int32Array }} held the fixed rows that `outputs()` is asked for
 * @property {number} [threads]
 * @property {boolean} [wideVectors] for us only
 */

/**
 * @typedef {{ inputs: number, units: number, weight: Float32Array, bias: Float32Array }} Layer
 *   weight is inputs x units, row-major; bias has `units` entries
 */

/** @typedef {{ threads?: number, wideVectors?: boolean }} Host what every shape may ask for; wide vectors are for us only */
/** @typedef {Host & { sizes: number[], batch: number, inputs: Float32Array, layers: Layer[] }} InferProblem */

/**
 * @typedef {Host & { m: number, n: number, k: number, a: Float32Array, b: Float32Array, transposedA?: boolean, transposedB?: boolean, bias?: Float32Array }} GemmProblem
 *   bias: of n numbers, where max(A B + bias, 0) is asked for
 *   a is m x k, b is k x n; `transposed`: whoever multiplies is to keep it transposed in memory
 */

/**
 * @typedef {Host & { operation: string, rows: number, columns: number, x: Float32Array, y: Float32Array }} MapProblem
 *   x and y are rows x columns, both in (0, 4] where `positive`, else in (-4, 4)
 */

/**
 * Uniform numbers in [0, 1): 32-bit xorshift (Marsaglia, "Xorshift RNGs", 2003), seeded through one multiplication so that
 * neighbouring seeds part at once.
 *
 * @param {number} seed
 * @returns {() => number}
 */
export function uniform(seed) {
  let state = Math.imul(seed + 1, 0x9e3779b1) || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 0x1_0000_0000;
  };
}

/**
 * He-uniform weights (variance 2 / inputs). Biases are not zero: exclusive or's row (0, 0) would put every hidden unit exactly on
 * ReLU's corner, where libraries take different slopes (tfjs 0, jax-js 1), and losses could not be compared.
 *
 * @param {number[]} sizes
 * @param {number} seed
 * @returns {Layer[]}
 */
export function firstLayers(sizes, seed) {
  const next = uniform(seed);
  return sizes.slice(1).map((units, index) => {
    const inputs = sizes[index];
    const bound = Math.sqrt(6 / inputs);
    const weight = Float32Array.from({ length: inputs * units }, () => bound * (2 * next() - 1));
    return { inputs, units, weight, bias: new Float32Array(units).fill(0.1) };
  });
}

const HELD_ROWS = 128;
const CLASS_SHARE = 0.15;
const WRONG_LABELS = 0.1;

/**
 * Rows in [-1, 1] that are a little of their class's prototype and mostly noise. A tenth of the labels are drawn anew: without
 * them the loss reaches zero within seconds, and whoever runs longest multiplies denormals.
 *
 * @param {{ sizes: number[], batch: number, rows: number, learningRate: number, seed: number, lossAfter: number } & Host} shape
 * @returns {TrainProblem}
 */
export function classification({ sizes, batch, rows, learningRate, seed, lossAfter, ...host }) {
  if (rows % batch !== 0) throw new RangeError(`rows: expected a multiple of batch ${batch}, got ${rows}`);
  const width = sizes[0];
  const classes = sizes[sizes.length - 1];
  const next = uniform(seed);
  const prototypes = Float32Array.from({ length: classes * width }, () => 2 * next() - 1);
  const draw = (count) => {
    const inputs = new Float32Array(count * width);
    const labels = new Int32Array(count);
    for (let row = 0; row < count; row++) {
      const kind = Math.floor(next() * classes);
      for (let i = 0; i < width; i++)
        inputs[row * width + i] =
          CLASS_SHARE * prototypes[kind * width + i] + (1 - CLASS_SHARE) * (2 * next() - 1);
      labels[row] = next() < WRONG_LABELS ? Math.floor(next() * classes) : kind;
    }
    return { rows: count, inputs, labels };
  };
  const layers = firstLayers(sizes, seed + 1);
  return { sizes, batch, ...draw(rows), learningRate, layers, held: draw(HELD_ROWS), lossAfter, ...host };
}

/**
 * Exclusive or on 2-16-2: four rows, one batch.
 *
 * @param {{ seed: number, lossAfter: number } & Host} options
 * @returns {TrainProblem}
 */
export function exclusiveOr({ seed, lossAfter, ...host }) {
  const sizes = [2, 16, 2];
  const data = {
    rows: 4,
    inputs: Float32Array.of(0, 0, 0, 1, 1, 0, 1, 1),
    labels: Int32Array.of(0, 1, 1, 0),
  };
  return {
    sizes,
    batch: 4,
    ...data,
    learningRate: 0.1,
    layers: firstLayers(sizes, seed),
    held: data,
    lossAfter,
    ...host,
  };
}

/**
 * @param {{ sizes: number[], batch: number, seed: number } & Host} shape
 * @returns {InferProblem}
 */
export function inference({ sizes, batch, seed, ...host }) {
  const inputs = Float32Array.from({ length: batch * sizes[0] }, uniform(seed));
  return { sizes, batch, inputs, layers: firstLayers(sizes, seed + 1), ...host };
}

/**
 * @param {{ m: number, n: number, k: number, seed: number, transposedA?: boolean, transposedB?: boolean, bias?: boolean } & Host} shape
 * @returns {GemmProblem}
 */
export function product({ m, n, k, seed, bias, ...rest }) {
  const next = uniform(seed);
  const entries = (length) => Float32Array.from({ length }, () => 2 * next() - 1);
  return { m, n, k, a: entries(m * k), b: entries(k * n), ...(bias && { bias: entries(n) }), ...rest };
}

/**
 * @param {{ operation: string, rows: number, columns: number, positive?: boolean, seed: number } & Host} shape
 * @returns {MapProblem}
 */
export function elementwise({ operation, rows, columns, positive = false, seed, ...host }) {
  const next = uniform(seed);
  const draw = () => 4 * (positive ? 1 - next() : 2 * next() - 1);
  const [x, y] = [0, 1].map(() => Float32Array.from({ length: rows * columns }, draw));
  return { operation, rows, columns, x, y, ...host };
}

/** The dense layers' multiply-adds of one row, forward: sum of inputs x units. */
export const multiplyAdds = (sizes) => sizes.slice(1).reduce((sum, units, i) => sum + units * sizes[i], 0);

/**
 * Operations of a training step for one row: two for each multiply-add, forward, for the weights' gradients, and for the gradients of
 * every layer's inputs but the first one's, which nobody asks for.
 */
export const trainingFlop = (sizes) => 6 * multiplyAdds(sizes) - 2 * multiplyAdds(sizes.slice(0, 2));
