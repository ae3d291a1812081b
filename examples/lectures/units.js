/**
 * Units that look at several numbers at once: softmax and its Jacobian, maxout, the largest of a group, products of pairs and of powers, gates, radial bases,
 * and feature maps. Each with its gradient, checked against differences.
 *
 *     node examples/lectures/units.js
 */
import {
  compile,
  concat,
  exp,
  grad,
  input,
  jacobian,
  maxColumns,
  maxout,
  mul,
  neg,
  pairProducts,
  polynomial,
  power,
  sigmoid,
  slice,
  softmax,
  square,
  sub,
  sum,
} from 'wasmlp/graph';
import { checkGradients } from 'wasmlp/inspect';

const show = (numbers) => Array.from(numbers, (number) => number.toFixed(3)).join(' ');

// softmax: what comes back is v J = p (v - Σ p v), without the Jacobian J = diag(p) - p pᵀ
const z = input('z', [1, 3]);
const v = input('v', [1, 3]);
const p = softmax(z);
const [back] = grad(sum(mul(p, v)), [z]);
const run = await compile({ p, J: jacobian(p, z), back });
const { p: probabilities, J, back: product } = run({ z: [1, 2, 4], v: [1, 0, -1] });
const rows = [0, 1, 2].map((i) => J.slice(3 * i, 3 * i + 3));
console.log(`softmax        ${show(probabilities)}`);
for (const row of rows) console.log(`  Jacobian     ${show(row)}`);
console.log(`  times v      ${show([0, 1, 2].map((j) => rows[0][j] - rows[2][j]))}`);
console.log(`  by grad      ${show(product)}`);

const x = input('x', [1, 4]);
const [left, right] = [slice(x, 'columns', 0, 2), slice(x, 'columns', 2, 4)];
const alpha = input('alpha', [1, 4]);
const centre = input('centre', [1, 4]);
const UNITS = {
  // two units of two pieces: max(x0, x2), max(x1, x3)
  maxout: maxout(x, 2),
  // the largest of x0 to x2, and of all: the gradient goes to where the largest is
  'max of subsets': concat([maxColumns(slice(x, 'columns', 0, 3)), maxColumns(x)], 'columns'),
  // 01 02 03 12 13 23
  'pair products': pairProducts(x),
  // x0^α0 x1^α1 x2^α2 x3^α3, in two halves; α is learned like anything else
  'power product': [left, right]
    .map((half, i) => power(half, slice(alpha, 'columns', 2 * i, 2 * i + 2)))
    .flatMap((half) => [slice(half, 'columns', 0, 1), slice(half, 'columns', 1, 2)])
    .reduce((a, b) => mul(a, b)),
  // the right half opens and closes the left one
  'gated linear': mul(left, sigmoid(right)),
  // exp(-(ε ‖x - c‖)²) with ε = 0.5
  'radial basis': exp(neg(mul(sum(square(sub(x, centre)), 'columns'), 0.5 ** 2))),
  // φ(x0, x1) = x0, x1, x0², x0 x1, x1²
  'feature map': polynomial(left, 2),
};
const values = { x: [1, 3, 2, 0.5], alpha: [1, 2, -1, 0.5], centre: [1, 2, 2, 1] };
for (const [name, unit] of Object.entries(UNITS)) {
  const leaves = {
    x,
    ...(name === 'power product' && { alpha }),
    ...(name === 'radial basis' && { centre }),
  };
  const score = sum(unit);
  const graph = await compile({ unit, dx: grad(score, [x])[0] });
  const feeds = Object.fromEntries(Object.keys(leaves).map((leaf) => [leaf, values[leaf]]));
  const { unit: value, dx } = graph(feeds);
  const { passed, worst } = checkGradients(score, feeds);
  console.log(`${name.padEnd(14)} ${show(typeof value === 'number' ? [value] : value)}`);
  console.log(
    `  gradient     ${show(dx)}; ${passed ? 'right' : 'WRONG'}, error ${worst.error.toExponential(0)}`,
  );
}
