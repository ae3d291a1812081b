/**
 * Computational graphs: the gates example whole and staged, what add, multiply and max do on the way back, paths that fork, shared weights, and derivatives
 * of derivatives.
 *
 *     node examples/lectures/graphs.js
 */
import {
  add,
  compile,
  concat,
  div,
  gather,
  grad,
  hessian,
  hessianVectorProduct,
  input,
  jacobian,
  matmul,
  maximum,
  mul,
  parameter,
  ROWS,
  reshape,
  saliency,
  sigmoid,
  slice,
  square,
  sum,
  tanh,
  transpose,
} from 'wasmlp/graph';

const show = (values) =>
  (typeof values === 'number' ? [values] : Array.from(values))
    .map((value) => Number(value.toFixed(4)))
    .join(' ');
async function print(title, outputs, feeds) {
  const run = await compile(outputs);
  console.log(title);
  for (const [name, values] of Object.entries(run(feeds)))
    console.log(`  ${name.padEnd(24)} ${show(values)}`);
  run.dispose();
}

// f = (x + σ(y)) / (σ(x) + (x + y)²) at (3, -4)
const [x, y] = [input('x', [1, 1]), input('y', [1, 1])];
const point = { x: 3, y: -4 };
const numerator = add(x, sigmoid(y));
const denominator = add(sigmoid(x), square(add(x, y)));
const f = div(numerator, denominator);
const [dx, dy] = grad(f, [x, y]);
await print('whole', { f, dx, dy }, point);

// by hand, gate after gate from the end; a value that is used twice gets the sum of what comes back
const s = (z) => 1 / (1 + Math.exp(-z));
const [n, d] = [3 + s(-4), s(3) + (3 - 4) ** 2];
const [dn, dd] = [1 / d, -n / d ** 2];
const both = dd * 2 * (3 - 4);
console.log('staged');
console.log(`  f                        ${show(n / d)}`);
console.log(`  dx                       ${show(dn + dd * s(3) * (1 - s(3)) + both)}`);
console.log(`  dy                       ${show(dn * s(-4) * (1 - s(-4)) + both)}`);

const gates = { 'add distributes': add(x, y), 'multiply swaps': mul(x, y), 'max routes': maximum(x, y) };
const back = Object.entries(gates).map(([name, gate]) => [
  name,
  concat(grad(mul(gate, 2), [x, y]), 'columns'),
]);
await print('2 comes back through a gate, to 3 and to -4', Object.fromEntries(back), point);

// x is used four times
await print(
  'a fork adds: d(x + x² + x y)/dx',
  { dx: grad(add(add(x, square(x)), mul(x, y)), [x])[0] },
  point,
);

const a = input('a', [2, 3]);
const parts = {
  slice: slice(a, 'columns', 1, 3),
  reshape: reshape(a, [3, 2]),
  transpose: transpose(a),
  gather: gather(a, [1, 1], 'rows'),
};
await print('numbers change their place', parts, { a: [1, 2, 3, 4, 5, 6] });

// one matrix used twice, a connection that skips a layer, two inputs, two outputs
const [u, v] = [input('u', [ROWS, 2]), input('v', [ROWS, 2])];
const w = parameter('w', [2, 2]);
const hidden = tanh(matmul(u, w));
const skip = add(tanh(matmul(hidden, w)), u);
const gate = mul(skip, sigmoid(v));
const feeds = { u: [1, -1], v: [0, 2], w: [0.5, -0.3, 0.8, 0.1] };
await print('shared weights, a skip, two outputs', { skip, gate, dw: grad(sum(gate), [w])[0] }, feeds);

const q = input('q', [1, 2]);
const [q0, q1] = [slice(q, 'columns', 0, 1), slice(q, 'columns', 1, 2)];
const surface = add(mul(square(q0), q1), mul(square(q1), 3));
const [product] = hessianVectorProduct(surface, [q], [[[1, -1]]]);
await print(
  'q0² q1 + 3 q1² at (1, 2)',
  { gradient: grad(surface, [q])[0], Hessian: hessian(surface, q), 'Hessian times (1, -1)': product },
  { q: [1, 2] },
);
await print('the Jacobian of tanh', { J: jacobian(tanh(q), q) }, { q: [1, 2] });
await print('saliency: how much each input matters', { matters: saliency(sum(gate, 'columns'), u) }, feeds);
