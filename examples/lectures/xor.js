/**
 * The exclusive or: no linear model has it, two ReLU units have it exactly, and a network learns it.
 *
 *     node examples/lectures/xor.js [FOLDER]
 */
import { adam, dense, lbfgs, mlp } from 'wasmlp';
import { BLUE, draw, gridOf, ORANGE, Plot, panels } from './chart.js';

const corners = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
];
const labels = [0, 1, 1, 0];
const show = (outputs) => Array.from(outputs, (output) => output.toFixed(2)).join(' ');
const right = (model) => Math.round(4 * model.evaluate(corners, labels).accuracy);

// squared error: the best line says 1/2 everywhere
const linear = await mlp({ inputs: 2, layers: [dense(1)], loss: 'meanSquaredError', seed: 1 });
await linear.fit(corners, labels, { epochs: 50, optimizer: lbfgs() });
const { loss } = linear.evaluate(corners, labels);
console.log(`a linear unit    ${show(linear.predict(corners))}, loss ${loss.toFixed(2)}`);

// threshold units on a fine net of weights: none has all four
const unit = await mlp({ inputs: 2, layers: [dense(1)], loss: 'perceptron' });
let best = 0;
const net = Array.from({ length: 17 }, (_, i) => (i - 8) / 4);
for (const a of net)
  for (const b of net)
    for (const c of net) {
      const outputs = corners.map(([x, y]) => (a * x + b * y + c > 0 ? 1 : 0));
      const count = outputs.filter((output, i) => output === labels[i]).length;
      if (count <= best) continue;
      best = count;
      unit.setParameters({ 'layers.0.weight': [a, b], 'layers.0.bias': [c] });
    }
console.log(`a threshold unit ${show(unit.predict(corners))}, ${right(unit)} of 4 at best`);

// the solution of Goodfellow, Bengio and Courville, section 6.1
const exact = await mlp({ inputs: 2, layers: [dense(2, 'relu'), dense(1)], loss: 'meanSquaredError' });
exact.setParameters({
  'layers.0.weight': [1, 1, 1, 1],
  'layers.0.bias': [0, -1],
  'layers.1.weight': [1, -2],
  'layers.1.bias': [0],
});
console.log(`two ReLU units   ${show(exact.predict(corners))}, loss ${exact.evaluate(corners, labels).loss}`);

const learned = await mlp({
  inputs: 2,
  layers: [dense(4, 'tanh'), dense(1)],
  loss: 'sigmoidCrossEntropy',
  seed: 1,
});
await learned.fit(corners, labels, { epochs: 400, batchSize: 4, optimizer: adam({ learningRate: 0.05 }) });
console.log(`a network        ${show(learned.predict(corners))}, ${right(learned)} of 4`);

const models = { 'a linear unit': linear, 'two ReLU units, given': exact, 'a network, learned': learned };
const grid = gridOf(-0.5, 1.5, 41);
const { at, options, marks } = panels(Object.keys(models), 3);
const field = Object.entries(models).flatMap(([panel, model]) =>
  Array.from(model.predict(grid), (value, i) => ({ panel, x: grid[i][0], y: grid[i][1], value })),
);
const dots = Object.keys(models).flatMap((panel) =>
  corners.map(([x, y], i) => ({ panel, x, y, color: labels[i] ? ORANGE : BLUE })),
);
draw('xor', 'What they say between the corners: blue 0, orange 1', {
  ...options,
  height: 330,
  x: { label: null, ticks: [0, 1] },
  y: { label: null, ticks: [0, 1] },
  color: { type: 'linear', range: ['#8fc1de', 'white', '#f3d491'], domain: [0, 0.5, 1], clamp: true },
  marks: [
    Plot.contour(field, {
      ...at,
      x: 'x',
      y: 'y',
      fill: 'value',
      thresholds: [-2, 0.05, 0.15, 0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 0.95],
      interpolate: 'barycentric',
    }),
    Plot.dot(dots, { ...at, x: 'x', y: 'y', fill: 'color', stroke: 'black', r: 7 }),
    ...marks,
  ],
});
