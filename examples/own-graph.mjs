/**
 * A graph of one's own: two gates and a ratio, their gradient, and the gradient of the gradient. Then Newton's method, whose steps need both.
 *
 *     node examples/own-graph.mjs
 */
import { add, compile, div, exp, grad, input, mul, neg, sigmoid, square, sub } from 'wasmlp/graph';

const x = input('x', [1, 1]);
const y = input('y', [1, 1]);

// f = (x + σ(y)) / (σ(x) + (x + y)²): every symbol is a matrix, 1 x 1 here
const f = div(add(x, sigmoid(y)), add(sigmoid(x), square(add(x, y))));
const [dx, dy] = grad(f, [x, y]);
// a gradient is a graph like any other
const [dxx, dxy] = grad(dx, [x, y]);

const gates = await compile({ f, dx, dy, dxx, dxy });
for (const [name, value] of Object.entries(gates({ x: 3, y: -4 })))
  console.log(`${name.padEnd(3)} ${value.toFixed(6)}`);
// what the machine does for it: elementwise operations become one instruction
console.log(await gates.describe());
gates.dispose();

// the minimum of e^-x + x²/2 + x y, where its slope vanishes
const valley = add(add(exp(neg(x)), mul(square(x), 0.5)), mul(x, y));
const [slope] = grad(valley, [x]);
const [curvature] = grad(slope, [x]);
const newton = await compile({ next: sub(x, div(slope, curvature)), slope });
let at = 0;
for (let step = 1; step <= 5; step++) {
  const { next, slope: steepness } = newton({ x: at, y: 0.25 });
  console.log(`step ${step}: at ${at.toFixed(6)} the slope is ${steepness.toFixed(6)}`);
  at = next;
}
newton.dispose();
