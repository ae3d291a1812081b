/**
 * One linear unit and the delta rule: y = w x, E = (y - t)² / 2, δ = y - t, w := w - η δ x. Weight by weight, in vectors, as the gradient that the
 * graph gives, and as a network that learns: it is the same step.
 *
 *     node examples/lectures/delta-rule.js
 */
import { dense, mlp, sgd } from 'wasmlp';
import {
  compile,
  grad,
  input,
  matmul,
  mul,
  parameter,
  ROWS,
  square,
  sub,
  sum,
  transpose,
} from 'wasmlp/graph';

const RATE = 0.1;
const EPOCHS = 40;
// t = 2 x0 - x1 + x2 / 2
const inputs = [
  [1, 2, -1],
  [0, 1, 2],
  [-1, 1, 1],
  [2, 0, 1],
];
const targets = [-0.5, 0, -2.5, 4.5];

/** One sample, weight by weight. */
function deltaRule(w, x, t) {
  const y = x.reduce((sum, xi, i) => sum + w[i] * xi, 0);
  const delta = y - t;
  return w.map((wi, i) => wi - RATE * delta * x[i]);
}

// the same in vectors, for any number of samples: W := W - η xᵀ δ; and once more as the gradient of E
const x = input('x', [ROWS, 3]);
const t = input('t', [ROWS, 1]);
const w = parameter('w', [3, 1]);
const delta = sub(matmul(x, w), t);
const [gradient] = grad(mul(sum(square(delta)), 0.5), [w]);
const step = await compile({
  vectors: sub(w, mul(matmul(transpose(x), delta), RATE)),
  graph: sub(w, mul(gradient, RATE)),
});
const start = [0.1, 0.2, 0.3];
const show = (weights) => Array.from(weights, (weight) => weight.toFixed(4)).join(' ');
const { vectors, graph } = step({ x: inputs[0], t: targets[0], w: start });
console.log(`weight by weight  ${show(deltaRule(start, inputs[0], targets[0]))}`);
console.log(`in vectors        ${show(vectors)}`);
console.log(`by the gradient   ${show(graph)}`);

// sample after sample, epoch after epoch
let byHand = start;
for (let epoch = 0; epoch < EPOCHS; epoch++)
  inputs.forEach((sample, i) => {
    byHand = deltaRule(byHand, sample, targets[i]);
  });
const model = await mlp({
  inputs: 3,
  layers: [dense(1, 'identity', { bias: false })],
  loss: 'halfSquaredError',
});
model.setParameters({ 'layers.0.weight': start });
await model.fit(inputs, targets, {
  epochs: EPOCHS,
  batchSize: 1,
  shuffle: false,
  optimizer: sgd({ learningRate: RATE }),
});
const learned = model.getParameters()['layers.0.weight'];
const difference = Math.max(...byHand.map((weight, i) => Math.abs(weight - learned[i])));
console.log(`after ${EPOCHS} epochs   ${show(byHand)}`);
console.log(`as a network      ${show(learned)}, at most ${difference.toExponential(0)} away`);
